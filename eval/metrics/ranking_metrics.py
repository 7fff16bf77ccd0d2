"""How good a ranking is. Every measure takes the gains of a ranking, best place first, and higher is better.

A gain is the judgement of what stands at that place, 0 for nothing of worth. The measures are those of trec_eval, which
BEIR uses: the gain of nDCG is linear, its discount is log2(place + 1), and its ideal is every positive judgement.
"""

from collections.abc import Sequence

import numpy as np

Gains = Sequence[float]


def hit_at(gains: Gains, k: int) -> float:
    """1 if anything of worth stands among the first `k`, else 0."""
    return float(any(gain > 0 for gain in gains[:k]))


def reciprocal_rank_at(gains: Gains, k: int) -> float:
    """1 / the first place of worth among the first `k`, else 0."""
    return next((1 / place for place, gain in enumerate(gains[:k], start=1) if gain > 0), 0.0)


def ndcg_at(gains: Gains, judgements: Gains, k: int) -> float:
    """Discounted gain of the first `k` over the best that `judgements` allow; 0 if none of them is positive."""
    ideal = sorted((judgement for judgement in judgements if judgement > 0), reverse=True)
    best = _discounted(ideal[:k])
    return _discounted(gains[:k]) / best if best else 0.0


def recall_at(gains: Gains, relevant: int, k: int) -> float:
    """Share of the `relevant` things that stand among the first `k`; 0 if there are none."""
    return sum(gain > 0 for gain in gains[:k]) / relevant if relevant else 0.0


def _discounted(gains: Gains) -> float:
    worth = np.maximum(np.asarray(gains, dtype=np.float64), 0.0)
    return float(np.sum(worth / np.log2(np.arange(2, len(worth) + 2))))
