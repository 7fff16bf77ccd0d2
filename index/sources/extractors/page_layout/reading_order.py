"""Arranges runs into lines in reading order: columns from left to right, with spanning text between them.

A gutter is a vertical strip that few runs cross, with lines of text on both sides. Runs that cross it (a headline over
two columns, a footnote below them) divide the page into bands, and each band is read column by column.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from wherefrom.index.sources.extractors.page_layout.runs import WORDS_OF_ONE_LETTER, Run, is_drop_cap, is_raised
from wherefrom.index.sources.extractors.reading.raised_text import raised

# Minimum width of a gutter in font sizes, and minimum number of lines on each side of it.
MIN_GUTTER = 0.7
MIN_COLUMN_LINES = 4
# Maximum number and share of the lines that may end in a gutter, and maximum share of all runs that may cross it.
MAX_LINES_IN_GUTTER, MAX_SHARE_IN_GUTTER = 3, 0.08
MAX_CROSSING_SHARE = 0.25
# Minimum share of the column's width and minimum number of words of the median line in a column of text; tables have
# shorter lines.
MIN_FILLED_SHARE, MIN_WORDS = 0.6, 3
# Minimum gap, in font sizes, between two cells of a table on one line.
CELL_GAP = 2.0
CELL_MARK = "\t"
# Of justified text in a narrow column, in font sizes: its maximum width, indent and distance of lines, and the maximum
# difference of its gaps and of the ends of its lines.
MAX_JUSTIFIED_WIDTH, MAX_INDENT, MAX_JUSTIFIED_PITCH = 20.0, 2.5, 1.6
MAX_GAP_DIFFERENCE, MAX_EDGE_DIFFERENCE = 0.25, 0.2
# Rows of a table are at the same height on both sides of a gutter; lines of independent columns rarely are.
MAX_ALIGNED_SHARE, ALIGNED_DISTANCE = 0.6, 0.12
MAX_DEPTH = 6
# Number of last lines that a run is compared with; several can overlap, as in a table with cells of several lines.
MAX_OPEN_LINES = 8
MIN_LINE_OVERLAP = 0.5
# Maximum size of superscripts and subscripts as a share of the text's, and their minimum overlap with its line.
MAX_SCRIPT_SIZE, MIN_SCRIPT_OVERLAP = 0.85, 0.15
MAX_MARK_GAP = 0.15
"""Maximum gap, in font sizes, between a text and a raised part that belongs to it."""


@dataclass(slots=True)
class Line:
    """Runs on one line of a column, from left to right. Lines of different columns have different `column`s."""

    runs: list[Run]
    column: int = 0
    column_left: float = 0.0
    column_right: float = 0.0
    text: str = field(init=False)
    left: float = field(init=False)
    top: float = field(init=False)
    right: float = field(init=False)
    bottom: float = field(init=False)
    size: float = field(init=False)
    bold: bool = field(init=False)
    has_drop_cap: bool = field(init=False)

    def __post_init__(self) -> None:
        self.runs.sort(key=lambda run: run.left)
        self.has_drop_cap = len(self.runs) > 1 and len(self.runs[0].text) == 1 and is_drop_cap(*self.runs[:2])
        longest = max(self.runs, key=lambda run: len(run.text))
        self.text = "".join(_joined(self.runs))
        self.left = self.runs[0].left
        self.right = max(run.right for run in self.runs)
        self.top = min(run.top for run in self.runs)
        self.bottom = max(run.bottom for run in self.runs[self.has_drop_cap :])
        self.size = longest.size
        self.bold = all(run.bold for run in self.runs)

    @property
    def is_row(self) -> bool:
        """Whether the line has cells, like the row of a table."""
        return CELL_MARK in self.text


def lines_in_order(runs: Sequence[Run]) -> list[Line]:
    """Return the lines of a page in reading order."""
    return [line for number, region in enumerate(_regions(list(runs), 0)) for line in _lines(region, number)]


def _regions(runs: list[Run], depth: int) -> Iterator[list[Run]]:
    """Yield the runs of each column and of each band across columns, in reading order."""
    gutter = _find_gutter(runs) if depth < MAX_DEPTH else None
    if gutter is None:
        if runs:
            yield runs
        return
    middle = (gutter[0] + gutter[1]) / 2
    crossing, others = _divided(runs, middle)
    edges = _bands(crossing)
    tops = [edge[0].top for edge in edges]
    beside: list[list[Run]] = [[] for _ in range(len(edges) + 1)]
    for run in others:
        beside[bisect_left(tops, run.middle)].append(run)
    for number, band in enumerate(beside):
        if number:
            yield edges[number - 1]
        yield from _regions([run for run in band if run.right <= middle], depth + 1)
        yield from _regions([run for run in band if run.right > middle], depth + 1)


def _divided(runs: Sequence[Run], middle: float) -> tuple[list[Run], list[Run]]:
    """Return the runs that cross a gutter with the other cells of their rows, and the runs beside it."""
    crossing = [run for run in runs if run.left < middle < run.right]
    widths = (middle - min(run.left for run in runs), max(run.right for run in runs) - middle)
    most = MIN_FILLED_SHARE * min(widths)
    cells = sorted((run for run in crossing if run.width < most), key=lambda run: run.bottom)
    bottoms = [run.bottom for run in cells]
    others = []
    for run in runs:
        if run.left < middle < run.right:
            continue
        at = bisect_left(bottoms, run.bottom - ALIGNED_DISTANCE * run.size)
        is_beside = at < len(cells) and bottoms[at] < run.bottom + ALIGNED_DISTANCE * run.size
        if is_beside and run.width < most and abs(cells[at].size - run.size) < MAX_EDGE_DIFFERENCE:
            crossing.append(run)
        else:
            others.append(run)
    return crossing, others


def _bands(crossing: Sequence[Run]) -> list[list[Run]]:
    """Return the crossing runs in groups of runs directly below each other, from the top."""
    bands: list[list[Run]] = []
    for run in sorted(crossing, key=lambda each: (each.top, each.left)):
        if bands and run.top - max(each.bottom for each in bands[-1][-3:]) < run.size:
            bands[-1].append(run)
        else:
            bands.append([run])
    return bands


def _find_gutter(runs: Sequence[Run]) -> tuple[float, float] | None:
    """Return the left and right edge of the widest gutter between columns of text, or `None`."""
    if len(runs) < 2 * MIN_COLUMN_LINES:
        return None
    size = sorted(run.size for run in runs)[len(runs) // 2]
    best: tuple[float, float] | None = None
    # The second limit finds gutters beside a short column, which has fewer lines than may cross a gutter.
    limits = (MAX_CROSSING_SHARE * len(runs), min(MAX_CROSSING_SHARE * len(runs), MIN_COLUMN_LINES - 1))
    for left, right in chain.from_iterable(_gaps(runs, most, MIN_GUTTER * size) for most in limits):
        if best is None or right - left > best[1] - best[0]:
            middle = (left + right) / 2
            before = [run for run in runs if run.right <= middle]
            after = [run for run in runs if run.left >= middle]
            if _are_columns(before, after):
                best = (left, right)
    return best


def _gaps(runs: Sequence[Run], most: float, width: float) -> Iterator[tuple[float, float]]:
    """Yield the gutter in each strip that at most `most` runs cross, between strips that more than `most` cross.

    The lines beside a gutter end at different positions; the gutter is the part that the fewest of them reach, if it
    has at least this width.
    """
    at_most = max(MAX_LINES_IN_GUTTER, int(MAX_SHARE_IN_GUTTER * len(runs)))
    events = sorted([*((run.left, 1) for run in runs), *((run.right, -1) for run in runs)])
    crossing = 0
    strips: list[tuple[int, float, float]] = []
    is_inside = False
    for (position, change), (following, _) in pairwise(events):
        crossing += change
        if crossing > most:
            if strips and (gutter := _gutter_of(strips, width, at_most)):
                yield gutter
            strips, is_inside = [], True
        elif is_inside and following > position:
            strips.append((crossing, position, following))


def _gutter_of(strips: Sequence[tuple[int, float, float]], width: float, at_most: int) -> tuple[float, float] | None:
    """Return the widest part of adjacent strips that the fewest runs cross, or up to `at_most` if it is too narrow.

    A strip is given by the number of crossing runs, its left and its right edge. A few lines that end in a gutter, such
    as a running head that is wider than the column below it or the cells of a table, do not make it narrower.
    """
    fewest = min(crossing for crossing, _, _ in strips)
    for most in sorted({crossing for crossing, _, _ in strips if crossing <= max(fewest, at_most)}):
        parts: list[tuple[float, float]] = []
        for crossing, left, right in strips:
            if crossing > most:
                continue
            if parts and parts[-1][1] == left:
                parts[-1] = (parts[-1][0], right)
            else:
                parts.append((left, right))
        gutter = max(parts, key=lambda part: part[1] - part[0])
        if gutter[1] - gutter[0] >= width:
            return gutter
    return None


def _are_columns(before: Sequence[Run], after: Sequence[Run]) -> bool:
    """Return whether the runs on both sides of a gutter are columns, which are read one after the other.

    These are two columns of text, or a column of text beside lines at other heights, but not the rows of a table.
    """
    if min(len(before), len(after)) < MIN_COLUMN_LINES or not _stand_beside(before, after):
        return False
    columns = _is_column(before) + _is_column(after)
    return columns == 2 or (columns == 1 and _aligned_share(before, after) <= MAX_ALIGNED_SHARE)  # noqa: PLR2004


def _aligned_share(before: Sequence[Run], after: Sequence[Run]) -> float:
    """Return the share of the adjacent lines, of the side with fewer lines, that are at the height of another line."""
    fewer, more = sorted((_grouped(before), _grouped(after)), key=len)
    bottoms = sorted(line[0].bottom for line in more)
    beside = [line[0] for line in fewer if bottoms[0] - line[0].size < line[0].bottom < bottoms[-1] + line[0].size]
    aligned = 0
    for run in beside:
        at = bisect_left(bottoms, run.bottom)
        nearest = min(abs(bottoms[near] - run.bottom) for near in (max(at - 1, 0), min(at, len(bottoms) - 1)))
        aligned += nearest < ALIGNED_DISTANCE * run.size
    return aligned / max(len(beside), 1)


def _is_column(runs: Sequence[Run]) -> bool:
    """Return whether runs are lines of text that fill a column, rather than the cells of a table."""
    lines = _grouped(runs)
    if len(lines) < MIN_COLUMN_LINES:
        return False
    widths = sorted(max(run.right for run in line) - min(run.left for run in line) for line in lines)
    words = sorted(sum(run.text.count(" ") + 1 for run in line) for line in lines)
    return widths[len(widths) // 2] >= MIN_FILLED_SHARE * widths[-1] and words[len(words) // 2] >= MIN_WORDS


def _stand_beside(before: Sequence[Run], after: Sequence[Run]) -> bool:
    """Return whether two columns share a part of the page's height."""
    top = max(min(run.top for run in column) for column in (before, after))
    bottom = min(max(run.bottom for run in column) for column in (before, after))
    return bottom - top > MIN_COLUMN_LINES / 2 * before[0].size


