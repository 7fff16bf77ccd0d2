"""Metrics of refusals and of confidence, and confidence intervals for any figure.

The functions take arrays of equal length with one value per question. A figure is NaN if there is no question of the
kind that it counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

RESAMPLES = 2000
SEED = 20160202
BINS = 10
NORMAL = 1.959964
"""The 97.5 % quantile of the standard normal distribution, for intervals of 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure over questions and its 95 % interval; `low` and `high` are NaN if it has none."""

    value: float
    low: float
    high: float


def bootstrap(statistic: Callable[[Positions], float], questions: int) -> Figure:
    """Return a statistic of question positions with its percentile interval over bootstrap resamples.

    The seed is fixed, so that equal input gives equal output.
    """
    draws = np.random.default_rng(SEED).integers(0, questions, size=(RESAMPLES, questions))
    values = np.array([statistic(draw) for draw in draws])
    value = statistic(np.arange(questions))
    if np.isnan(values).all():
        return Figure(value=value, low=np.nan, high=np.nan)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Figure(value=value, low=float(low), high=float(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The confidence and the decision of the service for a question, and the correct ones.

    `top_cosine` is the highest cosine of any paragraph with the question, the simplest measure of confidence, with
    which the calibrated one is compared. `first_answers` says whether the first passage answers the question.
    """

    confidence: float
    top_cosine: float
    refused: bool
    answerable: bool
    first_answers: bool


def calibration_figures(outcomes: Sequence[Outcome]) -> Mapping[str, Figure]:
    """Return precision and recall of refusals, AUC of confidence and top cosine, and the calibration error, by name."""
    refused = np.array([outcome.refused for outcome in outcomes], dtype=np.bool_)
    answerable = np.array([outcome.answerable for outcome in outcomes], dtype=np.bool_)
    first = np.array([outcome.first_answers for outcome in outcomes], dtype=np.bool_)
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)
    cosine = np.array([outcome.top_cosine for outcome in outcomes], dtype=np.float64)
    statistics: dict[str, Callable[[Positions], float]] = {
        "refusal_precision": lambda at: refusal_precision(refused[at], answerable[at]),
        "refusal_recall": lambda at: refusal_recall(refused[at], answerable[at]),
        "confidence_auc": lambda at: auc(confidence[at], answerable[at]),
        "top_cosine_auc": lambda at: auc(cosine[at], answerable[at]),
        "auc_over_top_cosine": lambda at: auc(confidence[at], answerable[at]) - auc(cosine[at], answerable[at]),
    }
    figures = {name: bootstrap(statistic, len(outcomes)) for name, statistic in statistics.items()}
    # No interval: resamples have fewer distinct questions per bin, and this alone raises the error.
    error = Figure(value=calibration_error(confidence, first), low=np.nan, high=np.nan)
    return {**figures, "confidence_ece": error}


def proportion(count: int, total: int) -> Figure:
    """Return a proportion with Wilson's 95 % interval, which is also valid near 0 and 1, unlike resampling."""
    if not total:
        return Figure(value=np.nan, low=np.nan, high=np.nan)
    value, spread = count / total, NORMAL**2 / total
    middle = (value + spread / 2) / (1 + spread)
    half = NORMAL * np.sqrt(value * (1 - value) / total + spread / (4 * total)) / (1 + spread)
    return Figure(value=value, low=float(middle - half), high=float(middle + half))


def mean(values: Numbers) -> float:
    """Return the mean; NaN for an empty array."""
    return float(values.mean()) if len(values) else np.nan


def refusal_precision(refused: Flags, answerable: Flags) -> float:
    """Return the share of the refused questions that have no answer."""
    return mean((~answerable[refused]).astype(np.float64))


def refusal_recall(refused: Flags, answerable: Flags) -> float:
    """Return the share of the questions without an answer that were refused."""
    return mean(refused[~answerable].astype(np.float64))


def auc(scores: Numbers, positive: Flags) -> float:
    """Return the area under the ROC curve.

    It is the probability that a positive question has a higher score than a negative one; a tie counts as half.
    """
    above, below = scores[positive], np.sort(scores[~positive])
    if not len(above) or not len(below):
        return np.nan
    lower = np.searchsorted(below, above, side="left")
    not_higher = np.searchsorted(below, above, side="right")
    return float((lower + not_higher).mean() / 2 / len(below))


def calibration_error(probabilities: Numbers, outcomes: Flags) -> float:
    """Return the expected calibration error over ten bins of equal width; 0 is best."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = probabilities - outcomes
    totals = np.bincount(bins, weights=gaps, minlength=BINS)
    return float(np.abs(totals).sum() / len(gaps)) if len(gaps) else np.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Questions of similar confidence: their number, their mean confidence and their share of true outcomes."""

    questions: int
    confidence: float
    outcome: float


def reliability_bins(probabilities: Numbers, outcomes: Flags) -> tuple[ReliabilityBin, ...]:
    """Return the bins of `calibration_error` that are not empty, in ascending order."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return tuple(
        ReliabilityBin(
            questions=int((bins == number).sum()),
            confidence=mean(probabilities[bins == number]),
            outcome=mean(outcomes[bins == number].astype(np.float64)),
        )
        for number in sorted(set(bins.tolist()))
    )


def risk_coverage_curve(confidence: Numbers, correct: Flags) -> tuple[Numbers, Numbers]:
    """Return coverage and risk at every threshold.

    Coverage is the share of questions at or above the threshold, risk the share of wrong results among them.
    """
    order = np.argsort(-confidence, kind="stable")
    counts = np.arange(1, len(order) + 1)
    return counts / max(len(order), 1), np.cumsum(~correct[order]) / counts
