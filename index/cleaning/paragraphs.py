"""Kept stretches of the source to paragraphs, with the map from every sentence back to the source."""

from collections.abc import Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.offset_map import Places
from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.types import MediaType, Paragraph, Sentence, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The segments of one paragraph, in order, none beginning or ending the paragraph in white space."""

    segments: tuple[Span, ...]
    line_start: int
    line_end: int


def build_paragraphs(text: str, kept: Sequence[Kept], media_type: MediaType = "text/plain") -> tuple[Paragraph, ...]:
    """A paragraph for each kept stretch, numbered from 1, with its sentences."""
    return tuple(_paragraph(text, number, piece, media_type) for number, piece in enumerate(kept, start=1))


def _paragraph(text: str, number: int, kept: Kept, media_type: MediaType) -> Paragraph:
    places = Places.of(text, kept.segments, media_type)
    sentences = tuple(
        Sentence(start=start, end=end, segments=places.segments(start, end))
        for start, end in split_sentences(places.text)
    )
    return Paragraph(
        number=number,
        text=places.text,
        segments=kept.segments,
        sentences=sentences,
        line_start=kept.line_start,
        line_end=kept.line_end,
    )
