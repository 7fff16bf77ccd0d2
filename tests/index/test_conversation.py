"""Follow-ups asked of a whole library: what is found, what is told, and that other questions stay as they are."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import document
from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from wherefrom.index.conversation import Context, FollowUp
from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions

BERG = "Nils Berg sold the ferry of Northport on Monday. Nine thousand crowns were paid, the harbour office said."
OTTER = "Ann Otter sold the mill of Southport on Friday. Nine thousand crowns were paid, the harbour office said."
ASKED = "Who sold the ferry of Northport?"
FOLLOW_UP = "and how much was paid for it?"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0, cached_answers=10) as opened:
        opened.put("berg", document(BERG.encode()))
        opened.put("otter", document(OTTER.encode()))
        yield opened


def steady(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


def first_document(answer: Answer) -> str:
    return answer.passages[0].citation.document_id


@pytest.mark.parametrize(("asked", "document_id"), [(ASKED, "berg"), ("Who sold the mill of Southport?", "otter")])
def test_a_follow_up_is_answered_from_what_the_question_before_is_about(
    library: Library, asked: str, document_id: str
) -> None:
    before = library.ask(asked)
    assert first_document(before) == document_id
    assert first_document(library.ask(FOLLOW_UP, context=before.as_context())) == document_id


def test_the_question_before_is_enough(library: Library) -> None:
    assert (
        first_document(library.ask(FOLLOW_UP, context=Context(question="Who sold the mill of Southport?"))) == "otter"
    )


@pytest.mark.parametrize("name", ["Northpord", "Nórthport"])
def test_a_name_that_is_misspelled_in_the_question_before_is_guessed_too(library: Library, name: str) -> None:
    assert (
        first_document(library.ask("and how much was paid?", context=Context(question=f"Who is in {name}?"))) == "berg"
    )


def test_an_answer_tells_what_its_question_was_taken_to_be(library: Library) -> None:
    answer = library.ask(FOLLOW_UP, context=library.ask(ASKED).as_context(), explain=True)
    text = "and how much was paid for it? Northport"
    assert answer.question == FOLLOW_UP
    assert answer.follow_up == FollowUp(text=text, added=("Northport",), preferred_documents=("berg",))
    assert answer.explanation is not None
    assert answer.explanation.text == text


def test_a_follow_up_to_a_follow_up_keeps_the_names(library: Library) -> None:
    second = library.ask(FOLLOW_UP, context=library.ask(ASKED).as_context())
    third = library.ask("and when?", context=second.as_context())
    assert third.follow_up is not None
    assert third.follow_up.text == "and when? Northport"


def test_a_new_question_is_answered_as_without_its_context(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        context = library.ask("Who is the ambassador?").as_context()
        answer = library.ask(QUESTION, context=context, explain=True)
        assert answer.follow_up == FollowUp(text=QUESTION)
        assert steady(replace(answer, follow_up=None)) == steady(library.ask(QUESTION, explain=True))


def test_without_a_context_nothing_is_taken_for_a_follow_up(library: Library) -> None:
    assert library.ask(FOLLOW_UP).follow_up is None


def test_the_same_question_in_the_same_context_has_the_same_answer(library: Library) -> None:
    context = library.ask(ASKED).as_context()
    assert steady(library.ask(FOLLOW_UP, context=context)) == steady(library.ask(FOLLOW_UP, context=context))


def test_cached_answers_know_the_context(library: Library) -> None:
    contexts = [None, Context(question=ASKED), Context(question=ASKED, document_id=("otter",))]
    answers = [library.ask(FOLLOW_UP, context=context) for context in contexts]
    with library.searcher() as searcher:
        cached = [searcher.cached_answer(FOLLOW_UP, AskOptions(context=context)) for context in contexts]
        assert searcher.cached_answer(FOLLOW_UP, AskOptions(context=Context(question=QUESTION))) is None
    assert [each.follow_up for each in cached if each] == [each.follow_up for each in answers]
    assert len({each.follow_up for each in answers}) == 3


def test_questions_with_and_without_a_context_are_encoded_together(library: Library) -> None:
    alone, in_context = library.encode([FOLLOW_UP, FOLLOW_UP], [None, Context(question=ASKED)])
    assert alone.follow_up is None
    assert in_context.follow_up is not None
    assert alone.text == library.encode([FOLLOW_UP])[0].text


def test_a_document_that_is_gone_prefers_nothing(library: Library) -> None:
    context = Context(question=ASKED, document_id=("gone",))
    with_gone = library.ask(FOLLOW_UP, context=context)
    assert [each.passage_id for each in with_gone.passages] == [
        each.passage_id for each in library.ask(FOLLOW_UP, context=Context(question=ASKED)).passages
    ]


@pytest.mark.parametrize(
    ("context", "field"),
    [
        (Context(question=" "), "context.question"),
        (Context(question="x" * 2_001), "context.question"),
        (Context(question=ASKED, document_id=tuple(map(str, range(11)))), "context.document_id"),
    ],
)
def test_a_context_out_of_bounds_is_refused(library: Library, context: Context, field: str) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        library.ask(FOLLOW_UP, context=context)
    assert refused.value.field == field
