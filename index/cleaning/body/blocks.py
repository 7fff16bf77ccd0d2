"""Groups lines into blocks, the smallest units that cleaning keeps or drops.

A block is one line, or the lines of a paragraph that an editor or a mail program wrapped at a fixed width.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wherefrom.index.cleaning.block_features import BlockFeatures, is_in_capitals, measure
from wherefrom.index.cleaning.body.line_wrapping import (
    continues,
    continues_after_page,
    count_columns,
    detect_wrapping,
    join_of,
)
from wherefrom.index.cleaning.body.page_edges import page_edges
from wherefrom.index.sources.html_text_runs import trim_spans
from wherefrom.index.sources.lines import Line, escapes
from wherefrom.index.sources.markup_detection import inline_markup
from wherefrom.index.types import MediaType, Span

EXPORT_MARKS = frozenset(("LP", "TD"))
"""Lines that an export of Factiva has between the lead and the rest of an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A unit of the source without white space at its ends; `text` is its content with white space collapsed.

    The `segments` are the ranges of its text. Between them is markup in HTML, and in plain text the hyphen of a broken
    word or the edge of a page. `rule` is the rule that drops the block for its position, such as a page number, `None`
    without one. `columns` is the number of cells of a table row, 1 for other lines. `element` is the block element
    around it in HTML.
    """

    segments: tuple[Span, ...]
    media_type: MediaType = "text/plain"
    line_start: int
    line_end: int
    text: str
    features: BlockFeatures
    element: str = ""
    rule: str | None = None
    columns: int = 1

    @property
    def start(self) -> int:
        """The offset of the first character in the source."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """The offset after the last character in the source."""
        return self.segments[-1].end


def split_blocks(text: str, lines: Sequence[Line]) -> tuple[Block, ...]:
    """Return the blocks of `text` in order; together they have every character except white space.

    Their segments leave out the hyphens of words broken at line ends, escaped line ends, the backslashes of escapes,
    and inline markup.
    """
    return _Splitter(text, lines).blocks()


class _Splitter:
    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self._text = text
        self._breaks = dict(_breaks(lines))
        self._lines = [line for line in lines if not line.blank]
        self._edges = page_edges(text, lines)
        flowing = [line for line in self._lines if line.position not in self._edges]
        self._wrapping = detect_wrapping(text, flowing)
        self._in_capitals = is_in_capitals(text)
        self._left_out = sorted([*escapes(text), *inline_markup(text)])

    def blocks(self) -> tuple[Block, ...]:
        """Return all blocks by start offset."""
        found = [self._block(group) for group in self._paragraphs()]
        return tuple(sorted(found, key=lambda block: block.start) if self._edges else found)

    def _paragraphs(self) -> Iterator[list[Line]]:
        """Yield the lines of each block: one line, or the lines of a wrapped paragraph."""
        group: list[Line] = []
        at_edge = False
        for line in self._lines:
            if line.position in self._edges:
                at_edge = True
                yield [line]
                continue
            if self._text[line.start : line.end] in EXPORT_MARKS:
                if group:
                    yield group
                group, at_edge = [], False
                yield [line]
                continue
            if group and not self._goes_on(group[-1], line, at_edge=at_edge):
                yield group
                group = []
            group.append(line)
            at_edge = False
        if group:
            yield group

    def _goes_on(self, first: Line, second: Line, *, at_edge: bool) -> bool:
        """Return whether the second line continues the paragraph of the first, on the same page or the next."""
        if self._wrapping is None or self._cut_between(first, second) is None:
            return False
        kind = self._breaks.get(second.position, "line")
        if at_edge or kind == "page":
            return continues_after_page(self._text, first, second, self._wrapping)
        return kind == "line" and continues(self._text, first, second, self._wrapping)

    def _cut_between(self, first: Line, second: Line) -> tuple[int, int] | None:
        """Return the range to leave out between two joined lines, empty for none; `None` if they cannot be joined.

        The white space between their words has to be a character of the source.
        """
        gap = self._text[first.end : second.start]
        join = join_of(self._text, first, second, self._wrapping) if self._wrapping else "space"
        if join != "space":
            return first.end - (join == "without-hyphen"), second.start
        if gap.isspace():
            return second.start, second.start
        if gap[:1].isspace():
            return first.end + 1, second.start
        return (first.end, second.start - 1) if gap[-1:].isspace() else None

    def _block(self, group: Sequence[Line]) -> Block:
        whole = Span(start=group[0].start, end=group[-1].end)
        segments = trim_spans(self._text, list(self._segments(group))) or (whole,)
        collapsed = " ".join("".join(self._text[span.start : span.end] for span in segments).split())
        return Block(
            segments=segments,
            line_start=group[0].number,
            line_end=group[-1].number,
            text=collapsed,
            features=measure(collapsed, in_capitals=self._in_capitals),
            rule=self._rule(group[0]),
            columns=count_columns(self._text, group[0]) if len(group) == 1 else 1,
        )

    def _rule(self, line: Line) -> str | None:
        """Return the rule that drops a line for its position, or `None`."""
        if line.position in self._edges:
            return "page-edge"
        return "export-mark" if self._text[line.start : line.end] in EXPORT_MARKS else None

    def _segments(self, group: Sequence[Line]) -> Iterator[Span]:
        """Yield the ranges of the lines of a block, without the ranges that are left out."""
        start, end = group[0].start, group[-1].end
        between = [self._cut_between(first, second) for first, second in pairwise(group)]
        cuts = [cut for cut in between if cut and cut[0] < cut[1]]
        if self._left_out:
            inside = slice(bisect_left(self._left_out, (start, 0)), bisect_left(self._left_out, (end, 0)))
            cuts = sorted([*cuts, *self._left_out[inside]])
        for cut_start, cut_end in cuts:
            if start < min(cut_start, end):
                yield Span(start=start, end=min(cut_start, end))
            start = max(start, cut_end)
        if start < end:
            yield Span(start=start, end=end)


def _breaks(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Yield for each line that is not blank its position and its separator from the previous one.

    The separator is "line", "blank", "paragraph" or "page".
    """
    kind = "line"
    for line in lines:
        if line.after != "line":
            kind = line.after if kind != "page" else kind
        if line.blank:
            kind = "blank" if kind == "line" else kind
        else:
            yield line.position, kind
            kind = "line"
