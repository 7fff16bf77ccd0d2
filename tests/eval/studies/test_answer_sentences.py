from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.documents import document
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.questions import Place
from wherefrom.eval.measurement.runs import Ranking
from wherefrom.eval.studies.answer_sentences import held, held_rows
from wherefrom.eval.studies.candidate_scores import Passage
from wherefrom.eval.studies.question_sets import Asked
from wherefrom.index.library import Library

STORY = b"""A story

The harbour opened on Tuesday after the storm. Forty boats left the harbour at dawn.

Nobody was hurt in the storm, said the harbour master.
"""
QUESTION = "when did the harbour open after the storm"


def nothing(_ranked: Sequence[Passage]) -> Ranking:
    return Ranking(gains=(), judgements=())


def saying(words: str, paragraph: int = 1) -> Callable[[Place, str], bool]:
    return lambda place, text: place.paragraph == paragraph and words in text


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as opened:
        opened.put("story", document(STORY, "story.txt"))
        yield opened


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (saying("Tuesday"), [True, True, True]),
        (saying("Forty"), [False, True, True]),
        (saying("Nobody", 2), [False, False, True]),
        (saying("Nobody", 1), [False, False, False]),
    ],
)
def test_the_answer_is_looked_for_in_ever_more_sentences(
    library: Library, says: Callable[[Place, str], bool], told: list[bool]
) -> None:
    (found,) = held(library, [Asked(text=QUESTION, judge=nothing, says=says)])
    assert list(found.values()) == told


def test_questions_judged_by_passage_alone_are_passed_over(library: Library) -> None:
    assert list(held(library, [Asked(text=QUESTION, judge=nothing)])) == []


def test_a_share_a_line_and_a_set(library: Library) -> None:
    asked = [Asked(text=QUESTION, judge=nothing, says=saying(words)) for words in ("Tuesday", "Forty")]
    head, first, second, third = held_rows({"few": list(held(library, asked))})
    assert head == ["the answer is in", "few (2)"]
    assert [row[1][:5] for row in (first, second, third)] == ["0.500", "1.000", "1.000"]
