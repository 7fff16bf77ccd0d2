"""Numbers of lines in the margin, as in court files, transcripts and manuscripts: they are no words of the text.

They count up by the same step from line to line, at the left of lines that go on from one to the next. The first column
of a table, such as the ranks of teams, and that of a list count up too, but their rows do not go on in lower case, or
are short. The years of a list of events are no numbers of lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wherefrom.index.sources.extractors.page_layout.runs import Run

MIN_NUMBERS, MAX_NUMBERS = 8, 200
MAX_MARGINS = 20
"""Number of leftmost numbers that are tried as those of a margin; a few may be elsewhere, as in a head."""
MAX_DIGITS = 4
YEARS = range(1500, 2100)
STEPS = (1, 5)
MIN_STEP_SHARE = 0.8
"""Minimum share of successive numbers that differ by the same step."""
MIN_GOING_ON_SHARE = 0.3
"""Minimum share of the lines beside numbers that begin in lower case below a line that goes on."""
MIN_LINE_WIDTH = 20.0
"""Minimum width, in font sizes, of a line that goes on: the items of a list are shorter."""
MIN_OVERLAP = 0.5
MAX_DRIFT = 1.0
"""Maximum distance of a number's left or right edge from that of the margin, in font sizes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """The line of text beside a number: whether it starts in lower case, its width and its font size in points."""

    starts_lower: bool
    width: float
    size: float


def line_numbers(runs: Sequence[Run]) -> list[Run]:
    """Return the runs of a page that are numbers of lines, from the top; empty if there are none."""
    numbers = sorted((run for run in runs if _is_number(run)), key=lambda run: run.top)
    if len(numbers) < MIN_NUMBERS:
        return []
    for margin in sorted(numbers, key=lambda run: run.left)[:MAX_MARGINS]:
        column = [run for run in numbers if _is_in_margin(run, margin)]
        if MIN_NUMBERS <= len(column) <= MAX_NUMBERS:
            return column if _count_up(column) and _stand_beside_text(column, runs) else []
    return []


def _is_number(run: Run) -> bool:
    return run.text.isascii() and run.text.isdigit() and len(run.text) <= MAX_DIGITS


def _is_in_margin(run: Run, margin: Run) -> bool:
    return min(abs(run.left - margin.left), abs(run.right - margin.right)) <= MAX_DRIFT * margin.size


def _count_up(numbers: Sequence[Run]) -> bool:
    steps = [int(after.text) - int(before.text) for before, after in pairwise(numbers)]
    are_years = all(int(number.text) in YEARS for number in numbers)
    return not are_years and any(steps.count(step) >= MIN_STEP_SHARE * len(steps) for step in STEPS)


def _stand_beside_text(numbers: Sequence[Run], runs: Sequence[Run]) -> bool:
    """Return whether nothing is at the left of the numbers, and lines of text that go on at their right."""
    left, right = min(run.left for run in numbers), max(run.right for run in numbers)
    top, bottom = numbers[0].top, numbers[-1].bottom
    if any(run.left < left and top < run.middle < bottom for run in runs):
        return False
    beside = [_beside(number, [run for run in runs if run.left >= right]) for number in numbers]
    going_on = sum(
        before is not None and before.width >= MIN_LINE_WIDTH * before.size and line is not None and line.starts_lower
        for before, line in pairwise(beside)
    )
    return going_on >= MIN_GOING_ON_SHARE * len(numbers)


def _beside(number: Run, runs: Sequence[Run]) -> _Beside | None:
    """Return the runs at the height of a number as one line; `None` without any."""
    height = number.bottom - number.top
    line = [run for run in runs if min(run.bottom, number.bottom) - max(run.top, number.top) >= MIN_OVERLAP * height]
    if not line:
        return None
    first = min(line, key=lambda run: run.left)
    width = max(run.right for run in line) - first.left
    return _Beside(starts_lower=first.text[:1].islower(), width=width, size=first.size)