def _grouped(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs grouped by line, from the top."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: each.middle):
        line = next((line for line in lines[-MAX_OPEN_LINES:] if _is_on_line(line, run)), None)
        if line is None:
            lines.append([run])
        else:
            line.append(run)
    return sorted(lines, key=lambda line: min(run.middle for run in line))


def _is_on_line(line: Sequence[Run], run: Run) -> bool:
    """Return whether a run is on a line: at its height, and beside all of its runs."""
    tallest = max(line, key=lambda each: each.bottom - each.top)
    overlap = min(tallest.bottom, run.bottom) - max(tallest.top, run.top)
    is_script = run.size < MAX_SCRIPT_SIZE * tallest.size or tallest.size < MAX_SCRIPT_SIZE * run.size
    least = MIN_SCRIPT_OVERLAP if is_script else MIN_LINE_OVERLAP
    if overlap < least * min(tallest.bottom - tallest.top, run.bottom - run.top):
        return False
    return all(run.left >= each.right - run.size / 2 or run.right <= each.left + run.size / 2 for each in line)


def _lines(runs: Sequence[Run], column: int) -> Iterator[Line]:
    lines = [Line(group) for group in _grouped(runs)]
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    neighbours = [(None, *lines, None)[at : at + 3] for at in range(len(lines))]
    for line, (before, _, after) in zip(lines, neighbours, strict=True):
        if line.is_row and any(other is not None and _is_justified(line, other) for other in (before, after)):
            line.text = line.text.replace(CELL_MARK, " ")
        line.column, line.column_left, line.column_right = column, left, right
        yield line


def _is_justified(line: Line, other: Line) -> bool:
    """Return whether a line is justified text with wide gaps, not the row of a table, like the line above or below it.

    All of its gaps have the same width, also those between the words of a cell, and it ends where the other line ends.
    """
    gaps = [run.left - before.right for before, run in pairwise(line.runs)]
    has_equal_gaps = max(gaps) - min(gaps) < MAX_GAP_DIFFERENCE * line.size
    is_of_words = not any(" " in run.text for run in line.runs)
    ends_alike = abs(line.right - other.right) < MAX_EDGE_DIFFERENCE * line.size
    starts_alike = abs(line.left - other.left) < MAX_INDENT * line.size
    is_near = abs(line.bottom - other.bottom) < MAX_JUSTIFIED_PITCH * line.size
    is_text = not other.is_row and " " in other.text and abs(other.size - line.size) < MAX_EDGE_DIFFERENCE * line.size
    is_narrow = line.right - line.left < MAX_JUSTIFIED_WIDTH * line.size
    return has_equal_gaps and is_of_words and ends_alike and starts_alike and is_near and is_text and is_narrow


def _joined(runs: Sequence[Run]) -> Iterator[str]:
    text = runs[0].text
    yield text
    for before, run in pairwise(runs):
        gap = run.left - before.right
        if before is runs[0] and len(before.text) == 1 and is_drop_cap(before, run):
            text = run.text
            yield f" {text}" if before.text in WORDS_OF_ONE_LETTER else text
            continue
        if gap <= MAX_MARK_GAP * before.size and is_raised(run, before):
            yield raised(run.text, text)
            continue
        if gap > CELL_GAP * max(before.size, run.size):
            yield CELL_MARK
        elif gap > 0.1 * run.size:
            yield " "
        text = run.text
        yield text
