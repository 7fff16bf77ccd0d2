"""The report as a self-contained HTML page: tables, plots, and every miss with the passage that was ranked first."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.runs import RANKING_DEPTH, SYSTEMS, Run, System
from wherefrom.eval.measurement.seeds import Measurement
from wherefrom.eval.measurement.significance import Difference
from wherefrom.eval.metrics.calibration_metrics import bootstrap, mean
from wherefrom.eval.metrics.ranking_metrics import hit_at
from wherefrom.eval.reports.plots import SHARE, Axis, Line, plot, reliability_plot, risk_plot
from wherefrom.eval.reports.text_report import (
    TableRows,
    comparison_rows,
    failures,
    figure_rows,
    ranking_rows,
    refusal_rows,
)

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem }
th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0 }
th { border-bottom: 1px solid #999 } pre { white-space: pre-wrap; font-size: 13px }
svg { width: 26rem; max-width: 100%; font: 12px system-ui, sans-serif }
@media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #ddd } svg text { fill: #ddd } }
"""


def write_html(path: Path, measured: Measurement, differences: Sequence[Difference] = ()) -> None:
    """Write the page to a file. Raise EvalDataError if it cannot be written."""
    try:
        path.write_text(page(measured, differences), encoding="utf-8")
    except OSError as error:
        raise EvalDataError(path, f"cannot be written: {error.strerror or error}") from error


def page(measured: Measurement, differences: Sequence[Difference] = ()) -> str:
    """Return the whole page; equal measurements give equal text."""
    index, runs = measured.index, measured.runs
    outcomes = [run.outcome for run in runs]
    title = f"Wherefrom: {len(runs)} questions, {index.documents} documents, {index.passages} passages"
    sections = [
        table("Ranking", ranking_rows(measured.card.rankings)),
        table("The service", figure_rows(measured.card.service)),
        table("Refused", refusal_rows(measured.card)),
        *([table("Against the earlier run", comparison_rows(differences))] if differences else []),
        ranking_plot(runs),
        f"<h2>Reliability</h2>{reliability_plot({'observed': outcomes})}",
        f"<h2>Risk and coverage</h2>{risk_plot({'risk': outcomes})}",
        *_failure_lists(runs),
    ]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    body = f"<h1>{escape(title)}</h1><p>Model {escape(index.model)}, {index.model_sha256[:12]}.</p>{''.join(sections)}"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def table(title: str, rows: TableRows) -> str:
    """Return rows as an HTML table; the first row is the header."""
    head, *body = rows
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in body)
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    return f"<h2>{escape(title)}</h2><table><tr>{heads}</tr>{lines}</table>"


def ranking_plot(runs: Sequence[Run]) -> str:
    """Plot hit@k against k for each system, with 95 % intervals."""
    answerable = [run for run in runs if run.answerable]
    lines = [_hits(answerable, system) for system in SYSTEMS] if answerable else []
    ranks = Axis(name="k", low=0, high=RANKING_DEPTH)
    return f"<h2>Ranking curves</h2>{plot('hit@k by k', ranks, SHARE, lines)}"


def _hits(runs: Sequence[Run], system: System) -> Line:
    figures = []
    for k in range(1, RANKING_DEPTH + 1):
        hits = np.array([hit_at(run.rankings[system].gains, k) for run in runs])
        figures.append(bootstrap(lambda at, hits=hits: mean(hits[at]), len(hits)))  # type: ignore[misc]
    return Line(
        name=system,
        x=range(1, RANKING_DEPTH + 1),
        y=[figure.value for figure in figures],
        low=[figure.low for figure in figures],
        high=[figure.high for figure in figures],
    )


def _failure_lists(runs: Sequence[Run]) -> Iterator[str]:
    for title, lines in failures(runs).items():
        listed = escape("\n".join(lines))
        yield f"<h2>{escape(title)}: {len(lines)}</h2><pre>{listed}</pre>"
