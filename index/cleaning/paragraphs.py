"""Turns segments of the source into numbered paragraphs and headings, with the source spans of every sentence."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.cleaning.paragraph_parts import Range, split_parts
from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.sources.lines import LINE_END
from wherefrom.index.types import Heading, HeadingKind, MediaType, Paragraph, Sentence, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphSource:
    """The segments of one paragraph in order, without white space at its two ends, and its lines."""

    segments: tuple[Span, ...]
    line_start: int
    line_end: int


def build_paragraphs(
    text: str, sources: Sequence[ParagraphSource], media_type: MediaType = "text/plain"
) -> tuple[Paragraph, ...]:
    """Return one paragraph for each source, or several for a long one, numbered from 1 and split into sentences."""
    paragraphs: list[Paragraph] = []
    for source in sources:
        paragraphs.extend(_paragraphs(text, len(paragraphs) + 1, source, media_type))
    return tuple(paragraphs)


def build_headings(
    text: str,
    sources: Iterable[tuple[HeadingKind, ParagraphSource]],
    paragraphs: Sequence[Paragraph],
    media_type: MediaType = "text/plain",
) -> tuple[Heading, ...]:
    """Return the headings in order, each with the number of the first paragraph below it."""
    starts = [paragraph.segments[0].start for paragraph in paragraphs]
    return tuple(
        Heading(
            kind=kind,
            text=OffsetMap.build(text, source.segments, media_type).text,
            segments=source.segments,
            line_start=source.line_start,
            line_end=source.line_end,
            above=bisect_right(starts, source.segments[0].start) + 1,
        )
        for kind, source in sources
    )


def _paragraphs(text: str, number: int, source: ParagraphSource, media_type: MediaType) -> Iterator[Paragraph]:
    offset_map = OffsetMap.build(text, source.segments, media_type)
    parts = split_parts(offset_map.text, split_sentences(offset_map.text))
    if len(parts) == 1:
        yield _paragraph(offset_map, number, parts[0], source)
        return
    line, counted_to = source.line_start, source.segments[0].start
    for position, sentences in enumerate(parts):
        segments = offset_map.segments(sentences[0][0], sentences[-1][1])
        line_start = line + _line_ends(text, counted_to, segments[0].start)
        line_end = line_start + _line_ends(text, segments[0].start, segments[-1].end - 1)
        place = ParagraphSource(segments=segments, line_start=line_start, line_end=line_end)
        yield _paragraph(offset_map, number + position, sentences, place)
        line, counted_to = line_start, segments[0].start


def _paragraph(offset_map: OffsetMap, number: int, sentences: Sequence[Range], place: ParagraphSource) -> Paragraph:
    """Return the paragraph with these sentences; the offsets of its sentences count from the start of the first."""
    first, last = sentences[0][0], sentences[-1][1]
    return Paragraph(
        number=number,
        text=offset_map.text[first:last],
        segments=place.segments,
        sentences=tuple(
            Sentence(start=start - first, end=end - first, segments=offset_map.segments(start, end))
            for start, end in sentences
        ),
        line_start=place.line_start,
        line_end=place.line_end,
    )


def _line_ends(text: str, start: int, end: int) -> int:
    return sum(1 for _ in LINE_END.finditer(text, start, end))
