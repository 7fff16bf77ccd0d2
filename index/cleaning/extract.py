"""Extraction of a Document from a RawSource: decoding, blocks, body, metadata, and offsets into the source.

The rules are general, for HTML and for plain text that was flattened from a page. JSON is not parsed here:
`wherefrom.index.sources.json_article` turns an article in JSON into a RawSource.
"""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise

from wherefrom.index.cleaning.block_features import bullet_size
from wherefrom.index.cleaning.block_kinds import heading_kinds, heading_mark_size
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.completeness import completeness_warnings, declared_words, is_declared_free
from wherefrom.index.cleaning.body.extracted_body import (
    extracted_blocks,
    extracted_rules,
    lead_of_header,
    short_lines_kept,
)
from wherefrom.index.cleaning.body.further_articles import further_article_warnings, without_further_articles
from wherefrom.index.cleaning.body.glued_captions import glued_caption_start
from wherefrom.index.cleaning.body.html.html_body import html_body
from wherefrom.index.cleaning.body.html.left_out_text import leave_out
from wherefrom.index.cleaning.body.line_wrapping import HYPHENS
from wherefrom.index.cleaning.body.mail_text import mail_blocks, mail_rules, quote_marks, with_text_above_forward
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.cleaning.metadata.extract_metadata import extract_metadata
from wherefrom.index.cleaning.metadata.markup.declared_values import DeclaredField, read_declared_fields
from wherefrom.index.cleaning.metadata.markup.marked_times import change_spans
from wherefrom.index.cleaning.metadata.page import Page
from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.cleaning.paragraphs import ParagraphSource, build_headings, build_paragraphs
from wherefrom.index.errors import SourceRejected
from wherefrom.index.extraction import Extraction, ExtractorVersion
from wherefrom.index.sources.character_references import UnreadableReference
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.registry import detect_format, extractor_of, is_extracted
from wherefrom.index.sources.html_text_runs import trim_spans
from wherefrom.index.sources.html_tokenizer import Token, tokenize
from wherefrom.index.sources.lines import escapes, split_lines
from wherefrom.index.sources.markup_detection import inline_markup, is_html_fragment, is_html_page
from wherefrom.index.types import (
    DecodingErrors,
    Document,
    Dropped,
    Given,
    HeadingKind,
    MediaType,
    Metadata,
    RawSource,
    Span,
)

