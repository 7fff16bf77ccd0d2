"""Late interaction: how well the tokens of a question are each met by some token of a paragraph. Pure.

A paragraph's tokens are read after the paragraph before it, so that "he said" is known by whom. They are kept as
8-bit numbers, a byte each: their length is 1 and needs no keeping. docs/decisions.md has what that costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Matrix, Scores

STEPS = 127
SHARPNESS = 8.0
"""How near `least` is to the worst met token: at 0 it would be the mean."""
ENOUGH = 0.6
"""The cosine from which a token counts as met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question's tokens as rows of length 1, and how much each matters; the weights sum to 1."""

    tokens: Matrix
    weights: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """For each paragraph how well it meets a question: on the mean, at the token met least, and what is unmet.

    `unmet` is how far the tokens fall short of the cosine ENOUGH, on the mean; lower is better in this one.
    """

    mean: Scores
    least: Scores
    unmet: Scores

    @classmethod
    def nothing(cls, paragraphs: int) -> Self:
        """Paragraphs that meet no token of a question."""
        return cls(mean=np.zeros(paragraphs), least=np.zeros(paragraphs), unmet=np.full(paragraphs, ENOUGH))


def pack(tokens: Matrix) -> bytes:
    """Unit vectors, a row a token, as 8-bit numbers."""
    largest = np.maximum(np.abs(tokens).max(axis=1, initial=0, keepdims=True), 1e-12)
    packed: bytes = np.rint(tokens * (STEPS / largest)).astype(np.int8).tobytes()
    return packed


def unpack(packed: Sequence[npt.NDArray[np.uint8]], dimension: int) -> Matrix:
    """The rows that `pack` made bytes of, one text's behind the other's, float32 of length 1 to within rounding."""
    numbers = np.concatenate(packed).view(np.int8).reshape(-1, dimension).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", numbers, numbers))
    numbers /= np.maximum(lengths, 1)[:, None]
    return numbers


def interaction(asked: Asked, tokens: Matrix, counts: Sequence[int]) -> Met:
    """How well paragraphs of so many tokens each, one behind the other in `tokens`, meet a question."""
    met = Met.nothing(len(counts))
    sizes = np.array(counts, dtype=np.int64)
    read = np.flatnonzero(sizes)
    if not len(asked.tokens) or not len(read):
        return met
    starts = (np.cumsum(sizes) - sizes)[read]
    # This way round the product takes two thirds of the time, and is the same to the last bit.
    best = np.ascontiguousarray(np.maximum.reduceat(tokens @ asked.tokens.T, starts, axis=0).T)
    met.mean[read] = asked.weights @ best
    spread = np.exp(-SHARPNESS * best)  # cosines, so this is between 1/3000 and 3000
    met.least[read] = -np.log(asked.weights @ spread) / SHARPNESS
    met.unmet[read] = asked.weights @ np.minimum(np.maximum(ENOUGH - best, 0), 1)
    return met
