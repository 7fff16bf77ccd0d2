from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.eval_samples import run_of
from tests.support.library_samples import FIRST, QUESTION, seeds_library
from wherefrom.eval.datasets.questions import SEEDS, Gold, JudgedQuestion, Kind, ParagraphRef, Question
from wherefrom.eval.measurement.runs import judge, run_question, run_questions
from wherefrom.eval.measurement.seeds import indexed_seeds
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.library import Library

RADAR = ParagraphRef(document_id=FIRST, paragraph=13)
GOLD = Gold(document=FIRST, quote="powerful X-band radar", answer="X-band radar")


def paragraph(number: int) -> ParagraphRef:
    return ParagraphRef(document_id="a", paragraph=number)


def judged_question(*golds: Gold) -> JudgedQuestion:
    kind: Kind = "answerable" if golds else "near_miss"
    question = Question(id="radar", question=QUESTION, kind=kind, golds=golds, own_words=True, line=1)
    return JudgedQuestion(question=question, gold_paragraphs=(RADAR,) * len(golds))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path) as opened:
        yield opened


def test_a_gold_has_a_gain_of_one_at_its_rank() -> None:
    ranking = judge([{paragraph(1)}, {paragraph(2)}, {paragraph(3)}], frozenset({paragraph(3), paragraph(9)}))
    assert list(ranking.gains) == [0, 0, 1]
    assert ranking.judgements == (1, 1)


def test_a_copy_of_a_gold_counts() -> None:
    assert judge([{paragraph(1), paragraph(2)}], frozenset({paragraph(2)})).gains == (1,)


def test_golds_at_the_same_rank_count_as_one() -> None:
    ranking = judge([{paragraph(1), paragraph(2)}], frozenset({paragraph(1), paragraph(2)}))
    assert list(ranking.gains) == [1]
    assert ranking.judgements == (1,)


def test_a_repeated_gold_counts_once() -> None:
    assert judge([{paragraph(1)}, {paragraph(1)}], frozenset({paragraph(1)})).gains == (1, 0)


def test_a_question_is_asked_with_an_effort() -> None:
    with indexed_seeds(SEEDS, load_embedder()) as library:
        assert run_question(library, judged_question(GOLD)).answer.effort == "fast"
        assert run_question(library, judged_question(GOLD), "careful").answer.effort == "careful"


def test_a_real_answer_is_judged(library: Library) -> None:
    run = run_question(library, judged_question(GOLD))
    assert run.answerable
    assert not run.refused
    assert run.gold_rank == 1
    assert run.sentence_answers
    assert (run.citations, run.faults) == (11, ())
    assert {system: len(ranking.gains) for system, ranking in run.rankings.items()} == {
        "wherefrom": 10,
        "bm25": 10,
        "dense": 10,
        "rrf": 10,
    }


def test_a_sentence_without_the_answer_is_wrong(library: Library) -> None:
    wrong = Gold(document=FIRST, quote="powerful X-band radar", answer="quite another thing")
    assert not run_question(library, judged_question(wrong)).sentence_answers


def test_the_right_words_in_the_wrong_paragraph_are_wrong() -> None:
    assert run_of("a").sentence_answers
    assert not run_of("a", gold_rank=2).sentence_answers


def test_a_refusal_has_no_right_sentence() -> None:
    refused = run_of("a", confidence=0.1)
    assert refused.refused
    assert not refused.sentence_answers


def test_an_unanswerable_question_has_no_gold_rank(library: Library) -> None:
    run = run_question(library, judged_question())
    assert not run.answerable
    assert run.gold_rank is None
    assert run.rankings["wherefrom"].judgements == ()


def test_progress_advances_by_one_for_every_question(library: Library) -> None:
    steps: list[int] = []
    assert len(run_questions(library, [judged_question(GOLD), judged_question()], steps.append)) == 2
    assert steps == [1, 1]
