"""Candidates to a ranking: scores are standardised over the candidates of one question, then added. Pure.

Keeping the scores beats keeping only the ranks on every collection measured: docs/decisions.md has the figures.
"""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

LEXICAL_WEIGHT = 0.8


def fuse(dense: Scores, sentence: Scores, lexical: Scores) -> Scores:
    """One fused score a candidate, from its two cosines and its BM25 score; higher is better in all four."""
    return standardise(dense + sentence) + LEXICAL_WEIGHT * standardise(lexical)


def standardise(scores: Scores) -> Scores:
    """Subtract the mean and divide by the standard deviation; all zeros where the scores do not differ."""
    if scores.size == 0:
        return scores
    deviation = scores.std()
    if deviation < 1e-9:  # noqa: PLR2004 - equal up to rounding, so there is nothing to tell apart
        return np.zeros_like(scores)
    standardised: Scores = (scores - scores.mean()) / deviation
    return standardised
