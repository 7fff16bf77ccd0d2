"""Floors of the check of written sentences: the lowest accepted share of correct verdicts of each kind."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import EVAL
from wherefrom.eval.gate.floors import FLOOR_DECIMALS, FloorsLowered
from wherefrom.eval.measurement.written import CheckedPair, digest, written_figures

FLOORS = EVAL / "floors_written.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFloors:
    """The digest of the pairs, and the floor of each kind on them."""

    pairs_sha256: str
    floors: Mapping[str, float]


def load_written_floors(path: Path = FLOORS) -> WrittenFloors:
    """Read a floors file. Raise EvalDataError, which says how to make one if there is none."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        floors = {str(kind): float(floor) for kind, floor in stored["floors"].items()}
        return WrittenFloors(pairs_sha256=stored["pairs_sha256"], floors=floors)
    except FileNotFoundError as error:
        raise EvalDataError(path, "no floors are pinned; run `wherefrom-eval --written --pin`") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvalDataError(path, f"is not a floors file: {error!r}; run `wherefrom-eval --written --pin`") from error


def pin_written(checked: Sequence[CheckedPair], path: Path = FLOORS, *, lower: bool) -> None:
    """Write the figures as floors. Raise FloorsLowered if a floor would be lower than before and `lower` is not set."""
    floors = {kind: _round_down(value) for kind, value in _recalls(checked).items()}
    if path.exists() and not lower:
        before = load_written_floors(path).floors
        falling = [
            f"{kind} ({before[kind]} to {floors.get(kind)})" for kind in before if floors.get(kind, 0) < before[kind]
        ]
        if falling:
            raise FloorsLowered(falling)
    values = {"pairs_sha256": digest([each.pair for each in checked]), "floors": floors}
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def written_failures(checked: Sequence[CheckedPair], floors: WrittenFloors) -> Iterator[str]:
    """Yield the reasons why the gate is closed: pairs other than the pinned ones, or kinds below their floors."""
    if digest([each.pair for each in checked]) != floors.pairs_sha256:
        yield "the pairs of written sentences are not those of the floors; run `wherefrom-eval --written --pin`"
        return
    recalls = _recalls(checked)
    for kind, floor in floors.floors.items():
        if not recalls.get(kind, 0.0) >= floor:
            yield f"written sentences, {kind}: {recalls.get(kind, 0.0):.3f} is below the floor {floor}"


def _recalls(checked: Sequence[CheckedPair]) -> Mapping[str, float]:
    return {kind: figures.recall.value for kind, figures in written_figures(checked)["all"].items()}


def _round_down(value: float) -> float:
    scale = 10.0**FLOOR_DECIMALS
    return math.floor(value * scale) / scale
