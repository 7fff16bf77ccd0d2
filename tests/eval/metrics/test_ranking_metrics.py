import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.eval.metrics.ranking_metrics import hit_at, ndcg_at, recall_at, reciprocal_rank_at

JUDGEMENTS = st.lists(st.integers(min_value=-1, max_value=3).map(float), min_size=1, max_size=15)


def graded(ranking: str, judgements: dict[str, float]) -> list[float]:
    return [judgements.get(document, 0.0) for document in ranking]


@pytest.mark.parametrize(
    ("judgements", "ndcg", "recall", "rank"),
    [
        ({"a": 1, "d": 1, "g": 1}, 0.827812, 1.0, 1.0),
        ({"b": 3, "e": 1, "a": 2, "i": 0}, 0.898733, 1.0, 1.0),
        ({"c": 1, "z": 2}, 0.190047, 0.5, 0.333333),
        ({"z": 1}, 0.0, 0.0, 0.0),
        ({"l": 1, "b": 1}, 0.386853, 1.0, 0.5),
    ],
    ids=["binary", "graded", "one not retrieved", "none retrieved", "one beyond ten"],
)
def test_the_metrics_equal_those_of_pytrec_eval(
    judgements: dict[str, float], ndcg: float, recall: float, rank: float
) -> None:
    """The figures are what pytrec-eval-terrier 0.5 prints for twelve documents, a to l, in this order."""
    gains = graded("abcdefghijkl", judgements)
    relevant = sum(judgement > 0 for judgement in judgements.values())
    assert ndcg_at(gains, list(judgements.values()), 10) == pytest.approx(ndcg, abs=1e-6)
    assert recall_at(gains, relevant, 100) == recall
    assert reciprocal_rank_at(gains, 10) == pytest.approx(rank, abs=1e-6)


def test_ndcg_by_hand() -> None:
    gained = 1 / math.log2(2) + 1 / math.log2(5)
    best = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at([1, 0, 0, 1, 0], [1, 1, 1], 10) == pytest.approx(gained / best)


def test_items_beyond_k_do_not_count() -> None:
    gains = [0.0] * 5 + [1.0]
    assert hit_at(gains, 5) == 0
    assert hit_at(gains, 6) == 1
    assert reciprocal_rank_at(gains, 5) == 0
    assert reciprocal_rank_at(gains, 6) == pytest.approx(1 / 6)
    assert ndcg_at(gains, [1.0], 5) == 0
    assert recall_at(gains, 1, 5) == 0


def test_a_question_without_positive_judgements_scores_zero() -> None:
    assert ndcg_at([0.0], [0.0, -1.0], 10) == 0
    assert recall_at([0.0], 0, 10) == 0


@given(JUDGEMENTS, st.integers(min_value=1, max_value=12))
def test_the_ideal_order_scores_one_and_no_order_scores_more(judgements: list[float], k: int) -> None:
    best = sorted(judgements, reverse=True)
    positive = any(judgement > 0 for judgement in judgements)
    assert ndcg_at(best, judgements, k) == pytest.approx(float(positive))
    assert 0 <= ndcg_at(judgements, judgements, k) <= 1 + 1e-12


@given(JUDGEMENTS, st.integers(min_value=1, max_value=12))
def test_a_larger_k_never_lowers_a_metric(gains: list[float], k: int) -> None:
    relevant = sum(gain > 0 for gain in gains)
    assert hit_at(gains, k) <= hit_at(gains, k + 1)
    assert reciprocal_rank_at(gains, k) <= reciprocal_rank_at(gains, k + 1)
    assert recall_at(gains, relevant, k) <= recall_at(gains, relevant, k + 1) <= 1


@given(JUDGEMENTS, st.integers(min_value=1, max_value=12))
def test_a_reciprocal_rank_lies_between_hits(gains: list[float], k: int) -> None:
    assert hit_at(gains, 1) <= reciprocal_rank_at(gains, k) <= hit_at(gains, k)
