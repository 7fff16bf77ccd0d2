"""Calibration: a logistic model from a few features of a passage to the probability that it answers the question.

There is a model for each effort. One of its features is the evidence of the searches, a weighted sum of three others.
The weights are in a JSON file that `eval.training.fit_evidence` and `eval.training.fit_calibration` make from outside
data.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from wherefrom.index.types import Effort

SHIPPED = Path(__file__).with_name("confidence.json")
EVIDENCE = "evidence"
"""The name of the feature that is a weighted sum of others."""
MAX_LEAD = 1.0
"""A lead counts up to this difference of scores: docs/decisions.md."""
SAME_MATTER_COSINE = 0.6
"""A passage whose vector has this cosine with the first one's, or more, may report the same: it is no rival."""
COVERAGE_WEIGHT = 0.8
"""Weight of a sentence's coverage relative to its cosine in the choice of the answering sentence: docs/decisions.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The features of a passage for one question.

    `shortfall` is how far its tokens fall short of matching the question's (see `TokenMatch`), `sentence` the cosine of
    its best sentence, and `missing` the number of names and numbers in the question that the collection never mentions.
    `size` is the decimal logarithm of the number of paragraphs in scope, and `lead` that of the first passage over
    others (see `lead_over_others`), 0 for any other passage. `absent` and `absent_names` are the shares of
    `weighted_absence`. `answers` and `span` are a reader's scores (see `Reading`), 0 without a reader.
    """

    shortfall: float
    sentence: float
    missing: float
    size: float
    lead: float
    absent: float
    absent_names: float
    answers: float = 0.0
    span: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The model of one effort: weights by feature name, an intercept, and the confidence that an answer needs."""

    effort: Effort
    weights: Mapping[str, float]
    intercept: float
    threshold: float

    @classmethod
    def load(cls, effort: Effort, path: Path = SHIPPED) -> Self:
        """Load the model of an effort from a file; the weight of `evidence` is distributed over its components."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        model = stored[effort]
        weights = dict(model["weights"])
        share = weights.pop(EVIDENCE)
        for name, weight in stored[EVIDENCE]["weights"].items():
            weights[name] = weights.get(name, 0.0) + share * weight
        return cls(effort=effort, weights=weights, intercept=model["intercept"], threshold=model["threshold"])

    def probability(self, features: Features) -> float:
        """Return the probability that the passage answers the question."""
        score = self.intercept + sum([weight * getattr(features, name) for name, weight in self.weights.items()])
        return 1 / (1 + math.exp(-score))


def lead_over_others(scores: Sequence[float], cosines: Sequence[float]) -> float:
    """Return how far the first score is above that of the next passage about another matter, from 0 to MAX_LEAD.

    Both are in ranked order; `cosines` are those of each passage's vector with the first one's, and from
    SAME_MATTER_COSINE a passage is about the same matter. Without a passage about another one, the lead is MAX_LEAD.
    """
    others = (score for score, cosine in zip(scores[1:], cosines[1:], strict=True) if cosine < SAME_MATTER_COSINE)
    rival = next(others, None)
    return MAX_LEAD if rival is None else min(max(scores[0] - rival, 0.0), MAX_LEAD)


def coverage(term_weights: Mapping[str, float], terms: Collection[str]) -> float:
    """Return the sum of the weights of the question's terms that are among `terms`; 0 for a question without terms."""
    return sum([weight for term, weight in term_weights.items() if term in terms])


def answering_sentence(cosines: Sequence[float], coverages: Sequence[float]) -> int:
    """Return the index of the sentence with the highest weighted sum of cosine and coverage; the first on a tie."""
    scores = [cosine + COVERAGE_WEIGHT * covered for cosine, covered in zip(cosines, coverages, strict=True)]
    return scores.index(max(scores))
