"""Floors that the figures may not fall below, pinned beside the questions together with the run that they are of.

Both files have digests of the questions and of the seeds: figures on other data say nothing.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.digests import Digests
from wherefrom.eval.measurement.scorecard import Scorecard

GATED = (
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
"""Floors are cut to these: another processor rounds differently, and may flip one near tie of 110 questions."""


class FloorsLowered(Exception):
    """Pinning would lower floors, and nobody said that it may."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"pinning would lower {', '.join(names)}; add --lower if that is meant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What was pinned: the data, and the least value of each figure on it."""

    digests: Digests
    floors: Mapping[str, float]


def floors_of(questions: Path) -> Path:
    """The floors of a questions file: floors.json for questions.jsonl, floors_hard.json for questions_hard.jsonl."""
    return questions.with_name(f"floors{questions.stem.removeprefix('questions')}.json")


def baseline_of(questions: Path) -> Path:
    """The pinned run of a questions file, beside its floors."""
    return questions.with_name(f"baseline{questions.stem.removeprefix('questions')}.json")


def load_floors(path: Path) -> Floors:
    """Read a floors file. Raises EvalDataError, saying how to make one where there is none."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        digests = Digests(questions_sha256=stored["questions_sha256"], seeds_sha256=stored["seeds_sha256"])
        floors = {name: float(stored["floors"][name]) for name in GATED}
    except FileNotFoundError as error:
        raise EvalDataError(path, "no floors are pinned; run `wherefrom-eval --pin`") from error
    except (ValueError, TypeError, KeyError) as error:
        raise EvalDataError(path, f"is not a floors file: {error!r}; run `wherefrom-eval --pin --lower`") from error
    return Floors(digests=digests, floors=floors)


def pin(path: Path, digests: Digests, card: Scorecard, *, lower: bool) -> Floors:
    """Write today's figures as floors. Raises FloorsLowered if one would fall and `lower` is not set."""
    undefined = [name for name in GATED if math.isnan(card.values[name])]
    if undefined:
        raise EvalDataError(path, f"cannot pin {', '.join(undefined)}: not defined on these questions")
    floors = {name: _round_down(card.values[name]) for name in GATED}
    if path.exists() and not lower:
        before = load_floors(path).floors
        falling = [f"{name} ({before[name]} to {floors[name]})" for name in GATED if not floors[name] >= before[name]]
        if falling:
            raise FloorsLowered(falling)
    path.write_text(json.dumps(asdict(digests) | {"floors": floors}, indent=2) + "\n", encoding="utf-8")
    return Floors(digests=digests, floors=floors)


def _round_down(value: float) -> float:
    scale = 10.0**FLOOR_DECIMALS
    return math.floor(value * scale) / scale
