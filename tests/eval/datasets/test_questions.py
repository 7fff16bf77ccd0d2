from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.documents import read
from tests.support.eval_samples import BTS, RADAR, RADAR_GOLD, write_jsonl
from tests.support.paths import EVAL, SEEDS
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import KINDS, ParagraphRef, collapse_whitespace, load_questions, locate_golds
from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.types import Paragraph

QUESTIONS = EVAL / "questions.jsonl"


def seed_paragraphs(document_id: str) -> tuple[Paragraph, ...]:
    path = SEEDS / document_id
    if not path.is_file():
        raise DocumentNotFound(document_id)
    return read(path.read_bytes(), source=str(path)).paragraphs


@pytest.fixture
def questions_path(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def radar(**fields: object) -> dict[str, Any]:
    return {**RADAR, **fields}


def radar_gold(**fields: object) -> dict[str, Any]:
    return radar(golds=[{**RADAR_GOLD, **fields}])


@pytest.mark.parametrize("name", ["questions.jsonl", "questions_hard.jsonl"])
def test_every_gold_is_in_exactly_one_paragraph_of_the_seeds(name: str) -> None:
    judged = locate_golds(load_questions(EVAL / name), seed_paragraphs, EVAL / name)
    assert all(bool(question.gold_paragraphs) == (question.question.kind == "answerable") for question in judged)


def test_the_golds_of_a_question_are_in_different_paragraphs() -> None:
    judged = locate_golds(load_questions(QUESTIONS), seed_paragraphs, QUESTIONS)
    assert [
        question.question.id
        for question in judged
        if len(set(question.gold_paragraphs)) < len(question.gold_paragraphs)
    ] == []


def test_there_are_enough_questions_of_every_kind_and_story() -> None:
    questions = load_questions(QUESTIONS)
    kinds = Counter(question.kind for question in questions)
    assert kinds["answerable"] >= 100
    assert kinds.total() - kinds["answerable"] >= 40
    assert set(kinds) == set(KINDS)
    stories = Counter(gold.document for question in questions for gold in question.golds)
    assert len(stories) == 5
    assert min(stories.values()) >= 10


def test_most_questions_are_not_in_the_articles_own_words() -> None:
    answerable = [question for question in load_questions(QUESTIONS) if question.kind == "answerable"]
    assert sum(question.own_words for question in answerable) < len(answerable) / 5


def test_a_gold_is_located_in_its_paragraph(questions_path: Path) -> None:
    write_jsonl(questions_path, [RADAR, BTS])
    first, second = locate_golds(load_questions(questions_path), seed_paragraphs, questions_path)
    assert first.gold_paragraphs == (ParagraphRef(document_id="002_8dddc422d49da77a.txt", paragraph=13),)
    assert second.gold_paragraphs == ()


def test_white_space_in_a_quote_is_ignored(questions_path: Path) -> None:
    write_jsonl(questions_path, [radar_gold(quote="powerful  X-band\n radar ")])
    assert locate_golds(load_questions(questions_path), seed_paragraphs, questions_path)[0].gold_paragraphs


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (radar_gold(quote="a powerful X-band radar"), "golds[0].quote", "is in 0 paragraphs"),
        (radar_gold(quote="Korean Peninsula", answer="Korean"), "golds[0].quote", "is in 2 paragraphs"),
        (radar_gold(document="nowhere.txt"), "golds[0].document", "no document has the id 'nowhere.txt'"),
    ],
)
def test_a_gold_that_the_index_does_not_contain_is_an_error(
    questions_path: Path, row: dict[str, Any], field: str, reason: str
) -> None:
    write_jsonl(questions_path, [BTS, row])
    with pytest.raises(EvalDataError) as raised:
        locate_golds(load_questions(questions_path), seed_paragraphs, questions_path)
    assert str(raised.value).startswith(f"{questions_path}, line 2, {field}: ")
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (radar(kind="hard"), "kind"),
        (radar(kind=None), "kind"),
        (radar(question=" "), "question"),
        (radar(id=7), "id"),
        (radar(own_words="no"), "own_words"),
        (radar(golds="none"), "golds"),
        (radar(golds=["none"]), "golds[0]"),
        (radar(golds=[]), "golds"),
        (radar(kind="debris"), "golds"),
        (radar_gold(answer="long-wave radar"), "golds[0].answer"),
        (radar_gold(quote=""), "golds[0].quote"),
        (radar(id=BTS["id"]), "id"),
        (radar(question=BTS["question"]), "question"),
    ],
)
def test_an_invalid_question_is_an_error_with_file_line_and_field(
    questions_path: Path, row: dict[str, Any], field: str
) -> None:
    write_jsonl(questions_path, [BTS, row])
    with pytest.raises(EvalDataError) as raised:
        load_questions(questions_path)
    assert str(raised.value).startswith(f"{questions_path}, line 2, {field}: ")


def test_a_file_without_questions_is_an_error(questions_path: Path) -> None:
    write_jsonl(questions_path, [""])
    with pytest.raises(EvalDataError, match="contains no questions"):
        load_questions(questions_path)


def test_collapsed_white_space_is_one_space_between_words() -> None:
    assert collapse_whitespace(" a\n\tb\u00a0 c ") == "a b c"