# Maximum length of a list mark with the white space after it.
MAX_BULLET_CHARACTERS = 80
ZERO = "\x00"
"""NUL, which programs that copy whole blocks of memory or of a disk leave in texts; it is never content."""
ZEROS = re.compile(f"{ZERO}+")
XML_START = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
PROPERTIES_ORIGIN = "properties"
"""The origin of a metadata value from the properties of a file, such as a PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceText:
    """The text of a source, to which offsets refer, and how it was decoded or extracted."""

    text: str
    encoding: str
    errors: DecodingErrors
    media_type: MediaType
    warnings: tuple[str, ...]
    extracted: ExtractedText | None = None


def extract(source: RawSource) -> Document:
    """Return the document in a source; every paragraph and sentence has its spans in `raw.decode(encoding, errors)`.

    For a binary format such as PDF, the spans refer to the text that its extractor returns. Without a media type, it is
    detected from the bytes. Raise SourceRejected if the source is empty, binary, undecodable or has no paragraph of
    prose, and also for every other error, so that one source never affects the others.
    """
    try:
        return _extract(source)
    except SourceRejected:
        raise
    except UnreadableReference as error:
        raise SourceRejected(source.name, str(error)) from error
    except Exception as error:
        logging.getLogger(__name__).debug("extraction failed: %s", source.name, exc_info=True)
        kind = type(error).__name__
        raise SourceRejected(source.name, f"reading it failed unexpectedly ({kind}); please report this") from error


def _extract(source: RawSource) -> Document:
    read = _source_text(source)
    markup = leave_out(read.text, list(tokenize(read.text))) if read.media_type == "text/html" else []
    page, warnings = _read_page(read, source.name, markup)
    kinds = heading_kinds(page, markup)
    page = replace(page, rules=[rule and kinds.get(index, rule) for index, rule in enumerate(page.rules)])
    metadata, rules_of_values = extract_metadata(page)
    kinds = {index: kind for index, kind in kinds.items() if index not in rules_of_values}
    if read.extracted is not None:
        page = replace(page, rules=short_lines_kept(page.rules, kinds.keys() | rules_of_values.keys()))
    sources, trimmings = _paragraph_sources(page, kinds, is_extracted=read.extracted is not None)
    heading_sources, marks = _heading_sources(page, kinds)
    zeros: list[Dropped] = []
    if ZERO in read.text:
        zeros = [Dropped(start=run.start(), end=run.end(), rule="nul") for run in ZEROS.finditer(read.text)]
        sources = [_without_zeros(read.text, each) for each in sources]
        heading_sources = [(kind, _without_zeros(read.text, each)) for kind, each in heading_sources]
    paragraphs = build_paragraphs(read.text, sources, read.media_type)
    if read.extracted is not None:
        metadata = _with_values(metadata, _usable(read.extracted.fallbacks, metadata, page), PROPERTIES_ORIGIN)
        metadata = _with_values(metadata, read.extracted.properties, PROPERTIES_ORIGIN)
    return Document(
        source=source.name,
        raw=source.raw,
        source_sha256=hashlib.sha256(source.raw).hexdigest(),
        encoding=read.encoding,
        errors=read.errors,
        media_type=read.media_type,
        given=source.given,
        metadata=_with_values(metadata, source.given, "given"),
        paragraphs=paragraphs,
        headings=build_headings(read.text, heading_sources, paragraphs, read.media_type),
        dropped=tuple(_outermost([*_dropped_blocks(page, rules_of_values, kinds), *trimmings, *marks, *zeros])),
        warnings=(*source.warnings, *read.warnings, *warnings),
        extraction=_extraction(read.extracted),
    )


def _source_text(source: RawSource) -> _SourceText:
    """Return the text of a source: extracted if its format has an extractor, otherwise decoded."""
    media_type = source.media_type or detect_format(source.raw)
    if media_type is not None and is_extracted(media_type):
        extracted = extractor_of(media_type)(source.raw, source.name)
        in_source = extracted.in_source
        return _SourceText(
            text=extracted.text,
            encoding=in_source.encoding if in_source else "utf-8",
            errors=in_source.errors if in_source else "strict",
            media_type=media_type,
            warnings=extracted.warnings,
            extracted=extracted,
        )
    decoded = decode(source.raw, source=source.name)
    return _SourceText(
        text=decoded.text,
        encoding=decoded.encoding,
        errors=decoded.errors,
        media_type=source.media_type or _detect_media_type(decoded.text, source.name),
        warnings=decoded.warnings,
    )


def _extraction(extracted: ExtractedText | None) -> Extraction | None:
    if extracted is None or extracted.in_source is not None:
        return None
    name, _, version = extracted.extractor.rpartition(" ")
    return Extraction(
        text=extracted.text,
        text_sha256=hashlib.sha256(extracted.text.encode()).hexdigest(),
        extractor=ExtractorVersion(name=name, version=version),
        pages=extracted.pages,
    )


def _detect_media_type(text: str, source: str) -> MediaType:
    start = text.removeprefix("\ufeff")
    if is_html_page(start) or (XML_START.match(start) and "<html" in start[:2000].lower()):
        return "text/html"
    if XML_START.match(start):
        raise SourceRejected(source, "this is XML; only plain text and HTML are read")
    return "text/html" if is_html_fragment(start) else "text/plain"


def _read_page(read: _SourceText, source: str, markup: Sequence[Token]) -> tuple[Page, tuple[str, ...]]:
    """Return the blocks of a source with the rules that drop them, and warnings about text that may be missing.

    Raise SourceRejected if no block besides a lead is body text.
    """
    text = read.text
    declared: Mapping[str, DeclaredField] = {}
    changes: tuple[Span, ...] = ()
    lead: frozenset[int] = frozenset()
    blocks: Sequence[Block]
    if read.extracted is not None:
        blocks = extracted_blocks(read.extracted)
        rules = extracted_rules(blocks)
        lead = lead_of_header(rules)
        if read.media_type == "text/markdown":
            rules = without_further_articles(blocks, rules)
        warnings = (*completeness_warnings(blocks, rules), *further_article_warnings(blocks, rules))
    elif read.media_type == "text/html":
        found = html_body(text, markup)
        blocks, lead = found.blocks, found.lead
        rules = with_text_above_forward(blocks, found.rules)
        declared = read_declared_fields(text, markup)
        changes = tuple(change_spans(text, markup))
        is_free = is_declared_free(text, markup)
        warnings = completeness_warnings(blocks, rules, found.page_words, declared_words(text, markup), is_free=is_free)
    else:
        lines = list(split_lines(text))
        blocks = mail_blocks(text, lines)
        rules = mail_rules(text, lines, blocks, body_rules(blocks))
        warnings = (*completeness_warnings(blocks, rules), *further_article_warnings(blocks, rules))
    body = [index for index, rule in enumerate(rules) if rule is None and index not in lead]
    if not body:
        parts = "titles, page numbers or the like" if read.extracted is not None else "menus or fragments"
        raise SourceRejected(source, f"it holds no paragraph of an article, only {parts}")
    page = Page(
        text=text,
        blocks=blocks,
        rules=rules,
        first_body=body[0],
        last_body=body[-1],
        declared=declared,
        markup=markup,
        changes=changes,
    )
    return page, warnings


def _with_values(metadata: Metadata, given: Given, origin: str) -> Metadata:
    """Return the metadata with the given values in place of the values from the source."""
    values = {field.name: value for field in fields(given) if (value := getattr(given, field.name))}
    evidence = {name: spans for name, spans in metadata.evidence.items() if name not in values}
    origins = {**metadata.origins, **dict.fromkeys(values, origin)}
    return replace(metadata, **values, origins=origins, evidence=evidence)


def _usable(fallbacks: Given, metadata: Metadata, page: Page) -> Given:
    """Return the fallbacks that do not contradict what the text states.

    A headline with a byline or a date counts before a title that stands elsewhere, and bylines before an author, also
    if they are those of several articles.
    """
    has_bylines = metadata.authors or "byline" in page.rules
    is_headed = metadata.title is not None and (metadata.authors or metadata.published)
    return replace(
        fallbacks,
        title=None if is_headed else fallbacks.title,
        authors=() if has_bylines else fallbacks.authors,
    )


def _paragraph_sources(
    page: Page, headings: Mapping[int, HeadingKind], *, is_extracted: bool
) -> tuple[list[ParagraphSource], list[Dropped]]:
    """Return the body blocks that are text, without list marks and glued captions, and the ranges left out of them."""
    paragraphs: list[ParagraphSource] = []
    trimmings: list[Dropped] = []
    for index, (block, rule) in enumerate(zip(page.blocks, page.rules, strict=True)):
        if rule is None and index not in headings:
            paragraph, dropped = _trim(page.text, block)
            paragraphs.append(paragraph)
            trimmings.extend(dropped)
            if block.media_type == "text/plain":
                trimmings.extend(_line_end_hyphens(page.text, paragraph.segments))
    if page.blocks[0].media_type == "text/plain" and not is_extracted:
        trimmings.extend(Dropped(start=start, end=end, rule="escape") for start, end in escapes(page.text))
        trimmings.extend(Dropped(start=start, end=end, rule="markup") for start, end in inline_markup(page.text))
        marks = quote_marks(page.text, list(split_lines(page.text))) if ">" in page.text else ()
        trimmings.extend(Dropped(start=mark.start, end=mark.end, rule="quote-mark") for mark in marks)
    return paragraphs, trimmings


def _without_zeros(text: str, source: ParagraphSource) -> ParagraphSource:
    """Return a paragraph source without NUL characters; one that has no other characters is unchanged."""
    kept = [
        Span(start=segment.start + match.start(), end=segment.start + match.end())
        for segment in source.segments
        for match in re.finditer("[^\x00]+", text[segment.start : segment.end])
    ]
    return replace(source, segments=trim_spans(text, kept) or source.segments)


def _heading_sources(
    page: Page, headings: Mapping[int, HeadingKind]
) -> tuple[list[tuple[HeadingKind, ParagraphSource]], list[Dropped]]:
    """Return the headings in order, without the marks before them, and the marks."""
    sources: list[tuple[HeadingKind, ParagraphSource]] = []
    marks: list[Dropped] = []
    for index, kind in sorted(headings.items()):
        block = page.blocks[index]
        segments = block.segments
        if start := heading_mark_size(block.text):
            offset_map = OffsetMap.build(page.text, block.segments, block.media_type)
            segments = offset_map.segments(start, len(block.text))
            marks.append(_dropped_range(offset_map, 0, len(block.text[:start].rstrip()), "heading-mark"))
        if block.media_type == "text/plain":
            marks.extend(_line_end_hyphens(page.text, segments))
        source = ParagraphSource(segments=segments, line_start=block.line_start, line_end=block.line_end)
        sources.append((kind, source))
    return sources, marks


def _trim(text: str, block: Block) -> tuple[ParagraphSource, list[Dropped]]:
    """Remove the list mark and the glued caption of a block; return the rest, never empty, and the removed ranges."""
    start = bullet_size(block.text[:MAX_BULLET_CHARACTERS])
    caption = glued_caption_start(block.text[start:])
    end = len(block.text) if caption is None else start + caption
    segments = block.segments
    trimmings: list[Dropped] = []
    if start or caption is not None:
        offset_map = OffsetMap.build(text, block.segments, block.media_type)
        segments = offset_map.segments(start, end)
        if start:
            trimmings.append(_dropped_range(offset_map, 0, 1, "list-mark"))
        if caption is not None:
            trimmings.append(_dropped_range(offset_map, end, len(block.text), "caption"))
    return ParagraphSource(segments=segments, line_start=block.line_start, line_end=block.line_end), trimmings


def _line_end_hyphens(text: str, segments: Sequence[Span]) -> Iterator[Dropped]:
    """Yield the line-end hyphens between the segments, which are left out where the parts of a word are joined."""
    for before, after in pairwise(segments):
        if text[before.end] in HYPHENS and before.end + 1 < after.start:
            yield Dropped(start=before.end, end=before.end + 1, rule="line-end-hyphen")


def _dropped_range(offset_map: OffsetMap, start: int, end: int, rule: str) -> Dropped:
    segments = offset_map.segments(start, end)
    return Dropped(start=segments[0].start, end=segments[-1].end, rule=rule)


def _dropped_blocks(
    page: Page, rules_of_values: Mapping[int, str], headings: Mapping[int, HeadingKind]
) -> Iterator[Dropped]:
    """Yield the dropped blocks; a block that a metadata value comes from has the rule of that value."""
    for index, (block, rule) in enumerate(zip(page.blocks, page.rules, strict=True)):
        if rule is not None and index not in headings:
            yield Dropped(start=block.start, end=block.end, rule=rules_of_values.get(index, rule))


def _outermost(dropped: Iterable[Dropped]) -> Iterator[Dropped]:
    """Yield the dropped ranges in order, without those inside another, such as a script in dropped text."""
    edge = 0
    for outer in sorted(dropped, key=lambda candidate: (candidate.start, -candidate.end)):
        if outer.end > edge:
            yield outer
            edge = outer.end
