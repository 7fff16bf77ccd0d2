"""Line plots as inline SVG, without a plotting library: reliability diagrams, risk-coverage curves, and any others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from wherefrom.eval.metrics.calibration_metrics import (
    Flags,
    Numbers,
    Outcome,
    reliability_bins,
    risk_coverage_curve,
)

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 42
COLOURS = ("#1b6ca8", "#c4532d", "#5d7a2c", "#7a4b94")
TICKS = 5
MAX_POINTS = 400
"""Maximum number of points of a line; more cannot be distinguished."""
Sets = Mapping[str, Sequence[Outcome]]
"""Outcomes by the name of the question set; a plot has a line for each set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Points from left to right, with the ends of their intervals if known; with `dots`, each point gets a dot."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    dots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The label of an axis, and its range."""

    name: str
    low: float
    high: float


SHARE = Axis(name="share of questions", low=0, high=1)


def plot(title: str, x: Axis, y: Axis, lines: Sequence[Line], *, diagonal: bool = False) -> str:
    """Return a plot with axes and a legend as an SVG element; `diagonal` adds a dashed line between the corners."""
    parts = [*_ticks(x, y), *([_stroke([(x.low, x.low), (x.high, x.high)], x, y, "#999", "4 4")] if diagonal else [])]
    for number, line in enumerate(lines):
        parts += _line(line, x, y, COLOURS[number % len(COLOURS)])
    legend = "".join(
        f'<text x="{WIDTH - RIGHT - 6}" y="{HEIGHT - BOTTOM - 10 - 16 * (len(lines) - 1 - number)}" '
        f'text-anchor="end" fill="{COLOURS[number % len(COLOURS)]}">{escape(line.name)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f"{''.join(parts)}{legend}</svg>"
    )


def as_file(svg: str) -> str:
    """Return a plot as the text of an SVG file, with a white background since the page around it may be dark."""
    style = "<style>svg { background: #fff; font: 12px system-ui, sans-serif }</style>"
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("<title>", f"{style}<title>", 1)


def reliability_plot(sets: Sets) -> str:
    """Plot the share of questions that the first passage answers against confidence, with a point for each bin."""
    lines = []
    for name, outcomes in sets.items():
        bins = reliability_bins(*_arrays(outcomes))
        confidence, outcome = [each.confidence for each in bins], [each.outcome for each in bins]
        lines.append(Line(name=name, x=confidence, y=outcome, dots=True))
    answers = Axis(name="first passage answers", low=0, high=1)
    return plot("confidence against outcome", Axis(name="confidence", low=0, high=1), answers, lines, diagonal=True)


def risk_plot(sets: Sets) -> str:
    """Plot the share of wrong first passages among the questions with the highest confidence, against coverage."""
    lines = []
    for name, outcomes in sets.items():
        coverage, risk = risk_coverage_curve(*_arrays(outcomes))
        step = -(-len(risk) // MAX_POINTS)
        lines.append(Line(name=name, x=coverage[step - 1 :: step].tolist(), y=risk[step - 1 :: step].tolist()))
    return plot("risk against coverage", SHARE, Axis(name="of them wrong", low=0, high=1), lines)


def _arrays(outcomes: Sequence[Outcome]) -> tuple[Numbers, Flags]:
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)
    return confidence, np.array([outcome.first_answers for outcome in outcomes], dtype=np.bool_)


def _line(line: Line, x: Axis, y: Axis, colour: str) -> list[str]:
    points = list(zip(line.x, line.y, strict=True))
    parts = []
    if line.low:
        above = list(zip(line.x, line.high, strict=True))
        below = list(zip(line.x, line.low, strict=True))
        parts.append(f'<polygon points="{_points([*above, *reversed(below)], x, y)}" fill="{colour}" opacity="0.15"/>')
    parts.append(_stroke(points, x, y, colour))
    if line.dots:
        centres = (_position(point, x, y) for point in points)
        parts += [f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" fill="{colour}"/>' for left, top in centres]
    return parts


def _ticks(x: Axis, y: Axis) -> list[str]:
    parts = []
    for step in range(TICKS + 1):
        left, top = LEFT + (WIDTH - LEFT - RIGHT) * step / TICKS, HEIGHT - BOTTOM
        level = top - (top - TOP) * step / TICKS
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{level:.1f}" y2="{level:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left:.1f}" y="{top + 16}" text-anchor="middle">{_tick_label(x, step)}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{level + 4:.1f}" text-anchor="end">{_tick_label(y, step)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x.name)}</text>')
    centre = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text text-anchor="middle" transform="translate(11 {centre}) rotate(-90)">{escape(y.name)}</text>')
    return parts


def _tick_label(axis: Axis, step: int) -> str:
    return f"{axis.low + (axis.high - axis.low) * step / TICKS:.2g}"


def _stroke(points: Sequence[tuple[float, float]], x: Axis, y: Axis, colour: str, dashes: str = "none") -> str:
    return (
        f'<polyline points="{_points(points, x, y)}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dashes}"/>'
    )


def _points(points: Sequence[tuple[float, float]], x: Axis, y: Axis) -> str:
    return " ".join(f"{left:.1f},{top:.1f}" for left, top in (_position(point, x, y) for point in points))


def _position(point: tuple[float, float], x: Axis, y: Axis) -> tuple[float, float]:
    across = (point[0] - x.low) / (x.high - x.low)
    up = (point[1] - y.low) / (y.high - y.low)
    return LEFT + (WIDTH - LEFT - RIGHT) * across, HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up
