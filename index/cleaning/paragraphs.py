"""Kept stretches of the source to paragraphs, with the map from every sentence back to the source.

The law: the source's slices at a paragraph's or a sentence's segments, joined, white space collapsed, are its text.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.cleaning.sentences import split_sentences
from index.types import Paragraph, Sentence, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The segments of one paragraph, in order, none beginning or ending the paragraph in white space."""

    segments: tuple[Span, ...]
    line_start: int
    line_end: int


def build_paragraphs(text: str, kept: Sequence[Kept]) -> tuple[Paragraph, ...]:
    """A paragraph for each kept stretch, numbered from 1, with its sentences."""
    return tuple(_paragraph(text, number, piece) for number, piece in enumerate(kept, start=1))


def _paragraph(text: str, number: int, kept: Kept) -> Paragraph:
    joined = "".join(text[span.start : span.end] for span in kept.segments)
    words = joined.split()
    collapsed = " ".join(words)
    places = list(_places(joined, words))
    sentences = tuple(
        Sentence(start=start, end=end, segments=_segments(kept.segments, places[start], places[end - 1] + 1))
        for start, end in split_sentences(collapsed)
    )
    return Paragraph(
        number=number,
        text=collapsed,
        segments=kept.segments,
        sentences=sentences,
        line_start=kept.line_start,
        line_end=kept.line_end,
    )


def _places(joined: str, words: Sequence[str]) -> Iterator[int]:
    """Where each character of the collapsed text stands in the joined slices."""
    at = 0
    for number, word in enumerate(words):
        start = joined.index(word, at)
        if number:
            yield at
        yield from range(start, start + len(word))
        at = start + len(word)


def _segments(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The part of `spans` that the joined slices' characters from `start` to `end` come from."""
    starts = [0]
    for span in spans:
        starts.append(starts[-1] + span.end - span.start)
    first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
    return tuple(
        Span(
            start=spans[at].start + max(start - starts[at], 0),
            end=spans[at].start + min(end, starts[at + 1]) - starts[at],
        )
        for at in range(first, last + 1)
    )
