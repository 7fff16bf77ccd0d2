"""Late interaction: how well the tokens of a question are each met by some token of a paragraph. Pure.

A paragraph's tokens are read after the paragraph before it, so that "he said" is known by whom. They are kept as
8-bit numbers with a scale a token; that moves a score by less than 0.001 (docs/decisions.md).
"""

from collections.abc import Sequence

import numpy as np

from index.embedder import Matrix
from index.fusion import Scores

SCALE_BYTES = 4
STEPS = 127


def pack(tokens: Matrix) -> bytes:
    """Unit vectors, a row a token, as bytes: each row its 8-bit numbers and then its float32 scale."""
    scales = np.maximum(np.abs(tokens).max(axis=1, initial=0, keepdims=True), 1e-12) / STEPS
    numbers = np.rint(tokens / scales).astype(np.int8)
    return np.concatenate([numbers, scales.astype("<f4").view(np.int8)], axis=1).tobytes()


def unpack(packed: bytes, dimension: int) -> Matrix:
    """The float32 rows that `pack` was given, to within half a step."""
    rows = np.frombuffer(packed, dtype=np.int8).reshape(-1, dimension + SCALE_BYTES)
    scales = np.ascontiguousarray(rows[:, dimension:]).view("<f4")
    unpacked: Matrix = rows[:, :dimension] * scales
    return unpacked


def interaction(question: Matrix, paragraphs: Sequence[Matrix]) -> Scores:
    """For each paragraph the mean, over the question's tokens, of the best cosine with a token of the paragraph."""
    scores = np.zeros(len(paragraphs))
    read = [number for number, tokens in enumerate(paragraphs) if len(tokens)]
    if not len(question) or not read:
        return scores
    starts = np.cumsum([0, *(len(paragraphs[number]) for number in read)])[:-1]
    cosines = question @ np.concatenate([paragraphs[number] for number in read]).T
    scores[read] = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
    return scores
