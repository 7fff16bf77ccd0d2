"""How well articles are read from pages and from flattened text, on a folder of pages with their articles known.

The folder has `articles.jsonl` (`id`, `url`, `body`, `flat`) and `html/ID.html`, as the article extraction benchmark's
pages are laid out. Run: python -m eval.articles FOLDER
"""

import html
import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import trafilatura
import typer

from eval.jsonl import EvalDataError, read_rows
from eval.progress import progress_bar
from eval.shingles import Extraction, Found, compare, score
from index.errors import SourceRejected
from index.reading import read
from index.types import Document, MediaType, Span

# A publication date as a page's source spells it in JSON-LD or OpenGraph, found without any of the index's code.
STATED = re.compile(
    r'"datePublished"\s*:\s*"([^"]+)"'
    r"|<meta[^>]{0,200}article:published_time[^>]{0,200}?content=[\"']([^\"']+)"
    r"|<meta[^>]{0,200}?content=[\"']([^\"']+)[\"'][^>]{0,200}?article:published_time"
    r"|itemprop=[\"']datePublished[\"'][^>]{0,100}?(?:content|datetime)=[\"']([^\"']+)",
    re.IGNORECASE,
)
FIRST_YEAR = 1971  # what lies before stands for a date that was never set
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
NAMES = {
    "html": "HTML, as Wherefrom reads it",
    "trafilatura": "HTML, trafilatura's own text",
    "flat": "flat text, as Wherefrom reads it",
    "raw": "flat text as it is",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """A page: its source, its text flattened, and the article that stands on it."""

    page_id: str
    raw: bytes
    flat: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Of the pages that state a publication date in markup: how many dates were right, wrong, or not given."""

    stating: int
    right: int
    wrong: int
    null: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """What was read of one page in one form; nothing where it was refused."""

    text: str
    published: date | None
    citations: int
    broken: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that the command says."""

    pages: int
    extraction: dict[str, Extraction]
    dates: Dates
    citations: int
    broken: int
    slowest: float
    """Seconds for 100 kB of source, on the page that took longest for its size."""


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


def measure(pages: Sequence[ArticlePage]) -> Figures:
    """Read every page in both forms, and compare."""
    found: dict[str, list[Found]] = {name: [] for name in NAMES}
    readings: list[ReadPage] = []
    stated: list[tuple[set[date], date | None]] = []
    with progress_bar("Reading", len(pages)) as advance:
        for page in pages:
            as_page, as_text = read_page(page.raw, "text/html"), read_page(page.flat.encode(), "text/plain")
            own = trafilatura.extract(page.raw, include_comments=False) or ""
            texts = {"html": as_page.text, "trafilatura": own, "flat": as_text.text, "raw": page.flat}
            for name, text in texts.items():
                found[name].append(compare(page.body, text))
            readings += [as_page, as_text]
            stated.append((stated_days(page.raw), as_page.published))
            advance(1)
    return Figures(
        pages=len(pages),
        extraction={name: score(each) for name, each in found.items()},
        dates=judge_dates(stated),
        citations=sum(each.citations for each in readings),
        broken=sum(each.broken for each in readings),
        slowest=max(each.seconds for each in readings[2:] or readings),  # the first one loads trafilatura
    )


def read_page(raw: bytes, media_type: MediaType) -> ReadPage:
    """Read a source, and check every citation that it could give."""
    started = time.perf_counter()
    try:
        document = read(raw, source="page", media_type=media_type)
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


def stated_days(raw: bytes) -> set[date]:
    """The days that a page's source states as its publication, in the zones that it states them in."""
    text = raw.decode("utf-8", "replace")
    values = ("".join(filter(None, match.groups())) for match in STATED.finditer(text))
    days = {date(*map(int, day.groups())) for value in values if (day := DAY.match(value.strip()))}
    return {day for day in days if day.year >= FIRST_YEAR}


def judge_dates(pages: Sequence[tuple[set[date], date | None]]) -> Dates:
    """Compare the date of each page with those that it states."""
    stating = [(days, said) for days, said in pages if days]
    right = sum(said in days for days, said in stating)
    null = sum(said is None for _, said in stating)
    return Dates(stating=len(stating), right=right, wrong=len(stating) - right - null, null=null)


def report(figures: Figures) -> str:
    """The figures as a table in Markdown."""
    lines = [f"| {figures.pages} pages | F1 | precision | recall |", "| --- | --- | --- | --- |"]
    for name, each in figures.extraction.items():
        cells = (f"{f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for f in (each.f1, each.precision, each.recall))
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} |")
    dates = figures.dates
    told = f"{dates.right} right, {dates.wrong} wrong, {dates.null} null"
    citations = f"{figures.citations:,} of paragraphs and sentences checked in both forms"
    return "\n".join(
        [
            *lines,
            "",
            f"- Publication dates, on {dates.stating} pages that state one (JSON-LD, OpenGraph, `itemprop`): {told}.",
            f"- Citations: {citations}, {figures.broken:,} that do not hold.",
            f"- Slowest page for its size: {figures.slowest:.2f} s for 100 kB.",
        ]
    )


def main(
    folder: Annotated[Path, typer.Argument(help="A folder with articles.jsonl and html/.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Measure how well articles are read."""
    try:
        figures = measure(load(folder))
    except EvalDataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(asdict(figures), indent=2) if as_json else report(figures))


if __name__ == "__main__":
    typer.run(main)
