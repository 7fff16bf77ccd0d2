import json
from pathlib import Path

import pytest

from tests.support.eval_samples import run_of
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.saved_runs import SavedRun, load_run, save_run
from wherefrom.eval.measurement.scorecard import MEASURES

DIGESTS = {"questions_sha256": "q"}


def test_a_saved_run_is_loaded_unchanged(tmp_path: Path) -> None:
    run = SavedRun(digests=DIGESTS, measures={"hit@1": {"a": 1.0, "b": 0.0}})
    save_run(tmp_path / "run.json", run)
    assert load_run(tmp_path / "run.json") == run


def test_rankings_are_saved_for_answerable_questions_and_decisions_for_all() -> None:
    runs = [run_of("a"), run_of("b", gold_rank=3), run_of("c", "near_miss", confidence=0.9)]
    measures = SavedRun.from_runs(DIGESTS, runs, MEASURES).measures
    assert measures["hit@1"] == {"a": 1, "b": 0}
    assert measures["right_to_refuse"] == {"a": 1, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("oops", "is not JSON"),
        ("[]", "format: is not a saved run"),
        (json.dumps({"format": 1, "digests": {"x": 1}, "measures": {}}), "digests: must be an object of strings"),
        (json.dumps({"format": 1, "digests": {}, "measures": {"hit@1": 3}}), "measures: must be an object of objects"),
        (json.dumps({"format": 1, "digests": {}, "measures": {"m": {"a": "x"}}}), r"measures\.m\.a: must be a number"),
    ],
)
def test_an_invalid_file_is_an_error_with_its_field(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(EvalDataError, match=reason):
        load_run(tmp_path / "run.json")


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(EvalDataError, match=r"none\.json: cannot be read"):
        load_run(tmp_path / "none.json")
