"""Ranking metrics. Each takes the gains of a ranking in order of rank; higher is better.

A gain is the judgement of the item at a rank, 0 if it is not relevant. The definitions are those of trec_eval, which
BEIR uses: nDCG has linear gains, the discount log2(rank + 1), and an ideal ranking of all positive judgements.
"""

from collections.abc import Sequence

import numpy as np

Gains = Sequence[float]


def hit_at(gains: Gains, k: int) -> float:
    """Return 1 if any of the first `k` items is relevant, else 0."""
    return float(any(gain > 0 for gain in gains[:k]))


def reciprocal_rank_at(gains: Gains, k: int) -> float:
    """Return 1 / rank of the first relevant item among the first `k`, or 0 if there is none."""
    return next((1 / rank for rank, gain in enumerate(gains[:k], start=1) if gain > 0), 0.0)


def ndcg_at(gains: Gains, judgements: Gains, k: int) -> float:
    """Return the discounted gain of the first `k`, divided by the ideal one; 0 without a positive judgement."""
    ideal = sorted((judgement for judgement in judgements if judgement > 0), reverse=True)
    best = _discounted(ideal[:k])
    return _discounted(gains[:k]) / best if best else 0.0


def recall_at(gains: Gains, relevant: int, k: int) -> float:
    """Return the number of relevant items among the first `k`, divided by `relevant`, their total; 0 if that is 0."""
    return sum(gain > 0 for gain in gains[:k]) / relevant if relevant else 0.0


def _discounted(gains: Gains) -> float:
    positive = np.maximum(np.asarray(gains, dtype=np.float64), 0.0)
    return float(np.sum(positive / np.log2(np.arange(2, len(positive) + 2))))
