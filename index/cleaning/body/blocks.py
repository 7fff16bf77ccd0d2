"""Lines to blocks: the smallest stretches that cleaning keeps or drops as one.

A block is one line, or the lines of a paragraph that an editor or a mail program wrapped at a fixed width. Where
a text was wrapped is read from the text: lines that stop in the middle of a sentence only where the next word
would not have fitted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wherefrom.index.cleaning.block_features import Shape, ends_sentence, measure
from wherefrom.index.sources.lines import Line
from wherefrom.index.types import MediaType, Span

# Wrapped prose is seldom narrower than a mail quotation or wider than a terminal line.
NARROWEST_WRAP = 40
WIDEST_WRAP = 120
MOST_OVERLONG = 0.05
LEAST_BROKEN = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of the source without white space at its ends; `text` is it with white space collapsed.

    In HTML it is the `segments` that hold its text, and what stands between them is markup.
    """

    segments: tuple[Span, ...]
    media_type: MediaType = "text/plain"
    line_start: int
    line_end: int
    indent: int
    gap: bool
    text: str
    shape: Shape

    @property
    def start(self) -> int:
        """Where it begins in the source."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """Where it ends in the source."""
        return self.segments[-1].end


def split_blocks(text: str, lines: Sequence[Line]) -> tuple[Block, ...]:
    """The blocks of `text` in order; every character of it that is not white space is in exactly one."""
    full = [line for line in lines if not line.blank]
    width = _wrap_width(text, full)
    groups = _grouped(text, full, width)
    previous = 0
    blocks = []
    for group in groups:
        blocks.append(_block(text, group, gap=group[0].number > previous + 1))
        previous = group[-1].number
    return tuple(blocks)


def _block(text: str, group: Sequence[Line], *, gap: bool) -> Block:
    start, end = group[0].start, group[-1].end
    words = " ".join(text[start:end].split())
    return Block(
        segments=(Span(start=start, end=end),),
        line_start=group[0].number,
        line_end=group[-1].number,
        indent=group[0].indent,
        gap=gap,
        text=words,
        shape=measure(words),
    )


def _grouped(text: str, full: Sequence[Line], width: int | None) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in full:
        if group and not (width and _continues(text, group[-1], line, width)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _wrap_width(text: str, full: Sequence[Line]) -> int | None:
    """The column the text was wrapped at, or None where its lines are paragraphs of their own."""
    sizes = sorted(size for line in full if (size := line.indent + line.end - line.start) >= NARROWEST_WRAP)
    if not sizes:
        return None
    width = sizes[int((len(sizes) - 1) * (1 - MOST_OVERLONG))]
    pairs = [
        (first, second)
        for first, second in pairwise(full)
        if second.number == first.number + 1 and first.end - first.start >= NARROWEST_WRAP
    ]
    broken = sum(1 for first, second in pairs if _breaks_sentence(text, first, second))
    if width > WIDEST_WRAP or broken < LEAST_BROKEN * max(len(pairs), 1) or not broken:
        return None
    return width


def _breaks_sentence(text: str, first: Line, second: Line) -> bool:
    return text[second.start].islower() and not ends_sentence(text[first.start : first.end])


def _continues(text: str, first: Line, second: Line, width: int) -> bool:
    if second.number != first.number + 1 or first.end - first.start < NARROWEST_WRAP // 2:
        return False
    if _breaks_sentence(text, first, second):
        return True
    next_word = text[second.start : min(second.end, second.start + width)].split(maxsplit=1)[0]
    return first.indent + (first.end - first.start) + 1 + len(next_word) > width
