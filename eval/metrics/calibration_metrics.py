"""How well the service knows what it does not know, and how sure a figure is.

All take one value a question, as arrays of the same length. A figure that is not defined (no question of the sort
that it counts) is not a number.
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
"""Standard deviations on either side of a mean that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure over questions, with the interval that 95 % of bootstrap resamples of the questions fall in."""

    value: float
    low: float
    high: float


def bootstrap(statistic: Callable[[Positions], float], questions: int) -> Figure:
    """Percentile interval of a statistic of question positions; the same for the same input, the seed is fixed."""
    draws = np.random.default_rng(SEED).integers(0, questions, size=(RESAMPLES, questions))
    values = np.array([statistic(draw) for draw in draws])
    value = statistic(np.arange(questions))
    if np.isnan(values).all():
        return Figure(value=value, low=np.nan, high=np.nan)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Figure(value=value, low=float(low), high=float(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How sure the service was of a question and whether it refused it; what would have been right.

    `top_cosine` is the highest of any paragraph with the question, what one would take for confidence.
    """

    confidence: float
    top_cosine: float
    refused: bool
    answerable: bool
    first_answers: bool


def certainty_figures(verdicts: Sequence[Verdict]) -> Mapping[str, Figure]:
    """How well refusals and confidence tell what can be answered, and how far confidence is from what came true."""
    refused = np.array([verdict.refused for verdict in verdicts], dtype=np.bool_)
    answerable = np.array([verdict.answerable for verdict in verdicts], dtype=np.bool_)
    first = np.array([verdict.first_answers for verdict in verdicts], dtype=np.bool_)
    confidence = np.array([verdict.confidence for verdict in verdicts], dtype=np.float64)
    cosine = np.array([verdict.top_cosine for verdict in verdicts], dtype=np.float64)
    statistics: dict[str, Callable[[Positions], float]] = {
        "refusal_precision": lambda at: refusal_precision(refused[at], answerable[at]),
        "refusal_recall": lambda at: refusal_recall(refused[at], answerable[at]),
        "confidence_auc": lambda at: auc(confidence[at], answerable[at]),
        "top_cosine_auc": lambda at: auc(cosine[at], answerable[at]),
        "auc_over_top_cosine": lambda at: auc(confidence[at], answerable[at]) - auc(cosine[at], answerable[at]),
    }
    figures = {name: bootstrap(statistic, len(verdicts)) for name, statistic in statistics.items()}
    # No interval: resampling leaves bins with fewer questions, which by itself raises this error.
    error = Figure(value=calibration_error(confidence, first), low=np.nan, high=np.nan)
    return {**figures, "confidence_ece": error}


def share(count: int, total: int) -> Figure:
    """A share with Wilson's 95 % interval, which is right near 0 and 1 too, where resampling says nothing."""
    if not total:
        return Figure(value=np.nan, low=np.nan, high=np.nan)
    value, spread = count / total, NORMAL**2 / total
    middle = (value + spread / 2) / (1 + spread)
    half = NORMAL * np.sqrt(value * (1 - value) / total + spread / (4 * total)) / (1 + spread)
    return Figure(value=value, low=float(middle - half), high=float(middle + half))


def mean(values: Numbers) -> float:
    """The mean; not a number of nothing."""
    return float(values.mean()) if len(values) else np.nan


def refusal_precision(refused: Flags, answerable: Flags) -> float:
    """Of the questions that were refused, the share that have no answer."""
    return mean((~answerable[refused]).astype(np.float64))


def refusal_recall(refused: Flags, answerable: Flags) -> float:
    """Of the questions that have no answer, the share that were refused."""
    return mean(refused[~answerable].astype(np.float64))


def auc(scores: Numbers, positive: Flags) -> float:
    """The chance that a positive question has a higher score than a negative one; a tie is half."""
    above, below = scores[positive], np.sort(scores[~positive])
    if not len(above) or not len(below):
        return np.nan
    lower = np.searchsorted(below, above, side="left")
    not_higher = np.searchsorted(below, above, side="right")
    return float((lower + not_higher).mean() / 2 / len(below))


def calibration_error(probabilities: Numbers, outcomes: Flags) -> float:
    """Expected calibration error over ten bins of equal width: the mean gap of probability and outcome; 0 is best."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = probabilities - outcomes
    totals = np.bincount(bins, weights=gaps, minlength=BINS)
    return float(np.abs(totals).sum() / len(gaps)) if len(gaps) else np.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Questions of about the same confidence: how many, their mean confidence, and the share that came true."""

    questions: int
    confidence: float
    outcome: float


def reliability(probabilities: Numbers, outcomes: Flags) -> tuple[Bin, ...]:
    """The bins of `calibration_error` that hold a question, from the lowest."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            questions=int((bins == number).sum()),
            confidence=mean(probabilities[bins == number]),
            outcome=mean(outcomes[bins == number].astype(np.float64)),
        )
        for number in sorted(set(bins.tolist()))
    )


def risk_coverage(confidence: Numbers, right: Flags) -> tuple[Numbers, Numbers]:
    """For each count of most confident questions, the share of all that it is and the share of it that is wrong."""
    order = np.argsort(-confidence, kind="stable")
    counts = np.arange(1, len(order) + 1)
    return counts / max(len(order), 1), np.cumsum(~right[order]) / counts
