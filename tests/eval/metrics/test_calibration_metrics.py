import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.eval.metrics.calibration_metrics import (
    auc,
    bootstrap,
    calibration_error,
    mean,
    proportion,
    refusal_precision,
    refusal_recall,
    reliability_bins,
    risk_coverage_curve,
)

SCORED = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), st.booleans()), min_size=2, max_size=30)


def flags(text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([mark == "x" for mark in text], dtype=np.bool_)


def test_refusal_precision_is_the_share_of_refusals_that_were_right() -> None:
    assert refusal_precision(flags("xxx.."), flags("..xxx")) == pytest.approx(2 / 3)


def test_refusal_recall_is_the_share_of_unanswerable_questions_refused() -> None:
    assert refusal_recall(flags("x.x.."), flags("..xxx")) == pytest.approx(1 / 2)


def test_precision_without_a_refusal_is_nan() -> None:
    assert math.isnan(refusal_precision(flags("..."), flags("x..")))


def test_auc_counts_a_tie_as_half() -> None:
    """The same figure as scikit-learn's roc_auc_score."""
    scores = np.array([0.1, 0.4, 0.35, 0.8, 0.4, 0.4])
    assert auc(scores, flags("..xxx.")) == pytest.approx(2 / 3)


def test_auc_of_one_class_is_nan() -> None:
    assert math.isnan(auc(np.array([0.1, 0.2]), flags("xx")))


@given(SCORED)
def test_auc_is_the_share_of_pairs_in_the_right_order(scored: list[tuple[float, bool]]) -> None:
    above = [score for score, positive in scored if positive]
    below = [score for score, positive in scored if not positive]
    pairs = [(high > low) + (high == low) / 2 for high in above for low in below]
    area = auc(np.array([score for score, _ in scored]), np.array([positive for _, positive in scored]))
    assert area == pytest.approx(sum(pairs) / len(pairs)) if pairs else math.isnan(area)


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([0.95, 0.91, 0.15, 0.12, 1.0])
    outcomes = flags("x.x.x")
    high = abs((0.95 - 1) + (0.91 - 0) + (1.0 - 1))
    low = abs((0.15 - 1) + (0.12 - 0))
    assert calibration_error(probabilities, outcomes) == pytest.approx((high + low) / 5)


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_perfect_confidence_has_no_calibration_error(outcomes: list[bool]) -> None:
    right = np.array(outcomes, dtype=np.bool_)
    assert calibration_error(right.astype(np.float64), right) == 0


def test_an_interval_is_deterministic_and_contains_the_value() -> None:
    values = np.array([0.0, 1.0] * 20)
    figures = [bootstrap(lambda at: mean(values[at]), len(values)) for _ in range(2)]
    assert figures[0] == figures[1]
    assert figures[0].low < figures[0].value == 0.5 < figures[0].high
    assert figures[0].high - figures[0].low == pytest.approx(2 * 1.96 * math.sqrt(0.25 / 40), abs=0.03)


def test_an_interval_of_equal_values_is_a_point() -> None:
    figure = bootstrap(lambda at: mean(np.ones(5)[at]), 5)
    assert (figure.value, figure.low, figure.high) == (1, 1, 1)


def test_an_undefined_figure_has_no_interval() -> None:
    figure = bootstrap(lambda at: math.nan, 3)  # noqa: ARG005
    assert all(math.isnan(number) for number in (figure.value, figure.low, figure.high))


def test_a_figure_over_no_questions_is_nan() -> None:
    assert math.isnan(bootstrap(lambda at: mean(np.ones(0)[at]), 0).value)


def test_reliability_bins_are_the_tenths_that_contain_a_question() -> None:
    low, high = reliability_bins(np.array([0.11, 0.15, 0.9]), flags(".xx"))
    assert (low.questions, low.outcome, high.questions, high.outcome) == (2, 0.5, 1, 1)
    assert low.confidence == pytest.approx(0.13)


def test_risk_is_the_share_of_errors_among_the_most_confident() -> None:
    coverage, risk = risk_coverage_curve(np.array([0.2, 0.9, 0.5, 0.7]), flags(".x.x"))
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert risk.tolist() == [0, 0, pytest.approx(1 / 3), 0.5]


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (95, 100, 0.8882, 0.9785)],
)
def test_a_proportion_has_wilsons_interval(count: int, total: int, low: float, high: float) -> None:
    """The same ends as statsmodels' proportion_confint."""
    figure = proportion(count, total)
    assert figure.value == count / total
    assert (figure.low, figure.high) == pytest.approx((low, high), abs=1e-4)


def test_a_proportion_of_nothing_is_nan() -> None:
    assert math.isnan(proportion(0, 0).value)
