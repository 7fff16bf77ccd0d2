"""Lines to blocks: the smallest units that cleaning keeps or drops.

A block is one line, or the lines of a paragraph that an editor or a mail program wrapped at a fixed width. Wrapping is
detected from the text: its lines break in the middle of a sentence, and only where the next word would not have fitted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wherefrom.index.cleaning.block_features import BlockFeatures, ends_sentence, measure
from wherefrom.index.sources.lines import Line
from wherefrom.index.types import MediaType, Span

# Wrapped prose is rarely narrower than a quotation in a mail or wider than a terminal line.
MIN_WRAP_WIDTH = 40
MAX_WRAP_WIDTH = 120
MAX_OVERLONG_SHARE = 0.05
MIN_BROKEN_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A unit of the source without white space at its ends; `text` is its content with white space collapsed.

    In HTML the `segments` are its text, and between them is markup; `element` is the block element around it.
    """

    segments: tuple[Span, ...]
    media_type: MediaType = "text/plain"
    line_start: int
    line_end: int
    text: str
    features: BlockFeatures
    element: str = ""

    @property
    def start(self) -> int:
        """The offset of its first character in the source."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """The offset after its last character in the source."""
        return self.segments[-1].end


def split_blocks(text: str, lines: Sequence[Line]) -> tuple[Block, ...]:
    """Return the blocks of `text` in order; every character that is not white space is in exactly one."""
    filled = [line for line in lines if not line.blank]
    width = _wrap_width(text, filled)
    return tuple(_block(text, group) for group in _paragraph_lines(text, filled, width))


def _block(text: str, group: Sequence[Line]) -> Block:
    start, end = group[0].start, group[-1].end
    collapsed = " ".join(text[start:end].split())
    return Block(
        segments=(Span(start=start, end=end),),
        line_start=group[0].number,
        line_end=group[-1].number,
        text=collapsed,
        features=measure(collapsed),
    )


def _paragraph_lines(text: str, filled: Sequence[Line], width: int | None) -> Iterator[list[Line]]:
    """Yield the lines of each block: one line, or the lines of a wrapped paragraph."""
    group: list[Line] = []
    for line in filled:
        if group and not (width and _continues(text, group[-1], line, width)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _wrap_width(text: str, filled: Sequence[Line]) -> int | None:
    """Return the column at which the text was wrapped, or `None` if each line is a paragraph."""
    sizes = sorted(size for line in filled if (size := line.indent + line.end - line.start) >= MIN_WRAP_WIDTH)
    if not sizes:
        return None
    width = sizes[int((len(sizes) - 1) * (1 - MAX_OVERLONG_SHARE))]
    pairs = [
        (first, second)
        for first, second in pairwise(filled)
        if second.number == first.number + 1 and first.end - first.start >= MIN_WRAP_WIDTH
    ]
    broken = sum(1 for first, second in pairs if _breaks_sentence(text, first, second))
    if width > MAX_WRAP_WIDTH or broken < MIN_BROKEN_SHARE * max(len(pairs), 1) or not broken:
        return None
    return width


def _breaks_sentence(text: str, first: Line, second: Line) -> bool:
    return text[second.start].islower() and not ends_sentence(text[first.start : first.end])


def _continues(text: str, first: Line, second: Line, width: int) -> bool:
    if second.number != first.number + 1 or first.end - first.start < MIN_WRAP_WIDTH // 2:
        return False
    if _breaks_sentence(text, first, second):
        return True
    next_word = text[second.start : min(second.end, second.start + width)].split(maxsplit=1)[0]
    return first.indent + (first.end - first.start) + 1 + len(next_word) > width
