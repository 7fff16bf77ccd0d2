"""How sure we are that a passage answers: a logistic model on a few features of the ranking. Pure.

The weights are a readable file that `eval.training.fit_calibration` makes from outside data; a fused score is no confidence.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SHIPPED = Path(__file__).with_name("confidence.json")
COVERAGE_WEIGHT = 0.8
"""A sentence's coverage beside its cosine, when the answering sentence is chosen: docs/decisions.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is known of a passage and a question.

    `unmet` is how far its tokens fall short of meeting the question's, `sentence` the cosine of its nearest sentence,
    `missing` how many of the question's names and numbers the collection never says.
    """

    unmet: float
    sentence: float
    missing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic model: `weights` by feature name, an `intercept`, and the threshold it was shipped with."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Self:
        """Read the shipped model, or one of the same form."""
        model = json.loads(path.read_text(encoding="utf-8"))
        return cls(weights=model["weights"], intercept=model["intercept"], threshold=model["threshold"])

    def probability(self, features: Features) -> float:
        """The calibrated probability that the passage answers the question."""
        score = self.intercept + sum([weight * getattr(features, name) for name, weight in self.weights.items()])
        return 1 / (1 + math.exp(-score))


def coverage(shares: Mapping[str, float], said: Collection[str]) -> float:
    """The share of a question's rarity whose terms are among those said; 0 for a question without terms."""
    return sum([share for term, share in shares.items() if term in said])


def answering_sentence(cosines: Sequence[float], coverages: Sequence[float]) -> int:
    """Which sentence of a passage answers: the nearest that says most of the question; the first on a tie."""
    scores = [cosine + COVERAGE_WEIGHT * covered for cosine, covered in zip(cosines, coverages, strict=True)]
    return scores.index(max(scores))
