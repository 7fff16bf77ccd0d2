"""Questions asked of a whole library: a heading is never a passage, nor the sentence that answers."""

from pathlib import Path

import pytest

from tests.support.documents import document
from tests.support.library_samples import WordEmbedder
from wherefrom.index.answering.answer import NAMES_NOTHING
from wherefrom.index.conversation import Context
from wherefrom.index.library import Library
from wherefrom.index.types import Filters

ASKED = "Who pays the port tax?"
ANSWER = "Every passenger of a cruise ship pays the port tax of nine euros, which the ship's owner collects."
LINES = (
    *("The port tax", "The council of Westport voted on Tuesday for a new tax on cruise ships, the mayor said."),
    *(ASKED, ANSWER, "The port tax and the harbour", "The harbour is to be dredged in the spring, the council said."),
    *(
        "When does the port tax start?",
        "It begins on the first of April, after a vote that was delayed by the council.",
    ),
)


@pytest.mark.parametrize("question", ["Why?", "the", "WHY?", "What did he do?"])
def test_a_question_that_names_nothing_has_no_answer(tmp_path: Path, question: str) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("faq", document("\n\n".join(LINES).encode()))
        answer = library.ask(question)
        in_context = library.ask(question, context=Context(question=ASKED))
    assert (answer.status, answer.confidence, answer.warnings) == ("no_answer", 0.0, (NAMES_NOTHING,))
    assert answer.passages
    assert in_context.confidence > 0
    assert in_context.warnings == ()


def test_a_question_that_names_nothing_may_be_asked_of_a_document(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("faq", document("\n\n".join(LINES).encode()))
        answer = library.ask("What is it?", filters=Filters(document_id=("faq",)))
    assert answer.confidence > 0
    assert answer.warnings == ()


@pytest.mark.parametrize("question", ["Who won?", "What is the WHO?", '"to be or not to be"', "Warum?"])
def test_a_stop_word_may_name_something(tmp_path: Path, question: str) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("faq", document("\n\n".join(LINES).encode()))
        assert NAMES_NOTHING not in library.ask(question).warnings


def test_a_question_of_the_article_is_answered_by_the_paragraph_below_it(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        library.put("faq", document("\n\n".join(LINES).encode()))
        answer = library.ask(ASKED, top_k=100)
        assert [heading.text for heading in library.headings("faq")] == list(LINES[2::2])
    assert answer.answer is not None
    assert answer.answer.text == ANSWER
    assert {passage.text for passage in answer.passages} == set(LINES[1::2])
    assert answer.index.passages == 4
