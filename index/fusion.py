"""Candidates to a ranking: scores are standardised over the candidates of one question, then added. Pure.

Keeping the scores beats keeping only the ranks on every collection measured: docs/decisions.md has the figures.
"""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

LEXICAL_WEIGHT = 0.8
LATE_WEIGHT = 0.7
LEANING = 0.3
LEANS_BELOW = 60
"""A paragraph of fewer terms leans on the one before it: by LEANING where it has none, by nothing from here on."""

LATE_WHOLE, LATE_NONE = 160, 256
"""Mean tokens of a paragraph up to which late interaction has its whole weight, and from which it has none.

It adds two points on paragraphs and takes as much away on whole abstracts, where any token finds a near one.
"""


def fuse(dense: Scores, sentence: Scores, lexical: Scores) -> Scores:
    """One fused score a candidate, from its two cosines and its BM25 score; higher is better in all four."""
    return standardise(dense + sentence) + LEXICAL_WEIGHT * standardise(lexical)


def lean(lexical: Scores, before: Scores, lengths: npt.NDArray[np.int64]) -> Scores:
    """BM25 scores with a share of the score of the paragraph before, 0 where there is none.

    The shorter a paragraph, the less it repeats of what it is about: "He declined" is about whom the one before names.
    """
    return lexical + LEANING * np.clip(1 - lengths / LEANS_BELOW, 0, 1) * before


def refine(fused: Scores, late: Scores, tokens: float) -> Scores:
    """Fused scores with late interaction added, by the mean number of tokens of the paragraphs that have one.

    Candidates without one (not a number) count as the lowest, so that they stay behind where they were.
    """
    known = ~np.isnan(late)
    if not known.any():
        return fused
    standardised = standardise(late[known])
    added = np.full(len(late), standardised.min())
    added[known] = standardised
    return fused + late_weight(tokens) * added


def late_weight(tokens: float) -> float:
    """The weight of late interaction among paragraphs of so many tokens on average."""
    return LATE_WEIGHT * min(max((LATE_NONE - tokens) / (LATE_NONE - LATE_WHOLE), 0.0), 1.0)


def standardise(scores: Scores) -> Scores:
    """Subtract the mean and divide by the standard deviation; all zeros where the scores do not differ."""
    if scores.size == 0:
        return scores
    deviation = scores.std()
    if deviation < 1e-9:  # noqa: PLR2004 - equal up to rounding, so there is nothing to tell apart
        return np.zeros_like(scores)
    standardised: Scores = (scores - scores.mean()) / deviation
    return standardised
