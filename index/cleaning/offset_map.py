"""The way back: where every character of a text with its white space collapsed stands in the source.

The law: the source's slices at a text's segments, joined, read as their media type, white space collapsed, are it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from wherefrom.index.sources.character_map import read_characters
from wherefrom.index.types import MediaType, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The collapsed text of some segments, and for each character of it its place in the joined slices."""

    text: str
    spans: tuple[Span, ...]
    edges: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str, segments: tuple[Span, ...], media_type: MediaType) -> Self:
        """Read the segments of a decoded source."""
        characters = read_characters(text, segments, media_type)
        words = characters.text.split()
        kept = list(_kept(characters.text, words))
        return cls(
            text=" ".join(words),
            spans=segments,
            edges=[0, *accumulate(span.end - span.start for span in segments)],
            starts=[characters.starts[at] for at in kept],
            ends=[characters.ends[at] for at in kept],
        )

    def segments(self, start: int, end: int) -> tuple[Span, ...]:
        """The segments of the source that the text's characters from `start` to `end`, not empty, come from."""
        first, last = self.starts[start], self.ends[end - 1]
        return tuple(
            Span(
                start=self.spans[at].start + max(first - self.edges[at], 0),
                end=self.spans[at].start + min(last, self.edges[at + 1]) - self.edges[at],
            )
            for at in range(bisect_right(self.edges, first) - 1, bisect_right(self.edges, last - 1))
        )


def _kept(text: str, words: Sequence[str]) -> Iterator[int]:
    """Where each character of the collapsed text stands in `text`; a space where the white space begins."""
    at = 0
    for number, word in enumerate(words):
        start = text.index(word, at)
        if number:
            yield at
        yield from range(start, start + len(word))
        at = start + len(word)
