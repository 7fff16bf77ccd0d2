"""The careful effort: what the reader finds decides about the order, the sentence and the confidence."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from wherefrom.index.answering.careful import MAX_PASSAGE_CHARACTERS, READ_CHARACTERS, READ_DEPTH
from wherefrom.index.answering.passages import SPAN_CHARACTERS
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.library import Library
from wherefrom.index.reading.lazy_reader import LazyReader
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Answer, Span


class Keyword:
    """Finds a word, and scores passages with it high; it counts what it reads."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.read_passages: list[str] = []

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        assert question
        self.read_passages += passages
        readings = []
        for passage in passages:
            at = passage.find(self.word)
            found = 5.0 if at >= 0 else -5.0
            span = Span(start=at, end=at + len(self.word)) if at >= 0 else Span(start=0, end=1)
            readings.append(Reading(relevance=found, answers=found, span_score=found, span=span))
        return readings


STORY = "\n\n".join(
    [
        "The ferry of Eastport sank near the harbour on Friday night, and the rescue took hours.",
        "The ferry left the harbour of Eastport late, the company said in a statement. Its captain was Ann Otter.",
        "The harbour of Eastport has one ferry, which the town bought from a shipyard long ago.",
    ]
)


@pytest.fixture
def reader() -> Keyword:
    return Keyword("Ann Otter")


@pytest.fixture
def library(tmp_path: Path, reader: Keyword) -> Iterator[Library]:
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), reader=LazyReader(lambda: reader)) as opened:
        opened.put("ferry", extract(parse_article({"text": STORY}, source="ferry")))
        yield opened


def steady(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


def test_the_passage_that_the_reader_prefers_comes_first(library: Library) -> None:
    fast = library.ask("the ferry at night", effort="fast")
    careful = library.ask("the ferry at night", effort="careful")
    assert (fast.effort, careful.effort) == ("fast", "careful")
    assert fast.passages[0].passage_id == "ferry:1"
    assert careful.passages[0].passage_id == "ferry:2"
    assert {passage.passage_id for passage in fast.passages} == {passage.passage_id for passage in careful.passages}


def test_the_answer_is_the_sentence_with_the_span_and_the_span_is_marked(library: Library) -> None:
    answer = library.ask("ferry harbour Eastport", effort="careful")
    first = answer.passages[0]
    (mark,) = first.highlights
    assert first.text[mark.start : mark.end] == "Ann Otter"
    if answer.answer is not None:
        assert answer.answer.text == "Its captain was Ann Otter."


@pytest.mark.parametrize(
    ("found", "marked"),
    [
        ("held", "withheld"),
        ("17", "17,000"),
        ("000 tons", "17,000 tons"),
        ("rice. It was", "rice."),
        ("\u6642\u4ee3", "\u6642\u4ee3"),
    ],
)
def test_the_mark_has_whole_words_of_the_answering_sentence(tmp_path: Path, found: str, marked: str) -> None:
    ferry = "The ferry \u660e\u6cbb\u6642\u4ee3\u4e38 withheld 17,000 tons of rice."
    story = f"{ferry} It was late that night, the company said in a statement."
    reader = Keyword(found)
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), reader=LazyReader(lambda: reader)) as opened:
        opened.put("ferry", extract(parse_article({"text": story}, source="ferry")))
        passage = opened.ask("the ferry", effort="careful").passages[0]
    (mark,) = passage.highlights
    assert passage.text[mark.start : mark.end] == marked


def test_fast_reads_nothing(library: Library, reader: Keyword) -> None:
    library.ask("ferry harbour", effort="fast")
    library.ask("ferry harbour")
    assert reader.read_passages == []


def test_only_the_first_passages_are_read(tmp_path: Path) -> None:
    reader = Keyword("THAAD")
    with seeds_library(tmp_path / "data") as seeds:
        generation = seeds.info().generation
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), reader=LazyReader(lambda: reader)) as opened:
        assert opened.info().generation == generation
        answer = opened.ask(QUESTION, top_k=30, effort="careful")
        assert 1 <= len(reader.read_passages) <= READ_DEPTH
        assert len(answer.passages) == 30


def test_the_same_question_has_the_same_answer_in_each_effort(library: Library) -> None:
    for effort in ("fast", "careful"):
        first = library.ask("ferry harbour Eastport", effort=effort)
        assert steady(first) == steady(library.ask("ferry harbour Eastport", effort=effort))


def test_without_a_reader_every_question_is_answered_fast(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as opened:
        assert opened.ask(QUESTION, effort="careful").effort == "fast"
        assert steady(opened.ask(QUESTION)) == steady(opened.ask(QUESTION, effort="fast"))


def test_a_passage_that_was_not_read_is_no_surer_than_those_that_were(tmp_path: Path) -> None:
    reader = Keyword("THAAD")
    with seeds_library(tmp_path / "data"):
        pass
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), reader=LazyReader(lambda: reader)) as opened:
        confidences = [passage.confidence for passage in opened.ask(QUESTION, top_k=30, effort="careful").passages]
        assert max(confidences[READ_DEPTH:]) <= max(confidences[:READ_DEPTH])


def test_of_long_passages_fewer_are_read(tmp_path: Path) -> None:
    reader = Keyword("ferry")
    read = []
    for words in (60, 240):
        story = "\n\n".join(
            f"Story {number}: the ferry of the harbour sank, {'and the rescue went on ' * (words // 5)}."
            for number in range(4)
        )
        with Library.open(tmp_path / str(words), embedder=WordEmbedder(), reader=LazyReader(lambda: reader)) as opened:
            opened.put("ferry", extract(parse_article({"text": story}, source="ferry")))
            assert len(opened.ask("the ferry of the harbour", effort="careful").passages) == 4
        read.append(len(reader.read_passages))
        reader.read_passages.clear()
    assert read == [4, READ_CHARACTERS // MAX_PASSAGE_CHARACTERS]


@pytest.mark.parametrize("padding", [0, SPAN_CHARACTERS])
def test_in_a_long_paragraph_the_sentence_is_that_of_the_searches(tmp_path: Path, padding: int) -> None:
    reader = Keyword("Ann Otter")
    first = "The ferry of Eastport sank near the harbour at night."
    last = f"Its captain was Ann Otter{', who came from a town far away' * (padding // 31)}."
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), reader=LazyReader(lambda: reader)) as opened:
        opened.put("ferry", extract(parse_article({"text": f"{first} {last}"}, source="ferry")))
        answer = opened.ask("the ferry of Eastport", effort="careful")
    assert answer.answer is not None
    assert answer.answer.text == (first if padding else last)
    (mark,) = answer.passages[0].highlights
    assert answer.passages[0].text[mark.start : mark.end] == (first if padding else "Ann Otter")
