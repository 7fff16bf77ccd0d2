"""Plots as inline SVG: lines with bands over a unit square, small enough to need no library."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 42
COLOURS = ("#1b6ca8", "#c4532d", "#5d7a2c", "#7a4b94")
TICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Points from left to right, with the low and high end of each where they are known."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    dots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What an axis says, and from where to where it goes."""

    name: str
    low: float
    high: float


def plot(title: str, x: Axis, y: Axis, lines: Sequence[Line], *, diagonal: bool = False) -> str:
    """One plot with its axes and a legend."""
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
    """A plot as a file of its own, on white, since it does not know what page shows it."""
    style = "<style>svg { background: #fff; font: 12px system-ui, sans-serif }</style>"
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("<title>", f"{style}<title>", 1)


def _line(line: Line, x: Axis, y: Axis, colour: str) -> list[str]:
    points = list(zip(line.x, line.y, strict=True))
    parts = []
    if line.low:
        above = list(zip(line.x, line.high, strict=True))
        below = list(zip(line.x, line.low, strict=True))
        parts.append(f'<polygon points="{_points([*above, *reversed(below)], x, y)}" fill="{colour}" opacity="0.15"/>')
    parts.append(_stroke(points, x, y, colour))
    if line.dots:
        places = (_place(point, x, y) for point in points)
        parts += [f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" fill="{colour}"/>' for left, top in places]
    return parts


def _ticks(x: Axis, y: Axis) -> list[str]:
    parts = []
    for step in range(TICKS + 1):
        left, top = LEFT + (WIDTH - LEFT - RIGHT) * step / TICKS, HEIGHT - BOTTOM
        level = top - (top - TOP) * step / TICKS
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{level:.1f}" y2="{level:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left:.1f}" y="{top + 16}" text-anchor="middle">{_value(x, step)}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{level + 4:.1f}" text-anchor="end">{_value(y, step)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x.name)}</text>')
    centre = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text text-anchor="middle" transform="translate(11 {centre}) rotate(-90)">{escape(y.name)}</text>')
    return parts


def _value(axis: Axis, step: int) -> str:
    return f"{axis.low + (axis.high - axis.low) * step / TICKS:.2g}"


def _stroke(points: Sequence[tuple[float, float]], x: Axis, y: Axis, colour: str, dashes: str = "none") -> str:
    return (
        f'<polyline points="{_points(points, x, y)}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dashes}"/>'
    )


def _points(points: Sequence[tuple[float, float]], x: Axis, y: Axis) -> str:
    return " ".join(f"{left:.1f},{top:.1f}" for left, top in (_place(point, x, y) for point in points))


def _place(point: tuple[float, float], x: Axis, y: Axis) -> tuple[float, float]:
    across = (point[0] - x.low) / (x.high - x.low)
    up = (point[1] - y.low) / (y.high - y.low)
    return LEFT + (WIDTH - LEFT - RIGHT) * across, HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up
