"""Saves runs to files with a value per question, so that later runs can be compared with them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.runs import JudgedRanking, Run
from wherefrom.eval.measurement.scorecard import Measure

FORMAT = 1
Values = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRun:
    """The digests of the data by name, and the values of every measure by question id, where they are defined."""

    digests: Mapping[str, str]
    measures: Mapping[str, Values]

    @classmethod
    def from_rankings(
        cls, digests: Mapping[str, str], rankings: Mapping[str, JudgedRanking], measures: Mapping[str, Measure]
    ) -> Self:
        """Return a run with the values of the measures of rankings, which are given by question id."""
        values = {
            name: {id_: measure(ranking) for id_, ranking in rankings.items()} for name, measure in measures.items()
        }
        return cls(digests=digests, measures=values)

    @classmethod
    def from_runs(cls, digests: Mapping[str, str], runs: Sequence[Run], measures: Mapping[str, Measure]) -> Self:
        """Return a run of the service: the measures of its rankings, and the correctness of sentences and refusals."""
        rankings = {run.judged.question.id: run.rankings["wherefrom"] for run in runs if run.answerable}
        decisions = {
            "answer_sentence": {run.judged.question.id: float(run.sentence_answers) for run in runs if run.answerable},
            "right_to_refuse": {run.judged.question.id: float(run.refused != run.answerable) for run in runs},
        }
        ranked = cls.from_rankings(digests, rankings, measures).measures
        return cls(digests=digests, measures={**ranked, **decisions})


def save_run(path: Path, run: SavedRun) -> None:
    """Write a run to a file; equal runs give equal bytes. Raise EvalDataError."""
    rounded = {name: {id_: round(value, 6) for id_, value in values.items()} for name, values in run.measures.items()}
    text = json.dumps({"format": FORMAT, **asdict(run), "measures": rounded}, indent=1, ensure_ascii=False)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise EvalDataError(path, f"cannot be written: {error.strerror or error}") from error


def load_run(path: Path) -> SavedRun:
    """Read a file that `save_run` wrote. Raise EvalDataError, which names file and field."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvalDataError(path, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise EvalDataError(path, f"is not JSON: {error}") from error
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise EvalDataError(path, f"is not a saved run of format {FORMAT}", field="format")
    return SavedRun(digests=_digests(path, stored), measures=_measures(path, stored))


def _digests(path: Path, stored: Mapping[str, object]) -> Mapping[str, str]:
    digests = stored.get("digests")
    if not isinstance(digests, dict) or not all(isinstance(value, str) for value in digests.values()):
        raise EvalDataError(path, "must be an object of strings", field="digests")
    return digests


def _measures(path: Path, stored: Mapping[str, object]) -> Mapping[str, Values]:
    measures = stored.get("measures")
    if not isinstance(measures, dict) or not all(isinstance(values, dict) for values in measures.values()):
        raise EvalDataError(path, "must be an object of objects", field="measures")
    for name, values in measures.items():
        for id_, value in values.items():
            if not isinstance(value, float | int):
                raise EvalDataError(path, f"must be a number, is {value!r}", field=f"measures.{name}.{id_}")
    return measures
