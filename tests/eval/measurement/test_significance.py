from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.significance import compare, randomisation_test

WHERE = Path("before.json")


def run_with(right: int, questions: int = 20) -> SavedRun:
    """The first so many questions are hits."""
    values = {f"q{number:02}": float(number < right) for number in range(questions)}
    return SavedRun(digests={"questions_sha256": "q"}, measures={"hit@1": values})


def test_a_run_does_not_differ_from_itself() -> None:
    (found,) = compare(run_with(12), run_with(12), WHERE)
    assert (found.change.value, found.p, found.better, found.worse) == (0, 1, (), ())
    assert not found.fell


def test_a_value_that_was_rounded_when_it_was_saved_has_not_changed() -> None:
    third = SavedRun(digests={}, measures={"ndcg@10": {f"q{number}": 0.333333 for number in range(20)}})
    exact = SavedRun(digests={}, measures={"ndcg@10": {f"q{number}": 1 / 3 - 1e-6 for number in range(20)}})
    (found,) = compare(third, exact, WHERE)
    assert (found.better, found.worse, found.p) == ((), (), 1)


def test_a_difference_names_the_questions_that_changed() -> None:
    (found,) = compare(run_with(12), run_with(10), WHERE)
    assert (found.before, found.now) == (0.6, 0.5)
    assert found.worse == ("q10", "q11")
    assert found.change.low <= found.change.value <= found.change.high


@pytest.mark.parametrize(("now", "fell"), [(18, False), (8, True), (2, True), (20, False)])
def test_only_more_than_chance_counts_as_a_fall(now: int, fell: bool) -> None:  # noqa: FBT001
    (found,) = compare(run_with(18), run_with(now), WHERE)
    assert found.fell == fell


def test_the_test_is_that_of_counting_signs() -> None:
    # Of 2^6 = 64 ways to sign six equal differences two are as far from nought as all six in one direction.
    assert randomisation_test(np.ones(6)) == pytest.approx(2 / 64, abs=0.01)
    assert randomisation_test(np.array([1.0, -1.0])) == 1


@pytest.mark.parametrize("field", ["questions_sha256", "measures.hit@1"])
def test_runs_of_other_questions_are_not_compared(field: str) -> None:
    other = replace(run_with(3), digests={"questions_sha256": "x"}) if field == "questions_sha256" else run_with(3, 19)
    with pytest.raises(EvalDataError, match=f"before.json.*{field}"):
        compare(other, run_with(3), WHERE)
