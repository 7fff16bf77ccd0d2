import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from tests.support.library_samples import QUESTION, seeds_library
from tests.support.written import TextWriter
from wherefrom.eval.datasets.questions import Question
from wherefrom.eval.studies.written_replies import (
    RecordingWriter,
    Reply,
    citation_faults,
    one_of,
    reply_json,
    reply_to,
    rows,
    sentence_faults,
    spread,
)
from wherefrom.index.types import AskOptions
from wherefrom.index.writing.answer_writer import AnswerWriter
from wherefrom.index.writing.sentence_check import SentenceChecker
from wherefrom.index.writing.written_answer import WrittenSentence

ASKED = Question(id="radar", question=QUESTION, kind="answerable", golds=(), own_words=False, line=1)


def asked(data: Path, text: str = "", *, threshold: float = 0.0) -> Reply:
    """Return the reply of a writer that writes a text, or the first sentence of the first passage."""
    with seeds_library(data, threshold=threshold) as library:
        first = library.ask(QUESTION).passages[0].text.split(". ")[0].rstrip(".") + "."
        writer = RecordingWriter(TextWriter(text or first))
        answer_writer = AnswerWriter(writer)
        return asyncio.run(reply_to(library, ASKED, answer_writer, writer, SentenceChecker(None)))


def counts(*replies: Reply) -> dict[str, str]:
    _, *body = rows(replies)
    return {name.strip(): value for name, value in body}


def test_a_reply_has_what_the_model_wrote_what_is_shown_and_what_was_verified(tmp_path: Path) -> None:
    reply = asked(tmp_path)
    line = reply_json(reply)
    (shown,) = reply.written.sentences if reply.written else ()
    assert (line["model_text"], line["written"], line["faults"]) == (shown.text, "written", [])
    assert line["shown"] == [{"text": shown.text, "passages": [1], "cited_by": "service"}]
    figures = counts(reply)
    assert figures["replies with sentences"] == figures["cited by the service"] == "1"
    assert (figures["cited by the writer"], figures["faults in what is shown"]) == ("0", "0")
    assert int(figures["citations verified"]) == reply.citations > 1


def test_a_sentence_that_is_withheld_is_counted_by_the_checks_that_it_failed(tmp_path: Path) -> None:
    reply = asked(tmp_path, "Uruguay bought 417 submarines. [1]")
    figures = counts(reply)
    assert (figures["sentences that failed their check"], figures["failed numbers"], figures["sentences shown"]) == (
        "1",
        "1",
        "0",
    )
    assert figures["replies that are the verbatim passages"] == "1"
    assert reply_json(reply)["shown"] == []


def test_a_question_below_the_threshold_is_not_written(tmp_path: Path) -> None:
    reply = asked(tmp_path, threshold=1.0)
    assert (reply.written, reply.text) == (None, "")
    assert counts(reply)["questions below the threshold: nothing is written"] == "1"


def test_a_shown_sentence_that_does_not_follow_and_a_citation_that_does_not_match_are_faults(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        answer = library.answer(QUESTION, AskOptions())
        first = answer.passages[0]
        sentences = (
            WrittenSentence(text="Uruguay bought 417 submarines.", passages=(first.passage_id,)),
            WrittenSentence(text=first.text, passages=("elsewhere:1",)),
        )
        faults = list(sentence_faults(SentenceChecker(None), answer, sentences))
        assert any("numbers" in fault for fault in faults)
        assert faults[-1].startswith("cites what was not retrieved")
        assert list(citation_faults(library, answer)) == []
        wrong = replace(first.citation, cited_text="Another text.")
        passages = (replace(first, citation=wrong),)
        assert len(list(citation_faults(library, replace(answer, passages=passages)))) == 2


def test_questions_are_spread_evenly_over_the_file() -> None:
    questions = [replace(ASKED, line=line) for line in range(10)]
    assert [each.line for each in spread(questions, 4)] == [0, 2, 5, 7]
    assert list(spread(questions, 20)) == questions


def test_a_name_that_does_not_exist_is_refused() -> None:
    assert one_of("local", ("openai", "local")) == "local"
    with pytest.raises(typer.BadParameter, match="'other' is none of openai, local"):
        one_of("other", ("openai", "local"))
