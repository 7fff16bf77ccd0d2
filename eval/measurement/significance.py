"""Two runs of the same questions side by side: a difference a question, and whether chance alone would give as much.

The test flips the sign of each question's difference at random, which is what chance would do if the two runs were
equally good.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.metrics.calibration_metrics import SEED, Figure, Numbers, bootstrap

FLIPS = 10_000
CHANCE = 0.05
DECIMALS = 4
"""A smaller difference is that of a value that was rounded when it was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A measure before and now: the mean change with its interval, `p` of the randomisation test, and who changed."""

    measure: str
    before: float
    now: float
    change: Figure
    p: float
    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def fell(self) -> bool:
        """Whether it is lower than before by more than chance explains."""
        return self.change.value < 0 and self.p < CHANCE


def compare(before: SavedRun, now: SavedRun, path: Path) -> tuple[Difference, ...]:
    """Every measure that both runs have. Raises EvalDataError, naming `path`, if they asked other things."""
    for name, digest in now.digests.items():
        if before.digests.get(name) != digest:
            raise EvalDataError(path, "is of a run on other data, which says nothing about this one", field=name)
    return tuple(_differences(before.measures, now.measures, path))


def randomisation_test(changes: Numbers) -> float:
    """How often chance alone gives a mean at least as far from nought, in either direction; never quite 0."""
    changed = changes[changes != 0]
    if not len(changed):
        return 1.0
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(FLIPS, len(changed)))
    as_far = np.abs(signs @ changed) >= abs(changed.sum()) - 1e-9
    return float((as_far.sum() + 1) / (FLIPS + 1))


def _differences(
    before: Mapping[str, Mapping[str, float]], now: Mapping[str, Mapping[str, float]], path: Path
) -> Iterator[Difference]:
    for measure, values in now.items():
        if measure not in before:
            continue
        if before[measure].keys() != values.keys():
            raise EvalDataError(path, "is of other questions", field=f"measures.{measure}")
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
