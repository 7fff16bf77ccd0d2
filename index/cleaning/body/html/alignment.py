"""Alignment of two texts by words: the words of a text that also occur, in the same order, in an extract of it.

Runs of four words that occur in both texts are the anchors. The match grows from them word by word, and short gaps
between them are compared in full. Of a passage that our text repeats, the first occurrence is matched. The running time
is O(n log n) in the length of the texts, however repetitive they are.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

RUN_WORDS = 4
# Maximum number of occurrences of an anchor in either text.
MAX_OCCURRENCES = 3
# Maximum sizes of a gap that is compared, since the time of a comparison is the product of its two sizes.
MAX_GAP_WORDS, MAX_OWN_GAP_WORDS = 60, 600
# A single common word is no evidence in a gap, unless the gap has only one word.
MIN_COMMON_WORDS = 2


def matched_words(ours: Sequence[str], theirs: Sequence[str]) -> list[bool]:
    """Return for each of our words whether `theirs` has it at the corresponding position."""
    matched = [False] * len(ours)
    edge = their_edge = 0
    for position, their_position in [*_anchors(ours, theirs), (len(ours), len(theirs))]:
        start, their_start = edge, their_edge
        while start < position and their_start < their_position and ours[start] == theirs[their_start]:
            matched[start] = True
            start, their_start = start + 1, their_start + 1
        end, their_end = position, their_position
        while end > start and their_end > their_start and ours[end - 1] == theirs[their_end - 1]:
            end, their_end = end - 1, their_end - 1
            matched[end] = True
        for offset in _matches_in_gap(ours[start:end], theirs[their_start:their_end]):
            matched[start + offset] = True
        edge, their_edge = position, their_position
    return matched


def _matches_in_gap(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[int]:
    """Yield the positions of our words in a short gap that `theirs` has in the same order."""
    if not theirs or len(theirs) > MAX_GAP_WORDS or len(ours) > MAX_OWN_GAP_WORDS:
        return
    for start in range(0, len(ours), MAX_GAP_WORDS):
        window = ours[start : start + MAX_GAP_WORDS]
        for block in SequenceMatcher(None, window, theirs, autojunk=False).get_matching_blocks():
            if block.size >= min(MIN_COMMON_WORDS, len(theirs)):
                yield from range(start + block.a, start + block.a + block.size)


def _anchors(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of positions at which the same run begins in both texts, increasing in both."""
    our_runs, their_runs = _run_positions(ours), _run_positions(theirs)
    common = (
        run
        for run in our_runs
        if run in their_runs and max(len(our_runs[run]), len(their_runs[run])) <= MAX_OCCURRENCES
    )
    return _longest_increasing(
        [(position, other) for run in common for position in our_runs[run] for other in their_runs[run]]
    )


def _run_positions(words: Sequence[str]) -> Mapping[tuple[str, ...], list[int]]:
    positions: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, run in enumerate(zip(*(words[shift:] for shift in range(RUN_WORDS)), strict=False)):
        positions[run].append(position)
    return positions


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest selection of pairs that increases in both positions.

    The algorithm is patience sorting from the end, which prefers the first of equal occurrences.
    """
    backwards = sorted(pairs, key=lambda pair: (-pair[0], pair[1]))
    piles: list[int] = []
    tops: list[int] = []
    predecessors: list[int] = []
    for index, (_, other) in enumerate(backwards):
        pile = bisect_left(piles, -other)
        predecessors.append(tops[pile - 1] if pile else -1)
        piles[pile : pile + 1] = [-other]
        tops[pile : pile + 1] = [index]
    selected: list[tuple[int, int]] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        selected.append(backwards[index])
        index = predecessors[index]
    return selected
