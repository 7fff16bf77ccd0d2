"""Which texts go through a model together. Pure.

A text is padded to a length that follows from its own alone, never from its neighbours: with the length fixed, a row
of the exported graph is the same, bit for bit, whatever else is in the batch (docs/decisions.md).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

SHORTEST = 16
"""Tokens that every text has at least: fewer take no less time, and questions of one length go together."""
STEPS = ((SHORTEST, SHORTEST), (128, 8))
LAST_STEP = 16
TOKENS = 512
"""Tokens in a batch: from there on a text costs the same however many go together."""


def padded(length: int, most: int) -> int:
    """The length that a text of so many tokens is padded to."""
    step = next((step for limit, step in STEPS if length <= limit), LAST_STEP)
    return min(-(-length // step) * step, most)


def batches(lengths: Sequence[int], most: int) -> Iterator[tuple[int, list[int]]]:
    """Every text once, as (padded length, positions); as many together as the tokens allow."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for position, length in enumerate(lengths):
        groups[padded(length, most)].append(position)
    for length, positions in sorted(groups.items()):
        size = max(TOKENS // length, 1)
        yield from ((length, positions[start : start + size]) for start in range(0, len(positions), size))
