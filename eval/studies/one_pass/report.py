"""The tables of the study: figures by set and effort, and the largest loss of each variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.eval.measurement.beir import MEASURES
from wherefrom.eval.metrics.calibration_metrics import Numbers, auc, bootstrap, mean
from wherefrom.eval.reports.text_report import TableRows
from wherefrom.eval.studies.one_pass.measure import Result, VariantResults
from wherefrom.eval.studies.one_pass.outside_sets import OutsideSet
from wherefrom.index.scoring.calibration import Calibration
from wherefrom.index.types import EFFORTS, Effort

RANKING_MEASURES = ("hit@1", "hit@5", "ndcg@10")
SENTENCE = "sentence"
POINT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The figures of one variant on a set with one effort.

    `means` are those of the ranking measures and, where sentences are judged, of the answering sentence. `changes` are
    the mean differences from today's with their 95 % intervals. `answered` is the share of questions whose confidence
    is at least the threshold, `near_miss_auc` the AUC of their confidence against near misses, `None` without any.
    """

    means: Mapping[str, float]
    changes: Mapping[str, tuple[float, float, float]]
    answered: float
    near_miss_auc: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFigures:
    """The figures of a set by effort and variant; the first variant is today's."""

    name: str
    documents: int
    questions: int
    near_misses: int
    values: Mapping[Effort, Mapping[str, Values]]


def set_figures(outside: OutsideSet, measured: Mapping[str, VariantResults]) -> SetFigures:
    """Return the figures of a set."""
    today = next(iter(measured.values()))
    return SetFigures(
        name=outside.name,
        documents=len(outside.documents),
        questions=len(outside.questions),
        near_misses=len(outside.near_misses),
        values={
            effort: {name: _values(effort, results, today) for name, results in measured.items()} for effort in EFFORTS
        },
    )


def set_rows(figures: SetFigures) -> Mapping[str, TableRows]:
    """Return a table per effort by title: a row per variant with the means, and the changes in points."""
    tables: dict[str, TableRows] = {}
    for effort, by_variant in figures.values.items():
        today = next(iter(by_variant.values()))
        rows = [["", *today.means, "answered", "AUC, near misses", *(f"change of {name}" for name in today.means)]]
        for name, values in by_variant.items():
            shares = [*(f"{value:.3f}" for value in values.means.values()), f"{values.answered:.3f}"]
            near_miss = "" if values.near_miss_auc is None else f"{values.near_miss_auc:.3f}"
            changes = [
                f"{100 * value:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
                for value, low, high in values.changes.values()
            ]
            rows.append([name, *shares, near_miss, *(changes if values is not today else [""] * len(changes))])
        tables[f"{figures.name}, {effort}: {figures.questions} questions, {figures.documents} documents"] = rows
    return tables


def gain_rows(seconds: Mapping[str, Sequence[float]]) -> TableRows:
    """Return a row per variant: its speed of embedding relative to today's, by the fastest round."""
    return [["", "times as fast"], *([name, f"{gain:.2f}"] for name, gain in gains(seconds).items())]


def token_rows(tokens: Mapping[str, int]) -> TableRows:
    """Return a row per variant: the tokens that the model reads, as a share of today's."""
    today = next(iter(tokens.values()), 1)
    return [["", "tokens read"], *([name, f"{of_one / today:.2f}"] for name, of_one in tokens.items())]


def gains(seconds: Mapping[str, Sequence[float]]) -> Mapping[str, float]:
    """Return the speed of each variant relative to the first one, by the fastest round of each."""
    fastest = {name: min(rounds) for name, rounds in seconds.items()}
    today = next(iter(fastest.values()), 0.0)
    return {name: today / value for name, value in fastest.items()}


def summary_rows(sets: Sequence[SetFigures], seconds: Mapping[str, Sequence[float]]) -> TableRows:
    """Return a row per variant: its gain, and by measure the largest loss of any set and effort in points."""
    rows = [["", "times as fast", *RANKING_MEASURES, SENTENCE, "within a point"]]
    for name, gain in gains(seconds).items():
        losses = {measure: largest_loss(sets, name, measure) for measure in (*RANKING_MEASURES, SENTENCE)}
        within = "yes" if max(losses.values()) <= POINT else "no"
        rows.append([name, f"{gain:.2f}", *(f"{100 * loss:.1f}" for loss in losses.values()), within])
    return rows


def largest_loss(sets: Sequence[SetFigures], variant: str, measure: str) -> float:
    """Return the largest loss of a variant against today in a measure, over all sets and efforts."""
    changes = [
        by_variant[variant].changes[measure][0]
        for figures in sets
        for by_variant in figures.values.values()
        if measure in by_variant[variant].changes
    ]
    return max((0.0 - change for change in changes), default=0.0)


def _values(effort: Effort, results: VariantResults, today: VariantResults) -> Values:
    own, before = _measures(results.results[effort]), _measures(today.results[effort])
    changes = {}
    for name, values in own.items():
        change = _change(values - before[name])
        changes[name] = change
    confidence = np.array([result.confidence for result in results.results[effort]])
    near = np.array(results.near_misses[effort])
    threshold = Calibration.load(effort).threshold
    positive = np.array([True] * len(confidence) + [False] * len(near))
    return Values(
        means={name: mean(values) for name, values in own.items()},
        changes=changes,
        answered=mean((confidence >= threshold).astype(np.float64)),
        near_miss_auc=auc(np.concatenate([confidence, near]), positive) if len(near) else None,
    )


def _measures(results: Sequence[Result]) -> Mapping[str, Numbers]:
    values = {name: np.array([MEASURES[name](each.ranking) for each in results]) for name in RANKING_MEASURES}
    sentences = [each.sentence for each in results if each.sentence is not None]
    return values | ({SENTENCE: np.array(sentences, dtype=np.float64)} if sentences else {})


def _change(differences: Numbers) -> tuple[float, float, float]:
    figure = bootstrap(lambda at: mean(differences[at]), len(differences))
    return figure.value, figure.low, figure.high
