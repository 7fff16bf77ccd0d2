"""Late interaction: how well each token of a question is matched by the tokens of a paragraph.

A paragraph's tokens are embedded after the paragraph before it, so that the "he" of "he said" carries a name. They are
stored as 8-bit integers without a scale, since their length is 1; docs/decisions.md has the loss in accuracy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Matrix, Scores

INT8_MAX = 127
SOFT_MIN_SHARPNESS = 8.0
"""Sharpness of `soft_min`: the larger, the closer to the minimum; at 0 it would be the mean."""
MATCH_COSINE = 0.6
"""The cosine from which a token counts as matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTokens:
    """The token vectors of a question, shape (tokens, dimension), unit length, and their weights, which sum to 1."""

    tokens: Matrix
    weights: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMatch:
    """Measures of how well each paragraph matches the tokens of a question; each of shape (paragraphs,).

    `mean` is the weighted mean over the question's tokens of the best cosine, `soft_min` a smooth minimum of the same,
    and `shortfall` the weighted mean of how far the best cosines fall short of MATCH_COSINE (lower is better).
    """

    mean: Scores
    soft_min: Scores
    shortfall: Scores

    @classmethod
    def none(cls, paragraphs: int) -> Self:
        """Return the values of paragraphs that match no token."""
        zeros = np.zeros(paragraphs)
        return cls(mean=zeros, soft_min=zeros.copy(), shortfall=np.full(paragraphs, MATCH_COSINE))


def pack(tokens: Matrix) -> bytes:
    """Encode unit vectors, one row per token, as 8-bit integers."""
    largest = np.maximum(np.abs(tokens).max(axis=1, initial=0, keepdims=True), 1e-12)
    packed: bytes = np.rint(tokens * (INT8_MAX / largest)).astype(np.int8).tobytes()
    return packed


def unpack(packed: Sequence[npt.NDArray[np.uint8]], dimension: int) -> Matrix:
    """Decode what `pack` wrote for several texts; returns float32 rows, of unit length up to rounding, concatenated."""
    numbers = np.concatenate(packed).view(np.int8).reshape(-1, dimension).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", numbers, numbers))
    numbers /= np.maximum(lengths, 1)[:, None]
    return numbers


def match_tokens(query: QueryTokens, tokens: Matrix, counts: Sequence[int]) -> TokenMatch:
    """Match a question with paragraphs of `counts` tokens each, whose vectors are concatenated in `tokens`."""
    match = TokenMatch.none(len(counts))
    sizes = np.array(counts, dtype=np.int64)
    nonempty = np.flatnonzero(sizes)
    if not len(query.tokens) or not len(nonempty):
        return match
    starts = (np.cumsum(sizes) - sizes)[nonempty]
    # The product in this order takes two thirds of the time of its transpose, and gives the same bits.
    best = np.ascontiguousarray(np.maximum.reduceat(tokens @ query.tokens.T, starts, axis=0).T)
    match.mean[nonempty] = query.weights @ best
    exponentials = np.exp(-SOFT_MIN_SHARPNESS * best)  # of cosines, so between 1/3000 and 3000
    match.soft_min[nonempty] = -np.log(query.weights @ exponentials) / SOFT_MIN_SHARPNESS
    match.shortfall[nonempty] = query.weights @ np.minimum(np.maximum(MATCH_COSINE - best, 0), 1)
    return match
