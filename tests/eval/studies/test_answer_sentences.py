from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.documents import document
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.measurement.runs import JudgedRanking
from wherefrom.eval.studies.answer_sentences import sentence_hits, sentence_rows
from wherefrom.eval.studies.candidate_scores import PassageRefs
from wherefrom.eval.studies.question_sets import StudyQuestion
from wherefrom.index.library import Library

STORY = b"""A story

The harbour opened on Tuesday after the storm. Forty boats left the harbour at dawn.

Nobody was hurt in the storm, said the harbour master.
"""
QUESTION = "when did the harbour open after the storm"


def no_judgement(_ranked: Sequence[PassageRefs]) -> JudgedRanking:
    return JudgedRanking(gains=(), judgements=())


def contains(words: str, paragraph: int = 1) -> Callable[[ParagraphRef, str], bool]:
    return lambda ref, text: ref.paragraph == paragraph and words in text


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as opened:
        opened.put("story", document(STORY, "story.txt"))
        yield opened


@pytest.mark.parametrize(
    ("contains_answer", "expected"),
    [
        (contains("Tuesday"), [True, True, True]),
        (contains("Forty"), [False, True, True]),
        (contains("Nobody", 2), [False, False, True]),
        (contains("Nobody", 1), [False, False, False]),
    ],
)
def test_the_answer_is_searched_in_more_and_more_sentences(
    library: Library, contains_answer: Callable[[ParagraphRef, str], bool], expected: list[bool]
) -> None:
    (hits,) = sentence_hits(
        library, [StudyQuestion(text=QUESTION, judge=no_judgement, contains_answer=contains_answer)]
    )
    assert list(hits.values()) == expected


def test_questions_judged_by_passage_only_are_left_out(library: Library) -> None:
    assert list(sentence_hits(library, [StudyQuestion(text=QUESTION, judge=no_judgement)])) == []


def test_the_table_has_a_share_per_choice_of_sentences_and_set(library: Library) -> None:
    questions = [
        StudyQuestion(text=QUESTION, judge=no_judgement, contains_answer=contains(words))
        for words in ("Tuesday", "Forty")
    ]
    head, first, second, third = sentence_rows({"a set": list(sentence_hits(library, questions))})
    assert head == ["the answer is in", "a set (2)"]
    assert [row[1][:5] for row in (first, second, third)] == ["0.500", "1.000", "1.000"]
