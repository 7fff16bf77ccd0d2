import math

import pytest

from tests.support.eval_samples import run_of
from wherefrom.eval.measurement.scorecard import score_runs

RUNS = [
    run_of("first"),
    run_of("second", gold_rank=2, confidence=0.6, baseline=4),
    run_of("not_retrieved", gold_rank=None, confidence=0.2, baseline=None),
    run_of("missed", "near_miss", confidence=0.7),
    run_of("refused", "debris", confidence=0.1),
]


def test_rankings_are_scored_on_answerable_questions_only() -> None:
    own = score_runs(RUNS).rankings["wherefrom"]
    assert own["hit@1"].value == pytest.approx(1 / 3)
    assert own["hit@3"].value == pytest.approx(2 / 3)
    assert own["mrr@10"].value == pytest.approx((1 + 1 / 2) / 3)
    assert own["ndcg@10"].value == pytest.approx((1 + 1 / math.log2(3)) / 3)


def test_baselines_are_scored_too() -> None:
    assert score_runs(RUNS).rankings["bm25"]["mrr@10"].value == pytest.approx((1 / 2 + 1 / 4) / 3)


def test_refusals_are_scored_on_every_question() -> None:
    service = score_runs(RUNS).service
    assert service["refusal_precision"].value == pytest.approx(1 / 2)
    assert service["refusal_recall"].value == pytest.approx(1 / 2)


def test_confidence_is_calibrated_against_a_right_first_passage() -> None:
    gaps = (0.1, 0.6, 0.2, 0.7, 0.1)
    assert score_runs(RUNS).service["confidence_ece"].value == pytest.approx(sum(gaps) / 5)


def test_the_answering_sentence_is_scored_on_answerable_and_on_answered_questions() -> None:
    service = score_runs(RUNS).service
    assert service["answer_sentence"].value == pytest.approx(1 / 3)
    assert service["answered_right"].value == pytest.approx(1 / 3)


def test_refusals_are_counted_by_kind() -> None:
    refusals = score_runs(RUNS).refusals
    assert refusals["answerable"] == (1, 3)
    assert refusals["debris"] == (1, 1)
    assert refusals["nonsense"] == (0, 0)


def test_citation_exactness_is_the_share_of_matching_citations() -> None:
    assert score_runs(RUNS).service["citation_exactness"].value == 1


def test_refusal_recall_is_undefined_without_unanswerable_questions() -> None:
    assert math.isnan(score_runs(RUNS[:2]).values["refusal_recall"])
