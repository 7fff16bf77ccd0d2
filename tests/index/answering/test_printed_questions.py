"""A question that an article prints is never the answer to itself, with either effort."""

from collections.abc import Iterator

import pytest

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.library import Library
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import EFFORTS, Effort

STORY = "\n\n".join(
    [
        "The port of Eastport collects a tax from ships and passengers, the harbour master said on Tuesday.",
        "Who pays the port tax?",
        "Every passenger who boards a ferry at the pier pays nine euros, which is part of the ticket's price.",
        "Why was the tax raised? Because the pier had to be repaired after the storm, the harbour master said.",
        "Why?",
        "The money also pays for two cranes that the port bought in spring, according to the budget of the town.",
    ]
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("printed"), embedder=load_embedder()) as opened:
        opened.put("port", extract(parse_article({"text": STORY}, source="port")))
        yield opened


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("question", ["Who pays the port tax?", "who pays the port tax", "Why?", "why"])
def test_a_passage_that_only_asks_is_behind_those_that_may_answer(
    library: Library, question: str, effort: Effort
) -> None:
    answer = library.ask(question, effort=effort, top_k=3)
    assert not any(passage.text.endswith("?") for passage in answer.passages[:2])
    assert answer.answer is None or not answer.answer.text.endswith("?")


@pytest.mark.parametrize("effort", EFFORTS)
def test_the_answering_sentence_is_the_one_that_does_not_ask(library: Library, effort: Effort) -> None:
    answer = library.ask("Why was the port tax raised?", effort=effort)
    assert answer.answer is not None
    assert answer.answer.text == "Because the pier had to be repaired after the storm, the harbour master said."


def test_every_passage_is_still_there(library: Library) -> None:
    found = {passage.passage_id for passage in library.ask("Who pays the port tax?", top_k=20).passages}
    assert found == {f"port:{number}" for number in range(1, len(library.paragraphs("port")) + 1)}
