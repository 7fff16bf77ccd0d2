"""Answers from the real model over the real seeds, as a new user would ask for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.library_samples import FIRST, QUESTION
from tests.support.paths import ROOT, SEEDS
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("data"), embedder=load_embedder()) as opened:
        ingest(opened, [SEEDS])
        yield opened


def test_the_example_question_is_answered_by_the_x_band_paragraph(library: Library) -> None:
    answer = library.ask(QUESTION)
    first = answer.passages[0]
    assert (first.citation.document_id, first.citation.paragraph, first.citation.line_start) == (FIRST, 13, 43)
    assert first.citation.formatted == (
        "China, Russia Forge Common Stance on THAAD Deployment in South Korea. CHINA TOPIX, n.d., para. 13."
    )
    assert answer.status == "answered"
    assert answer.answer is not None
    assert answer.answer.text == first.text
    assert answer.confidence == first.confidence >= answer.threshold


def test_the_answer_in_the_readme_is_the_real_one(library: Library) -> None:
    answer = library.ask(QUESTION)
    assert answer.answer is not None
    shown = " ".join(README.split())
    assert answer.answer.text in shown
    assert answer.answer.citation.formatted in shown


@pytest.mark.parametrize(
    "question",
    [
        "Which BTS song was most viewed?",
        "Who is the CEO of The Korea Times?",
        "How do I bake sourdough bread?",
        "asdf qwer zxcv",
        "?",
        "What is the content type id in the JSON?",
    ],
)
def test_what_no_story_says_is_not_answered(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert (answer.status, answer.no_answer_reason, answer.answer) == ("no_answer", "below_threshold", None)
    assert len(answer.passages) == 5


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who is China's foreign minister?", "Wang Yi"),
        ("What did North Korea test on January 6?", "nuclear"),
        ("How does the THAAD missile destroy its target?", "kinetic energy"),
    ],
)
def test_the_first_passages_hold_what_was_asked_for(library: Library, question: str, said: str) -> None:
    assert any(said in passage.text for passage in library.ask(question, top_k=3).passages)


def test_a_sentence_of_a_longer_paragraph_is_cited_on_its_own(library: Library) -> None:
    answer = library.ask("How does the THAAD missile destroy its target?")
    assert answer.answer is not None
    citation = answer.answer.citation
    assert answer.answer.text in answer.passages[0].text
    assert answer.answer.text != answer.passages[0].text
    text = Path(citation.source).read_bytes().decode(citation.encoding)
    assert text[citation.start_char_index : citation.end_char_index] == answer.answer.text
