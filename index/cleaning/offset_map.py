"""The map from the characters of a text with collapsed white space to their offsets in the source.

Invariant: for every range of the text, the source slices at its segments, joined, with references resolved as the media
type requires and white space collapsed, equal the text in that range.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from wherefrom.index.sources.character_map import map_characters
from wherefrom.index.types import MediaType, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetMap:
    """The collapsed `text` of the source segments `spans`, mapped to offsets into the joined source slices.

    Character i of the text comes from the offsets `starts[i]` to `ends[i]` (exclusive) of the joined slices; slice k
    begins at the offset `slice_offsets[k]`.
    """

    text: str
    spans: tuple[Span, ...]
    slice_offsets: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def build(cls, text: str, segments: tuple[Span, ...], media_type: MediaType) -> Self:
        """Build the map of segments of a decoded source."""
        characters = map_characters(text, segments, media_type)
        words = characters.text.split()
        positions = array("Q", _collapsed_positions(characters.text, words))
        return cls(
            text=" ".join(words),
            spans=segments,
            slice_offsets=[0, *accumulate(span.end - span.start for span in segments)],
            starts=array("Q", map(characters.starts.__getitem__, positions)),
            ends=array("Q", map(characters.ends.__getitem__, positions)),
        )

    def segments(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the source segments of the text's characters from `start` to `end`; the range must not be empty."""
        first, last = self.starts[start], self.ends[end - 1]
        return tuple(
            Span(
                start=self.spans[k].start + max(first - self.slice_offsets[k], 0),
                end=self.spans[k].start + min(last, self.slice_offsets[k + 1]) - self.slice_offsets[k],
            )
            for k in range(bisect_right(self.slice_offsets, first) - 1, bisect_right(self.slice_offsets, last - 1))
        )


def _collapsed_positions(text: str, words: Sequence[str]) -> Iterator[int]:
    """Yield the position in `text` of each collapsed character; for a space, the start of its white space."""
    position = 0
    for number, word in enumerate(words):
        start = text.index(word, position)
        if number:
            yield position
        yield from range(start, start + len(word))
        position = start + len(word)
