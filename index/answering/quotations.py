"""Quotations: texts at given places of their sources, checked against the source, with the details of a citation.

A citation is of a paragraph or a sentence; a quotation may be of any characters of a source.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from wherefrom.index.answering.citations import UNDATED, collapse, lines_of, misplaced, slices
from wherefrom.index.answering.page_boxes import boxes_of
from wherefrom.index.answering.text_fragments import text_fragment_url
from wherefrom.index.errors import QuotationRefused
from wherefrom.index.extraction import ExtractedPage
from wherefrom.index.types import Paragraph, Source, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedPlace:
    """The quoted characters of a document, and the state of the document that their offsets refer to.

    `text_sha256` is the hash of the extracted text if the source is not text itself. `cited_text`, if given, must be
    the text at the segments.
    """

    document_id: str
    source_sha256: str
    segments: tuple[Span, ...]
    text_sha256: str | None = None
    cited_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A text of a source, with white space collapsed, and its place.

    `paragraphs` and `pages` are the numbers of the paragraphs and pages that it touches; `formatted` is the citation
    in words. `segments` count characters of the decoded source, or of the text extracted from it.
    """

    document_id: str
    text: str
    title: str | None
    publisher: str | None
    agency: str | None
    authors: tuple[str, ...]
    published: date | None
    url: str | None
    text_fragment_url: str | None
    source: str
    source_sha256: str
    text_sha256: str | None
    segments: tuple[Span, ...]
    line_start: int
    line_end: int
    paragraphs: tuple[int, ...]
    pages: tuple[int, ...]
    formatted: str


def quote(
    place: QuotedPlace,
    source: Source,
    text: str,
    paragraphs: Sequence[Paragraph],
    pages: Iterable[ExtractedPage] = (),
) -> Quotation:
    """Return the quotation at a place of a document with this text, these paragraphs and pages. Raise QuotationRefused.

    The caller has compared the bytes of the source and the extracted text with their hashes.
    """
    if place.source_sha256 != source.source_sha256:
        raise QuotationRefused("the document has changed since: its source has another SHA-256")
    if place.text_sha256 not in (None, source.text_sha256):
        raise QuotationRefused("the document was read anew since: its extracted text has another SHA-256")
    quoted = _text_at(place.segments, text, source)
    if place.cited_text is not None and quoted != collapse(place.cited_text):
        raise QuotationRefused("another text stands at these segments")
    lines = lines_of(text, place.segments)
    touched = tuple(each.number for each in paragraphs if _touches(each.segments, place.segments))
    on_pages = tuple(each.page for each in boxes_of(pages, place.segments))
    metadata = source.metadata
    return Quotation(
        document_id=source.document_id,
        text=quoted,
        title=metadata.title,
        publisher=metadata.publisher,
        agency=metadata.agency,
        authors=metadata.authors,
        published=metadata.published,
        url=metadata.url,
        text_fragment_url=metadata.url and text_fragment_url(metadata.url, quoted),
        source=source.source,
        source_sha256=source.source_sha256,
        text_sha256=source.text_sha256,
        segments=place.segments,
        line_start=lines.start,
        line_end=lines.end,
        paragraphs=touched,
        pages=on_pages,
        formatted=_formatted(source, touched, lines, on_pages),
    )


def _text_at(segments: Sequence[Span], text: str, source: Source) -> str:
    """Return the text at segments with white space collapsed. Raise QuotationRefused if there is none."""
    if reason := misplaced(segments, len(text)):
        raise QuotationRefused(reason)
    try:
        quoted = collapse(slices(text, segments, source.media_type))
    except ValueError:
        raise QuotationRefused("these segments have a character reference that is too long") from None
    if not quoted:
        raise QuotationRefused("only white space stands at these segments")
    return quoted


def _touches(segments: Sequence[Span], quoted: Sequence[Span]) -> bool:
    """Return whether any of the segments shares a character with the segments `quoted`, which must be in order."""
    for segment in segments:
        before_end = bisect_left(quoted, segment.end, key=_start)
        if before_end and quoted[before_end - 1].end > segment.start:
            return True
    return False


def _start(span: Span) -> int:
    return span.start


def _formatted(source: Source, paragraphs: Sequence[int], lines: Span, pages: Sequence[int]) -> str:
    """Return a citation in words: authors, title, publisher or agency, date, and the paragraphs, or else the lines."""
    metadata = source.metadata
    date_or_none = metadata.published.isoformat() if metadata.published else UNDATED
    numbers, label = (paragraphs, "para.") if paragraphs else ((lines.start, lines.end), "line")
    place = [f"{label} {_range(numbers)}", *([f"p. {_range(pages)}"] if pages else [])]
    details = ", ".join([*filter(None, [metadata.publisher or metadata.agency]), date_or_none, *place])
    parts = [", ".join(metadata.authors), metadata.title or PurePath(source.source).name, details]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def _range(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if numbers[0] == numbers[-1] else f"{numbers[0]}\u2013{numbers[-1]}"
