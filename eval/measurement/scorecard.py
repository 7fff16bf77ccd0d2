"""The figures over all runs, each with its interval."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.eval.datasets.questions import KINDS, Kind
from wherefrom.eval.measurement.runs import SYSTEMS, JudgedRanking, Run, System
from wherefrom.eval.metrics.calibration_metrics import Figure, bootstrap, calibration_figures, mean
from wherefrom.eval.metrics.ranking_metrics import hit_at, ndcg_at, reciprocal_rank_at

Measure = Callable[[JudgedRanking], float]
MEASURES: Mapping[str, Measure] = {
    "hit@1": lambda ranking: hit_at(ranking.gains, 1),
    "hit@3": lambda ranking: hit_at(ranking.gains, 3),
    "hit@5": lambda ranking: hit_at(ranking.gains, 5),
    "mrr@10": lambda ranking: reciprocal_rank_at(ranking.gains, 10),
    "ndcg@10": lambda ranking: ndcg_at(ranking.gains, ranking.judgements, 10),
}
Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Ranking figures by system over the answerable questions, the other figures of the service, and refusals.

    `refusals` has the number of refused questions and of all questions, by kind.
    """

    rankings: Mapping[System, Figures]
    service: Figures
    refusals: Mapping[Kind, tuple[int, int]]

    @property
    def values(self) -> Mapping[str, float]:
        """The value of every figure of the full service, by name."""
        figures = {**self.rankings["wherefrom"], **self.service}
        return {name: figure.value for name, figure in figures.items()}


def score_runs(runs: Sequence[Run]) -> Scorecard:
    """Return the figures of the runs."""
    answerable = [run for run in runs if run.answerable]
    rankings = {system: ranking_figures([run.rankings[system] for run in answerable], MEASURES) for system in SYSTEMS}
    service = {
        **calibration_figures([run.outcome for run in runs]),
        "answer_sentence": _mean_of([float(run.sentence_answers) for run in answerable]),
        "answered_right": _mean_of([float(run.sentence_answers) for run in runs if not run.refused]),
        "citation_exactness": _citation_exactness(runs),
    }
    refusals = {kind: _refusals(runs, kind) for kind in KINDS}
    return Scorecard(rankings=rankings, service=service, refusals=refusals)


def ranking_figures(rankings: Sequence[JudgedRanking], measures: Mapping[str, Measure]) -> dict[str, Figure]:
    """Return the mean of each measure over the questions, by name."""
    return {name: _mean_of([measure(ranking) for ranking in rankings]) for name, measure in measures.items()}


def _mean_of(values: Sequence[float]) -> Figure:
    numbers = np.array(values, dtype=np.float64)
    return bootstrap(lambda at: mean(numbers[at]), len(numbers))


def _citation_exactness(runs: Sequence[Run]) -> Figure:
    citations = np.array([run.citations for run in runs], dtype=np.float64)
    exact = citations - np.array([len(run.faults) for run in runs], dtype=np.float64)
    return bootstrap(
        lambda at: float(exact[at].sum() / citations[at].sum()) if citations[at].any() else np.nan, len(runs)
    )


def _refusals(runs: Sequence[Run], kind: Kind) -> tuple[int, int]:
    of_kind = [run.refused for run in runs if run.judged.question.kind == kind]
    return sum(of_kind), len(of_kind)
