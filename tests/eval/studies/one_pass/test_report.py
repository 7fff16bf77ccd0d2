import pytest

from wherefrom.eval.measurement.runs import JudgedRanking
from wherefrom.eval.studies.one_pass.measure import Result, VariantResults
from wherefrom.eval.studies.one_pass.outside_sets import OutsideSet
from wherefrom.eval.studies.one_pass.report import (
    SetFigures,
    gain_rows,
    gains,
    largest_loss,
    set_figures,
    set_rows,
    summary_rows,
    token_rows,
)
from wherefrom.eval.studies.question_sets import StudyQuestion
from wherefrom.index.types import EFFORTS

SECONDS = {"A today": [3.0, 2.0], "B": [1.0, 1.5]}


def ranked(rank: int | None) -> JudgedRanking:
    return JudgedRanking(gains=tuple(float(at == rank) for at in range(1, 11)), judgements=(1.0,))


def results(*ranks: int | None, sentence: bool | None = True) -> VariantResults:
    of_questions = [
        Result(ranking=ranked(rank), sentence=sentence and rank == 1, confidence=0.9 if rank == 1 else 0.1)
        for rank in ranks
    ]
    return VariantResults(
        results=dict.fromkeys(EFFORTS, of_questions), near_misses={effort: [0.05, 0.95] for effort in EFFORTS}
    )


@pytest.fixture
def figures() -> SetFigures:
    question = StudyQuestion(text="Who?", judge=lambda _: ranked(1))
    outside = OutsideSet(name="a set", documents={}, questions=[question] * 4, near_misses=["What?", "Why?"])
    return set_figures(outside, {"A today": results(1, 1, 2, None), "B": results(1, 7, 2, None)})


def test_means_and_changes_are_those_of_the_questions(figures: SetFigures) -> None:
    today, other = figures.values["fast"].values()
    assert (today.means["hit@1"], today.means["hit@5"], other.means["hit@1"], other.means["hit@5"]) == (
        0.5,
        0.75,
        0.25,
        0.5,
    )
    assert today.changes["hit@1"] == (0.0, 0.0, 0.0)
    change, low, high = other.changes["hit@1"]
    assert (change, high) == (-0.25, 0.0)
    assert low < change
    assert today.answered == 0.5
    assert today.near_miss_auc == pytest.approx((2 * 0.5 + 2 * 0.5) / 4)


def test_the_largest_loss_is_that_of_any_set_and_effort(figures: SetFigures) -> None:
    assert largest_loss([figures], "B", "hit@1") == 0.25
    assert largest_loss([figures], "A today", "hit@1") == 0.0
    assert largest_loss([], "B", "hit@1") == 0.0


def test_gains_are_by_the_fastest_round() -> None:
    assert gains(SECONDS) == {"A today": 1.0, "B": 2.0}
    assert gains({}) == {}
    assert gain_rows(SECONDS)[1:] == [["A today", "1.00"], ["B", "2.00"]]


def test_tokens_are_a_share_of_todays() -> None:
    assert token_rows({"A today": 350, "B": 140})[1:] == [["A today", "1.00"], ["B", "0.40"]]


def test_the_summary_says_which_variant_is_within_a_point(figures: SetFigures) -> None:
    rows = summary_rows([figures], SECONDS)
    assert rows[1] == ["A today", "1.00", "0.0", "0.0", "0.0", "0.0", "yes"]
    assert rows[2][:3] == ["B", "2.00", "25.0"]
    assert rows[2][-1] == "no"


def test_a_set_has_a_table_per_effort(figures: SetFigures) -> None:
    tables = set_rows(figures)
    assert list(tables) == [f"a set, {effort}: 4 questions, 0 documents" for effort in EFFORTS]
    head, today, other = next(iter(tables.values()))
    assert head[1:6] == ["hit@1", "hit@5", "ndcg@10", "sentence", "answered"]
    assert today[1] == "0.500"
    assert set(today[-4:]) == {""}
    assert other[-4].startswith("-25.0 (")


def test_sentences_count_only_where_they_were_judged() -> None:
    question = StudyQuestion(text="Who?", judge=lambda _: ranked(1))
    outside = OutsideSet(name="a set", documents={}, questions=[question])
    values = set_figures(outside, {"A today": results(1, sentence=None)}).values["fast"]["A today"]
    assert "sentence" not in values.means
