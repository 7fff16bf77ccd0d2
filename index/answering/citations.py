"""Citations: the place of a text in its source, in words and as offsets; checks of a citation against a source."""

import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import PurePath

from wherefrom.index.answering.page_boxes import boxes_of
from wherefrom.index.answering.text_fragments import text_fragment_url
from wherefrom.index.collection.audits import Claim, Verdict
from wherefrom.index.extraction import ExtractedPage, ExtractorVersion
from wherefrom.index.types import (
    Citation,
    DecodingErrors,
    ExtractedCitation,
    MediaType,
    Metadata,
    PageBoxes,
    PageCitation,
    Paragraph,
    Sentence,
    Source,
    Span,
)

LINE_BREAK = re.compile(r"\r\n|\n|\r")
UNDATED = "n.d."


def cite(
    source: Source,
    paragraph: Paragraph,
    sentence: Sentence | None = None,
    *,
    lines: Span | None = None,
    pages: Iterable[ExtractedPage] = (),
) -> Citation:
    """Cite a paragraph, or one sentence of it; `lines` are the sentence's own lines if they differ.

    `pages` are those of the source, or at least those of the paragraph; with pages the result is a PageCitation.
    """
    segments = paragraph.segments if sentence is None else sentence.segments
    lines = lines or Span(start=paragraph.line_start, end=paragraph.line_end)
    metadata = source.metadata
    text = paragraph.text if sentence is None else paragraph.text[sentence.start : sentence.end]
    citation = Citation(
        document_id=source.document_id,
        title=metadata.title,
        publisher=metadata.publisher,
        agency=metadata.agency,
        authors=metadata.authors,
        published=metadata.published,
        url=metadata.url,
        text_fragment_url=metadata.url and text_fragment_url(metadata.url, text),
        cited_text=text,
        source=source.source,
        source_sha256=source.source_sha256,
        encoding=source.encoding,
        errors=source.errors,
        media_type=source.media_type,
        start_char_index=segments[0].start,
        end_char_index=segments[-1].end,
        segments=segments,
        line_start=lines.start,
        line_end=lines.end,
        paragraph=paragraph.number,
        formatted=formatted(metadata, source.source, paragraph.number),
    )
    if source.extractor is None or source.text_sha256 is None:
        return citation
    return _extracted(citation, source.extractor, source.text_sha256, boxes_of(pages, segments))


def _extracted(
    citation: Citation, extractor: ExtractorVersion, text_sha256: str, boxes: Sequence[PageBoxes]
) -> ExtractedCitation:
    """Return a citation of an extracted text, with its boxes on pages if it has any."""
    values = {field.name: getattr(citation, field.name) for field in fields(citation)}
    values |= {"extractor": extractor, "text_sha256": text_sha256}
    if not boxes:
        return ExtractedCitation(**values)
    first, *further = boxes
    words = f"{citation.formatted.removesuffix('.')}, p. {first.page}."
    values["formatted"] = words
    return PageCitation(**values, page=first.page, boxes=first.boxes, further_pages=tuple(further))


def formatted(metadata: Metadata, source: str, paragraph: int) -> str:
    """Return a citation in words: authors, title, publisher or agency, date ("n.d." if undated), paragraph number."""
    authors = [", ".join(metadata.authors)] if metadata.authors else []
    title = metadata.title or PurePath(source).name
    publisher = metadata.publisher or metadata.agency
    date = metadata.published.isoformat() if metadata.published else UNDATED
    details = ", ".join([*([publisher] if publisher else []), date, f"para. {paragraph}"])
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in [*authors, title, details])


def lines_of(text: str, segments: Sequence[Span]) -> Span:
    """Return the first and the last line of the segments, 1-based and inclusive."""
    first = 1 + len(LINE_BREAK.findall(text, 0, segments[0].start))
    last = first + len(LINE_BREAK.findall(text, segments[0].start, segments[-1].end))
    return Span(start=first, end=last)


def collapse(text: str) -> str:
    """Replace every run of white space by one space, and strip the ends."""
    return " ".join(text.split())


def slices(text: str, segments: Sequence[Span], media_type: MediaType = "text/plain") -> str:
    """Join the text at the segments of a decoded source; in HTML, character references are resolved after joining."""
    joined = "".join(text[segment.start : segment.end] for segment in segments)
    return html.unescape(joined) if media_type == "text/html" else joined


def check(
    claim: Claim,
    raw: bytes,
    encoding: str,
    media_type: MediaType = "text/plain",
    *,
    errors: DecodingErrors = "strict",
    extracted: str | None = None,
) -> Verdict:
    """Check a claim against a source's bytes: the hash, then `check_segments`.

    `extracted` is the text that was extracted from a source that is not text itself; its hash is checked too.
    """
    if hashlib.sha256(raw).hexdigest() != claim.source_sha256:
        return Verdict(valid=False, reason="the source's bytes have another SHA-256", found=None)
    text = raw.decode(encoding, errors) if extracted is None else extracted
    if claim.text_sha256 is not None and hashlib.sha256(text.encode()).hexdigest() != claim.text_sha256:
        return Verdict(valid=False, reason="the text extracted from the source has another SHA-256", found=None)
    return check_segments(claim, text, media_type)


def misplaced(segments: Sequence[Span], length: int) -> str:
    """Return why there is no text at segments of a decoded source of `length` characters; empty if there is one."""
    if not segments:
        return "the citation has no segments"
    if any(segment.start >= segment.end for segment in segments):
        return "a segment does not end after its start"
    if any(not 0 <= segment.start < segment.end <= length for segment in segments):
        return f"a segment lies outside the source's {length} characters"
    if any(before.end > after.start for before, after in pairwise(segments)):
        return "the segments overlap or are out of order"
    return ""


def check_segments(claim: Claim, text: str, media_type: MediaType = "text/plain") -> Verdict:
    """Check that the text at a claim's segments of a decoded source is the cited text, up to white space."""
    if reason := misplaced(claim.segments, len(text)):
        return Verdict(valid=False, reason=reason, found=None)
    try:
        found = collapse(slices(text, claim.segments, media_type))
    except ValueError:
        return Verdict(valid=False, reason="these segments have a character reference that is too long", found=None)
    if found != collapse(claim.cited_text):
        return Verdict(valid=False, reason="other text stands at these segments", found=found)
    return Verdict(valid=True, reason=None, found=found)
