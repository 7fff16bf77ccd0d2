"""Numbers of lines in the margin, as in court files, transcripts and manuscripts: they are no words of the text.

They count up by the same step from line to line, at the left of lines that go on from one to the next. The first column
of a table, such as the ranks of teams, counts up too, but its rows do not go on in lower case. The years of a list of
events are no numbers of lines.
"""

from collections.abc import Sequence
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
"""Minimum share of the lines beside numbers that begin in lower case."""
MIN_OVERLAP = 0.5
MAX_DRIFT = 1.0
"""Maximum distance of a number's left or right edge from that of the margin, in font sizes."""


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
    beside = [_first_beside(number, [run for run in runs if run.left >= right]) for number in numbers]
    going_on = sum(run is not None and run.text[:1].islower() for run in beside)
    return going_on >= MIN_GOING_ON_SHARE * len(numbers)


def _first_beside(number: Run, runs: Sequence[Run]) -> Run | None:
    """Return the leftmost of the runs at the height of a number."""
    height = number.bottom - number.top
    at_height = (
        run for run in runs if min(run.bottom, number.bottom) - max(run.top, number.top) >= MIN_OVERLAP * height
    )
    return min(at_height, key=lambda run: run.left, default=None)
