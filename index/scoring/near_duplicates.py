"""Near-duplicate paragraphs: wire copy that a desk has touched up. Pure.

Two paragraphs are the same passage if their vectors are close and their texts nearly equal, and if they state the same
numbers: "7 dead" is news where "5 dead" was printed before.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from wherefrom.index.arrays import Matrix

CLOSE = 0.9
"""Cosine from which two paragraphs' texts are compared at all; of texts that are nearly equal it is 0.95 and more."""
NEARLY_EQUAL = 85.0
"""Rapidfuzz's ratio from which two texts are one passage: about one word in seven may differ."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def same_passage(one: str, other: str) -> bool:
    """Whether two texts say the same but for a few words, and the same numbers."""
    if sorted(NUMBER.findall(one)) != sorted(NUMBER.findall(other)):
        return False
    return fuzz.ratio(_plain(one), _plain(other), score_cutoff=NEARLY_EQUAL) > 0


def near(vectors: Matrix, documents: Positions) -> Mask:
    """Which paragraphs of different documents are close enough to each other for their texts to be compared."""
    close: Mask = (vectors @ vectors.T >= CLOSE) & (documents[:, None] != documents[None, :])
    return close


def fold(close: Mask, documents: Positions, text: Callable[[int], str]) -> list[list[int]]:
    """Ranked paragraphs as groups of positions that are one passage, each by its first, which is its best.

    `close`, as `near` has it, and `documents` are theirs in the order of the ranking; `text` is asked only for those
    that are close. A document repeats itself on purpose, so two paragraphs of one are never folded.
    """
    groups: list[list[int]] = []
    paired = np.flatnonzero(np.any(close, axis=1)).tolist()
    for position in range(len(documents)):
        alike = (group for group in groups if close[position, group[0]] and _joins(position, group, documents, text))
        group = next(alike, None) if position in paired else None
        if group is None:
            groups.append([position])
        else:
            group.append(position)
    return groups


def _joins(position: int, group: Sequence[int], documents: Positions, text: Callable[[int], str]) -> bool:
    return documents[position] not in documents[group] and same_passage(text(position), text(group[0]))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
