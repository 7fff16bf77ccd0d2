"""Which words of one text stand, in their order, in another that was made from it.

Runs of four words that stand in both texts are the fixed points; from them the match grows word by word, and short
gaps between them are compared whole. Where our text says something twice its first saying is taken. The time grows
with the length of the texts, however they repeat.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

RUN = 4
# A run that stands more often than this, in either text, is no fixed point.
MOST_COPIES = 3
# A gap is compared whole, which takes the product of its two sizes, only up to so many words.
LARGEST_GAP, LARGEST_OWN_GAP = 60, 600
# A single word in common says nothing in a gap, unless the gap is no more than that.
LEAST_COMMON = 2


def matched_words(ours: Sequence[str], theirs: Sequence[str]) -> list[bool]:
    """For each of our words whether theirs has it too, at its place in the order."""
    matched = [False] * len(ours)
    edge = their_edge = 0
    for place, their_place in [*_fixed_points(ours, theirs), (len(ours), len(theirs))]:
        start, their_start = edge, their_edge
        while start < place and their_start < their_place and ours[start] == theirs[their_start]:
            matched[start] = True
            start, their_start = start + 1, their_start + 1
        end, their_end = place, their_place
        while end > start and their_end > their_start and ours[end - 1] == theirs[their_end - 1]:
            end, their_end = end - 1, their_end - 1
            matched[end] = True
        for at in _in_gap(ours[start:end], theirs[their_start:their_end]):
            matched[start + at] = True
        edge, their_edge = place, their_place
    return matched


def _in_gap(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[int]:
    """Our words of a short gap that theirs has in the same order."""
    if not theirs or len(theirs) > LARGEST_GAP or len(ours) > LARGEST_OWN_GAP:
        return
    for window in range(0, len(ours), LARGEST_GAP):
        part = ours[window : window + LARGEST_GAP]
        for block in SequenceMatcher(None, part, theirs, autojunk=False).get_matching_blocks():
            if block.size >= min(LEAST_COMMON, len(theirs)):
                yield from range(window + block.a, window + block.a + block.size)


def _fixed_points(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Places where the same run of words begins in both texts, each later than the one before in both."""
    here, there = _places(ours), _places(theirs)
    common = (run for run in here if run in there and max(len(here[run]), len(there[run])) <= MOST_COPIES)
    return _rising([(place, other) for run in common for place in here[run] for other in there[run]])


def _places(words: Sequence[str]) -> Mapping[tuple[str, ...], list[int]]:
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, run in enumerate(zip(*(words[shift:] for shift in range(RUN)), strict=False)):
        places[run].append(place)
    return places


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest selection of pairs in which both places rise (patience sorting, from the end to prefer the first)."""
    backwards = sorted(pairs, key=lambda pair: (-pair[0], pair[1]))
    piles: list[int] = []
    tops: list[int] = []
    below: list[int] = []
    for at, (_, other) in enumerate(backwards):
        pile = bisect_left(piles, -other)
        below.append(tops[pile - 1] if pile else -1)
        piles[pile : pile + 1] = [-other]
        tops[pile : pile + 1] = [at]
    chosen: list[tuple[int, int]] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        chosen.append(backwards[at])
        at = below[at]
    return chosen
