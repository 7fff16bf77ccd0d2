"""Whether confidence means what it says, as plots: several sets of questions, a line each."""

from collections.abc import Mapping, Sequence

import numpy as np

from wherefrom.eval.metrics.calibration_metrics import Flags, Numbers, Verdict, reliability, risk_coverage
from wherefrom.eval.reports.plots import Axis, Line, plot

SHARE = Axis(name="share of questions", low=0, high=1)
POINTS = 400
"""Points of a line at most: more cannot be told apart."""
Sets = Mapping[str, Sequence[Verdict]]


def reliability_plot(sets: Sets) -> str:
    """How often the first passage answers, among questions of about the same confidence."""
    lines = []
    for name, verdicts in sets.items():
        bins = reliability(*_arrays(verdicts))
        confidence, outcome = [each.confidence for each in bins], [each.outcome for each in bins]
        lines.append(Line(name=name, x=confidence, y=outcome, dots=True))
    answers = Axis(name="first passage answers", low=0, high=1)
    return plot("confidence against outcome", Axis(name="confidence", low=0, high=1), answers, lines, diagonal=True)


def risk_plot(sets: Sets) -> str:
    """How often the first passage is wrong, among the most confident share of the questions."""
    lines = []
    for name, verdicts in sets.items():
        covered, risk = risk_coverage(*_arrays(verdicts))
        step = -(-len(risk) // POINTS)
        lines.append(Line(name=name, x=covered[step - 1 :: step].tolist(), y=risk[step - 1 :: step].tolist()))
    return plot("risk against coverage", SHARE, Axis(name="of them wrong", low=0, high=1), lines)


def _arrays(verdicts: Sequence[Verdict]) -> tuple[Numbers, Flags]:
    confidence = np.array([verdict.confidence for verdict in verdicts], dtype=np.float64)
    return confidence, np.array([verdict.first_answers for verdict in verdicts], dtype=np.bool_)
