"""Variants in libraries of their own, on the real model."""

from collections.abc import Sequence

import pytest

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.measurement.runs import judge
from wherefrom.eval.studies.one_pass.measure import (
    RememberingReader,
    measure_set,
    processor_seconds,
    remembering,
)
from wherefrom.eval.studies.one_pass.outside_sets import OutsideSet
from wherefrom.eval.studies.one_pass.pooling import PoolingEmbedder
from wherefrom.eval.studies.one_pass.variants import VARIANTS
from wherefrom.eval.studies.question_sets import StudyQuestion
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.types import EFFORTS, Span

DOCUMENTS = {
    "ferry": build_document(
        "ferry", ["The ferry was late. Its captain said that ice had come early.", "Nobody was hurt."]
    ),
    "mill": build_document("mill", ["A fire destroyed the roof of the paper mill.", "Repairs take eleven weeks."]),
}
GOLD = ParagraphRef(document_id="ferry", paragraph=1)
OUTSIDE = OutsideSet(
    name="small",
    documents=DOCUMENTS,
    questions=[
        StudyQuestion(
            text="Why was the ferry late?",
            judge=lambda ranked: judge([set(passage) for passage in ranked], frozenset({GOLD})),
            contains_answer=lambda paragraph, text: paragraph == GOLD and "ice" in text,
        )
    ],
    near_misses=["Who built the pier?"],
)
RAW = [variant for variant in VARIANTS if variant.is_today or variant.name in ("B sentences raw", "C paragraph raw")]


class CountingReader:
    def __init__(self) -> None:
        self.read_passages: list[str] = []

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        self.read_passages += passages
        return [
            Reading(relevance=float(len(passage)), answers=0.0, span_score=len(question), span=Span(start=0, end=1))
            for passage in passages
        ]


@pytest.fixture(scope="module")
def embedder() -> PoolingEmbedder:
    loaded = load_embedder()
    assert isinstance(loaded, OpenVinoEmbedder)
    return PoolingEmbedder(loaded)


def test_every_variant_answers_every_question_with_every_effort(embedder: PoolingEmbedder) -> None:
    measured = measure_set(OUTSIDE, RAW, embedder, {}, remembering(embedder))
    assert list(measured) == [variant.name for variant in RAW]
    for each in measured.values():
        for effort in EFFORTS:
            (result,) = each.results[effort]
            assert result.ranking.gains[0] == 1.0
            assert result.sentence is not None
            (near_miss,) = each.near_misses[effort]
            assert 0 <= near_miss < result.confidence <= 1


def test_time_is_taken_of_every_variant_in_every_round(embedder: PoolingEmbedder) -> None:
    seconds = processor_seconds(list(DOCUMENTS.items()), RAW, embedder, {}, 2)
    assert {name: len(rounds) for name, rounds in seconds.items()} == {variant.name: 2 for variant in RAW}
    assert min(time for rounds in seconds.values() for time in rounds) > 0


def test_a_passage_is_read_once_for_a_question() -> None:
    counting = CountingReader()
    reader = RememberingReader(counting)
    first = reader.read("Who?", ["one", "three", "one"])
    assert reader.read("Who?", ["three", "four"])[0] == first[1]
    assert counting.read_passages == ["one", "three", "four"]
    assert reader.read("Why is it?", ["one"])[0].span_score != first[0].span_score
