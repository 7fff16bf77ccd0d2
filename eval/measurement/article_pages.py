"""Pages with their articles known, and what is read of one, with every citation checked."""

import html
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wherefrom.eval.datasets.jsonl import read_rows
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import Document, MediaType, RawSource, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """A page: its source, its text flattened, and the article that stands on it."""

    page_id: str
    raw: bytes
    flat: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """What was read of one page in one form; nothing where it was refused."""

    text: str
    published: date | None
    citations: int
    broken: int
    seconds: float


def load(folder: Path) -> list[ArticlePage]:
    """The pages of a folder. Raises EvalDataError."""
    pages = []
    for row in read_rows(folder / "articles.jsonl"):
        path = folder / "html" / f"{row.text('id')}.html"
        if not path.is_file():
            raise row.error("id", f"there is no {path}")
        pages.append(
            ArticlePage(page_id=row.text("id"), raw=path.read_bytes(), flat=row.text("flat"), body=row.text("body"))
        )
    return pages


def read_page(raw: bytes, media_type: MediaType) -> ReadPage:
    """Read a source, and check every citation that it could give."""
    started = time.perf_counter()
    try:
        document = extract(RawSource(name="page", raw=raw, media_type=media_type))
    except SourceRejected:
        return ReadPage(text="", published=None, citations=0, broken=0, seconds=0.0)
    seconds = (time.perf_counter() - started) * 100_000 / max(len(raw), 100_000)
    cited = _citations(document)
    text = raw.decode(document.encoding)
    return ReadPage(
        text="\n".join(paragraph.text for paragraph in document.paragraphs),
        published=document.metadata.published,
        citations=len(cited),
        broken=sum(said != _slices(text, segments, media_type) for said, segments in cited),
        seconds=seconds,
    )


def _citations(document: Document) -> list[tuple[str, Sequence[Span]]]:
    whole = [(paragraph.text, paragraph.segments) for paragraph in document.paragraphs]
    parts = [(p.text[s.start : s.end], s.segments) for p in document.paragraphs for s in p.sentences]
    return [*whole, *parts]


def _slices(text: str, segments: Sequence[Span], media_type: MediaType) -> str:
    """What stands at the segments, as a stranger reads it."""
    joined = "".join(text[span.start : span.end] for span in segments)
    return " ".join((html.unescape(joined) if media_type == "text/html" else joined).split())
