"""Body segments of the source to numbered paragraphs, with every sentence mapped back; and to headings."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.types import Heading, HeadingKind, MediaType, Paragraph, Sentence, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphSource:
    """The segments of one paragraph in order, without white space at either end of the whole, and its lines."""

    segments: tuple[Span, ...]
    line_start: int
    line_end: int


def build_paragraphs(
    text: str, sources: Sequence[ParagraphSource], media_type: MediaType = "text/plain"
) -> tuple[Paragraph, ...]:
    """Return one paragraph for each source, numbered from 1 and split into sentences."""
    return tuple(_paragraph(text, number, source, media_type) for number, source in enumerate(sources, start=1))


def build_headings(
    text: str,
    sources: Iterable[tuple[HeadingKind, ParagraphSource]],
    paragraphs: Sequence[Paragraph],
    media_type: MediaType = "text/plain",
) -> tuple[Heading, ...]:
    """Return the headings of these kinds, in order, each with the number of the next of the paragraphs below it."""
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


def _paragraph(text: str, number: int, source: ParagraphSource, media_type: MediaType) -> Paragraph:
    offset_map = OffsetMap.build(text, source.segments, media_type)
    sentences = tuple(
        Sentence(start=start, end=end, segments=offset_map.segments(start, end))
        for start, end in split_sentences(offset_map.text)
    )
    return Paragraph(
        number=number,
        text=offset_map.text,
        segments=source.segments,
        sentences=sentences,
        line_start=source.line_start,
        line_end=source.line_end,
    )
