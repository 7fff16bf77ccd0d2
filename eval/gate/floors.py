"""Floors: the lowest values that the gate accepts, in a file beside the questions, like the run they were pinned from.

Both files contain digests of the questions and of the seeds, since figures on different data cannot be compared.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.scorecard import Scorecard
from wherefrom.eval.measurement.seeds import Digests

GATED_FIGURES = (
    "hit@1",
    "hit@3",
    "hit@5",
    "mrr@10",
    "ndcg@10",
    "answer_sentence",
    "refusal_precision",
    "refusal_recall",
    "confidence_auc",
    "citation_exactness",
)
FLOOR_DECIMALS = 2
"""Decimal places to which floors are rounded down: another processor may reverse a near tie in one of 110 questions."""


class FloorsLowered(Exception):
    """Pinning would lower floors, and `--lower` was not given."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"pinning would lower {', '.join(names)}; pass --lower to allow it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The digests of the data, and the floor of each figure on it."""

    digests: Digests
    floors: Mapping[str, float]


def floors_path(questions: Path) -> Path:
    """Return the floors file of a questions file, such as floors_hard.json for questions_hard.jsonl."""
    return questions.with_name(f"floors{questions.stem.removeprefix('questions')}.json")


def baseline_path(questions: Path) -> Path:
    """Return the file of the pinned run, which is beside the floors."""
    return questions.with_name(f"baseline{questions.stem.removeprefix('questions')}.json")


def load_floors(path: Path) -> Floors:
    """Read a floors file. Raise EvalDataError, which says how to make one if there is none."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        digests = Digests(questions_sha256=stored["questions_sha256"], seeds_sha256=stored["seeds_sha256"])
        floors = {name: float(stored["floors"][name]) for name in GATED_FIGURES}
    except FileNotFoundError as error:
        raise EvalDataError(path, "no floors are pinned; run `wherefrom-eval --pin`") from error
    except (ValueError, TypeError, KeyError) as error:
        raise EvalDataError(path, f"is not a floors file: {error!r}; run `wherefrom-eval --pin --lower`") from error
    return Floors(digests=digests, floors=floors)


def pin(path: Path, digests: Digests, card: Scorecard, *, lower: bool) -> Floors:
    """Write the figures as floors.

    Raise FloorsLowered if a floor would be lower than before and `lower` is not set, and EvalDataError if a figure is
    not defined or the present file is unusable.
    """
    undefined = [name for name in GATED_FIGURES if math.isnan(card.values[name])]
    if undefined:
        raise EvalDataError(path, f"cannot pin {', '.join(undefined)}: not defined on these questions")
    floors = {name: _round_down(card.values[name]) for name in GATED_FIGURES}
    if path.exists() and not lower:
        before = load_floors(path).floors
        falling = [
            f"{name} ({before[name]} to {floors[name]})" for name in GATED_FIGURES if not floors[name] >= before[name]
        ]
        if falling:
            raise FloorsLowered(falling)
    path.write_text(json.dumps(asdict(digests) | {"floors": floors}, indent=2) + "\n", encoding="utf-8")
    return Floors(digests=digests, floors=floors)


def _round_down(value: float) -> float:
    scale = 10.0**FLOOR_DECIMALS
    return math.floor(value * scale) / scale
