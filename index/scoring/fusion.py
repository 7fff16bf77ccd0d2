"""Fusion: scores of several searches, standardised over the candidates of one question, then added.

Keeping the scores beats keeping only the ranks on every collection measured: see docs/retrieval.md. The weights of the
second stage are in a JSON file that `eval.training.fit_token_head` makes from outside questions.
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
MAX_CONTEXT_SHARE = 0.3
CONTEXT_LENGTH_LIMIT = 60
"""Number of terms from which a paragraph gets no share of the preceding paragraph's score; shorter ones get more."""

FULL_LATE_TOKENS, NO_LATE_TOKENS = 176, 224
"""Mean tokens per paragraph up to which the second stage alone counts, and from which the first stage alone does.

Late interaction gains five points on paragraphs and loses two on whole abstracts, in which any token of a question has
a similar one.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStageWeights:
    """The weight of each score in the second stage: cosines and BM25 standardised, late interaction unchanged."""

    vectors: float
    lexical: float
    mean: float
    soft_min: float

    @classmethod
    @cache
    def load(cls, name: str, path: Path = SHIPPED) -> Self:
        """Load weights by name: `head` for a model with a token head, `plain` for one without."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))[name])


def fuse(vectors: Scores, lexical: Scores) -> Scores:
    """Return the first stage's score: the standardised sum of cosines plus the weighted standardised BM25 score."""
    return standardise(vectors) + LEXICAL_WEIGHT * standardise(lexical)


def add_context(lexical: Scores, preceding: Scores, shares: Scores) -> Scores:
    """Add to each BM25 score its share of the score of the preceding paragraph."""
    return lexical + shares * preceding


def context_share(lengths: npt.NDArray[np.int64]) -> Scores:
    """Return the share of the preceding paragraph's score for paragraphs of `lengths` terms.

    The shorter a paragraph, the less it repeats its subject: "He declined" is about a person named before it.
    """
    shares: Scores = MAX_CONTEXT_SHARE * np.clip(1 - lengths / CONTEXT_LENGTH_LIMIT, 0, 1)
    return shares


def second_stage(
    scores: Mapping[str, Scores], fused: Scores, weights: SecondStageWeights, mean_tokens: float
) -> Scores:
    """Return the second stage's score of each candidate.

    `scores` has the keys of the weights, `fused` is the first stage's score, and `mean_tokens` the mean number of
    tokens of the candidates; for long paragraphs the first stage's score counts instead.
    """
    learned = weights.vectors * standardise(scores["vectors"]) + weights.lexical * standardise(scores["lexical"])
    learned = learned + weights.mean * scores["mean"] + weights.soft_min * scores["soft_min"]
    share = late_interaction_share(mean_tokens)
    return share * learned + (1 - share) * fused


def late_interaction_share(mean_tokens: float) -> float:
    """Return the share of the second stage for paragraphs of this mean number of tokens, from 1 down to 0."""
    return min(max((NO_LATE_TOKENS - mean_tokens) / (NO_LATE_TOKENS - FULL_LATE_TOKENS), 0.0), 1.0)


def standardise(scores: Scores) -> Scores:
    """Subtract the mean and divide by the standard deviation; return zeros if all scores are equal."""
    if scores.size == 0:
        return scores
    centred: Scores = scores - np.add.reduce(scores) / scores.size  # `mean` itself takes three times as long
    deviation = math.sqrt(np.add.reduce(centred * centred) / scores.size)
    if deviation < 1e-9:  # noqa: PLR2004 - equal up to rounding
        return np.zeros_like(scores)
    return centred / deviation
