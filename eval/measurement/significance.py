"""Comparison of two runs of the same questions: the difference per question, and a significance test.

It is a paired randomisation test: under the null hypothesis that both runs are equally good, the sign of each
question's difference is random.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.metrics.calibration_metrics import SEED, Figure, Numbers, bootstrap

PERMUTATIONS = 10_000
SIGNIFICANCE_LEVEL = 0.05
DECIMALS = 4
"""Decimal places of differences: saved values are rounded too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The mean of a measure before and now.

    `change` is the mean change with its interval, `p` the p value of the randomisation test. `better` and `worse` are
    the ids of the questions that changed.
    """

    measure: str
    before: float
    now: float
    change: Figure
    p: float
    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def fell(self) -> bool:
        """Whether the measure is significantly lower than before."""
        return self.change.value < 0 and self.p < SIGNIFICANCE_LEVEL


def compare_runs(before: SavedRun, now: SavedRun, path: Path) -> tuple[Difference, ...]:
    """Return the difference of every measure that both runs have.

    Raise EvalDataError, which names `path`, if the runs are on different data or have different questions.
    """
    for name, digest in now.digests.items():
        if before.digests.get(name) != digest:
            raise EvalDataError(path, "is a run on different data, and cannot be compared", field=name)
    return tuple(_differences(before.measures, now.measures, path))


def randomisation_test(changes: Numbers) -> float:
    """Return the two-sided p value: the share of random sign flips with a mean at least as far from 0; never 0."""
    changed = changes[changes != 0]
    if not len(changed):
        return 1.0
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(PERMUTATIONS, len(changed)))
    as_extreme = np.abs(signs @ changed) >= abs(changed.sum()) - 1e-9
    return float((as_extreme.sum() + 1) / (PERMUTATIONS + 1))


def _differences(
    before: Mapping[str, Mapping[str, float]], now: Mapping[str, Mapping[str, float]], path: Path
) -> Iterator[Difference]:
    for measure, values in now.items():
        if measure not in before:
            continue
        if before[measure].keys() != values.keys():
            raise EvalDataError(path, "has values for different questions", field=f"measures.{measure}")
        if values:
            yield _difference(measure, before[measure], values)


def _difference(measure: str, before: Mapping[str, float], now: Mapping[str, float]) -> Difference:
    changes = {id_: round(value - before[id_], DECIMALS) for id_, value in now.items()}
    array = np.array(list(changes.values()), dtype=np.float64)
    return Difference(
        measure=measure,
        before=float(np.mean(list(before.values()))),
        now=float(np.mean(list(now.values()))),
        change=bootstrap(lambda at: float(array[at].mean()), len(array)),
        p=randomisation_test(array),
        better=tuple(id_ for id_, change in changes.items() if change > 0),
        worse=tuple(id_ for id_, change in changes.items() if change < 0),
    )
