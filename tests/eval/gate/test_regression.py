from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.eval_samples import run_of
from wherefrom.eval.gate.floors import load_floors, pin
from wherefrom.eval.gate.regression import gate_failures, regressions
from wherefrom.eval.measurement.runs import Run
from wherefrom.eval.measurement.saved_runs import SavedRun
from wherefrom.eval.measurement.scorecard import MEASURES, score_runs
from wherefrom.eval.measurement.seeds import Digests
from wherefrom.eval.measurement.significance import compare_runs

DIGESTS = Digests(questions_sha256="q" * 64, seeds_sha256="s" * 64)
RUNS = [run_of("a"), run_of("b"), run_of("c", "near_miss", confidence=0.1), run_of("d", "debris", confidence=0.1)]
WORSE = [*RUNS[:1], run_of("b", gold_rank=3, baseline=4), *RUNS[2:]]


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    return tmp_path / "floors.json"


def closing_reasons(floors: Path, runs: list[Run], digests: Digests = DIGESTS) -> tuple[str, ...]:
    return gate_failures(load_floors(floors), digests, score_runs(runs), runs)


def test_the_gate_is_open_at_its_own_floors(floors: Path) -> None:
    pin(floors, DIGESTS, score_runs(RUNS), lower=False)
    assert closing_reasons(floors, RUNS) == ()


def test_a_figure_below_its_floor_closes_the_gate(floors: Path) -> None:
    pin(floors, DIGESTS, score_runs(RUNS), lower=False)
    reasons = closing_reasons(floors, WORSE)
    assert "hit@1 is 0.5000, below its floor 1.0000" in reasons
    assert not any(reason.startswith("hit@3") for reason in reasons)


def test_an_undefined_figure_closes_the_gate(floors: Path) -> None:
    pin(floors, DIGESTS, score_runs(RUNS), lower=False)
    assert any(reason.startswith("refusal_recall is nan") for reason in closing_reasons(floors, RUNS[:2]))


def test_a_ranking_no_better_than_a_baseline_closes_the_gate(floors: Path) -> None:
    level = [run_of("a", baseline=1), *RUNS[2:]]
    pin(floors, DIGESTS, score_runs(level), lower=False)
    assert closing_reasons(floors, level) == (
        "mrr@10 is 1.0000, not better than bm25's 1.0000",
        "mrr@10 is 1.0000, not better than dense's 1.0000",
        "mrr@10 is 1.0000, not better than rrf's 1.0000",
    )


def test_an_answered_question_about_debris_closes_the_gate(floors: Path) -> None:
    answered = [*RUNS[:3], run_of("d", "debris", confidence=0.9)]
    pin(floors, DIGESTS, score_runs(answered), lower=False)
    assert closing_reasons(floors, answered) == ("d: a question about debris was answered: d?",)


@pytest.mark.parametrize(
    ("digests", "what"),
    [(replace(DIGESTS, questions_sha256="x"), "questions"), (replace(DIGESTS, seeds_sha256="x"), "seeds")],
)
def test_floors_of_other_data_close_the_gate_and_explain_how_to_pin(floors: Path, digests: Digests, what: str) -> None:
    pin(floors, DIGESTS, score_runs(RUNS), lower=False)
    (reason,) = closing_reasons(floors, RUNS, digests)
    assert reason.startswith(f"the {what} are not those that the floors were pinned on")
    assert "wherefrom-eval --pin" in reason


def test_a_regression_on_many_questions_closes_the_gate_and_one_on_a_few_does_not() -> None:
    before = [run_of(f"q{number}") for number in range(20)]
    few_worse, many_worse = ([run_of(f"q{number}", gold_rank=2) for number in range(worse)] for worse in (2, 9))

    def reasons(worse: list[Run]) -> list[str]:
        now = [*worse, *before[len(worse) :]]
        pinned, later = SavedRun.from_runs({}, before, MEASURES), SavedRun.from_runs({}, now, MEASURES)
        return list(regressions(compare_runs(pinned, later, Path("baseline.json"))))

    assert reasons(few_worse) == []
    assert any(
        reason.startswith("hit@1 fell from 1.0000 to 0.5500") and "q8" in reason for reason in reasons(many_worse)
    )
