"""Candidates to a ranking: scores are standardised over the candidates of one question, then added. Pure.

Keeping the scores beats keeping only the ranks on every collection measured: docs/retrieval.md has the figures. The
weights of the second stage are a readable file that `eval.training.fit_token_head` makes from outside questions.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from wherefrom.index.arrays import Scores

SHIPPED = Path(__file__).with_name("ranking.json")
LEXICAL_WEIGHT = 0.9
LEANING = 0.3
LEANS_BELOW = 60
"""A paragraph of fewer terms leans on the one before it: by LEANING where it has none, by nothing from here on."""

LATE_WHOLE, LATE_NONE = 176, 224
"""Mean tokens of a paragraph up to which the second stage decides alone, and from which the first does.

Late interaction adds five points on paragraphs and takes two away on whole abstracts, where any token finds a near one.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each score counts in the second stage: standardised vectors and BM25, and late interaction as it is."""

    vectors: float
    lexical: float
    mean: float
    least: float

    @classmethod
    @cache
    def load(cls, name: str, path: Path = SHIPPED) -> Self:
        """Weights by name from the shipped file: `head` where tokens have a head, `plain` where not."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))[name])


def fuse(vectors: Scores, lexical: Scores) -> Scores:
    """One fused score a candidate, of the sum of its cosines and of its BM25 score; higher is better in all three."""
    return standardise(vectors) + LEXICAL_WEIGHT * standardise(lexical)


def lean(lexical: Scores, before: Scores, shares: Scores) -> Scores:
    """BM25 scores with their shares of the scores of the paragraphs before."""
    return lexical + shares * before


def leaning(lengths: npt.NDArray[np.int64]) -> Scores:
    """The share of the score of the paragraph before that paragraphs of so many terms get.

    The shorter a paragraph, the less it repeats of what it is about: "He declined" is about whom the one before names.
    """
    shares: Scores = LEANING * np.clip(1 - lengths / LEANS_BELOW, 0, 1)
    return shares


def refine(scores: Mapping[str, Scores], fused: Scores, weights: Weights, tokens: float) -> Scores:
    """The second stage's score of each candidate, by the mean number of tokens of their paragraphs.

    `scores` are named as the weights are. Among long paragraphs it is the first stage's score that counts.
    """
    learned = weights.vectors * standardise(scores["vectors"]) + weights.lexical * standardise(scores["lexical"])
    learned = learned + weights.mean * scores["mean"] + weights.least * scores["least"]
    share = late_share(tokens)
    return share * learned + (1 - share) * fused


def late_share(tokens: float) -> float:
    """The share of the second stage among paragraphs of so many tokens on average."""
    return min(max((LATE_NONE - tokens) / (LATE_NONE - LATE_WHOLE), 0.0), 1.0)


def standardise(scores: Scores) -> Scores:
    """Subtract the mean and divide by the standard deviation; all zeros where the scores do not differ."""
    if scores.size == 0:
        return scores
    centred: Scores = scores - np.add.reduce(scores) / scores.size  # `mean` itself takes three times as long
    deviation = math.sqrt(np.add.reduce(centred * centred) / scores.size)
    if deviation < 1e-9:  # noqa: PLR2004 - equal up to rounding, so there is nothing to tell apart
        return np.zeros_like(scores)
    return centred / deviation
