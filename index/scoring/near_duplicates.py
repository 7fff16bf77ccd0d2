"""Near-duplicate paragraphs: slightly edited wire copy.

Two paragraphs are the same passage if their vectors are close, their texts nearly equal, and their numbers equal:
"7 dead" is news after "5 dead". A dateline with a day, such as "SEOUL, Feb. 2 (Yonhap) --", is no part of the text, but
texts of two days that differ in words are the same only if they have numbers, which would differ too.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz

from wherefrom.index.arrays import Mask, Matrix, Rows
from wherefrom.index.text.dates import MONTH

CLOSE_COSINE = 0.9
"""The cosine from which two texts are compared at all; nearly equal texts have 0.95 and more."""
MIN_RATIO = 85.0
"""The rapidfuzz ratio from which two texts are the same passage: about one word in seven may differ."""
MAX_COMPARED_CHARACTERS = 4_000
"""Longer texts are not compared, since the time is quadratic in their length: 0.1 ms for two texts of this length.

Cleaning makes paragraphs of at most about 250 words; an index of an earlier version may hold longer ones.
"""
DAY = rf"(?:{MONTH.format('before')}\.?\s\d{{1,2}}|\d{{1,2}}\.?\s{MONTH.format('after')}\.?)(?:,?\s\d{{4}})?"
DATELINE = re.compile(
    rf"(?P<place>[^\W\d_][^\d()]{{1,40}}?)[\s,]\s?(?P<day>(?i:{DAY})),?\s*(?P<agency>\([^()\d]{{1,40}}\)\s*)?[-\u2013\u2014:]{{1,2}}\s"
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def same_passage(first: str, second: str) -> bool:
    """Return whether two texts have the same numbers and differ in few words; false for texts that are too long."""
    if max(len(first), len(second)) > MAX_COMPARED_CHARACTERS:
        return False
    (first_day, first), (second_day, second) = _divided(first), _divided(second)
    numbers = sorted(NUMBER.findall(first))
    if numbers != sorted(NUMBER.findall(second)):
        return False
    is_of_other_day = bool(first_day and second_day) and first_day != second_day and not numbers
    least = 100.0 if is_of_other_day else MIN_RATIO
    return fuzz.ratio(_normalised(first), _normalised(second), score_cutoff=least) > 0


def close_pairs(vectors: Matrix, documents: Rows) -> Mask:
    """Return which paragraphs are close enough for their texts to be compared, shape (n, n).

    Paragraphs of one document are never close: a document repeats itself on purpose.
    """
    close: Mask = (vectors @ vectors.T >= CLOSE_COSINE) & (documents[:, None] != documents[None, :])
    return close


def group_duplicates(close: Mask, documents: Rows, text: Callable[[int], str]) -> list[list[int]]:
    """Group ranked paragraphs that are the same passage; each group has its best-ranked position first.

    `close` (see `close_pairs`) and `documents` are in the order of the ranking; `text` is called for close ones only.
    """
    groups: list[list[int]] = []
    suspects = np.flatnonzero(np.any(close, axis=1)).tolist()
    for position in range(len(documents)):
        matching = (group for group in groups if close[position, group[0]] and _joins(position, group, documents, text))
        group = next(matching, None) if position in suspects else None
        if group is None:
            groups.append([position])
        else:
            group.append(position)
    return groups


def _joins(position: int, group: Sequence[int], documents: Rows, text: Callable[[int], str]) -> bool:
    return documents[position] not in documents[group] and same_passage(text(position), text(group[0]))


def _divided(text: str) -> tuple[str, str]:
    """Return the number of the day in a dateline that has either a place in capitals or an agency, and the other text.

    The day is empty without such a dateline.
    """
    match = DATELINE.match(text)
    if match is None or not (match["agency"] is not None or match["place"].isupper()):
        return "", text
    return NUMBER.findall(match["day"])[0], text[match.end() :]


def _normalised(text: str) -> str:
    return " ".join(text.casefold().split())
