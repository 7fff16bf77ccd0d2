from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.significance import compare_runs, randomisation_test

WHERE = Path("before.json")


def run_with(right: int, questions: int = 20) -> SavedRun:
    """Return a run in which the first `right` questions are hits."""
    values = {f"q{number:02}": float(number < right) for number in range(questions)}
    return SavedRun(digests={"questions_sha256": "q"}, measures={"hit@1": values})


def test_a_run_does_not_differ_from_itself() -> None:
    (difference,) = compare_runs(run_with(12), run_with(12), WHERE)
    assert (difference.change.value, difference.p, difference.better, difference.worse) == (0, 1, (), ())
    assert not difference.fell


def test_the_rounding_of_saved_values_is_not_a_change() -> None:
    third = SavedRun(digests={}, measures={"ndcg@10": {f"q{number}": 0.333333 for number in range(20)}})
    exact = SavedRun(digests={}, measures={"ndcg@10": {f"q{number}": 1 / 3 - 1e-6 for number in range(20)}})
    (difference,) = compare_runs(third, exact, WHERE)
    assert (difference.better, difference.worse, difference.p) == ((), (), 1)


def test_a_difference_names_the_questions_that_changed() -> None:
    (difference,) = compare_runs(run_with(12), run_with(10), WHERE)
    assert (difference.before, difference.now) == (0.6, 0.5)
    assert difference.worse == ("q10", "q11")
    assert difference.change.low <= difference.change.value <= difference.change.high


@pytest.mark.parametrize(("now", "fell"), [(18, False), (8, True), (2, True), (20, False)])
def test_only_a_significant_decrease_is_a_fall(now: int, fell: bool) -> None:  # noqa: FBT001
    (difference,) = compare_runs(run_with(18), run_with(now), WHERE)
    assert difference.fell == fell


def test_the_p_value_is_that_of_counting_signs() -> None:
    # Of 2^6 = 64 ways to sign six equal differences two are as far from nought as all six in one direction.
    assert randomisation_test(np.ones(6)) == pytest.approx(2 / 64, abs=0.01)
    assert randomisation_test(np.array([1.0, -1.0])) == 1


@pytest.mark.parametrize("field", ["questions_sha256", "measures.hit@1"])
def test_runs_of_other_questions_are_not_compared(field: str) -> None:
    other = replace(run_with(3), digests={"questions_sha256": "x"}) if field == "questions_sha256" else run_with(3, 19)
    with pytest.raises(EvalDataError, match=f"before.json.*{field}"):
        compare_runs(other, run_with(3), WHERE)
