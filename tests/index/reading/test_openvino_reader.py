"""The real reader: the shipped weights, exported and run with OpenVINO."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sentence_transformers import SentenceTransformer

from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder
from wherefrom.index.reading.export import MAX_DIFFERENCE, SAMPLE_PASSAGES, SAMPLE_QUESTIONS, max_difference
from wherefrom.index.reading.loader import reader_of
from wherefrom.index.reading.protocol import Reader
from wherefrom.index.reading.torch_reader import TorchReader
from wherefrom.index.reading.weights import reader_weights_for
from wherefrom.index.types import Span

QUESTION = "Who founded the ferry company?"
PASSAGES = (
    "The ferry company was founded in 1921 by Ann Otter, a fisher's daughter from Eastport.",
    "The harbour was closed for three days after the storm.",
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    loaded = reader_of(load_embedder()).get()
    assert loaded is not None
    return loaded


def test_a_reading_does_not_depend_on_the_other_passages(reader: Reader) -> None:
    together = reader.read(SAMPLE_QUESTIONS[0], SAMPLE_PASSAGES)
    alone = [reader.read(SAMPLE_QUESTIONS[0], [passage])[0] for passage in SAMPLE_PASSAGES]
    assert together == alone


def test_threads_read_the_same_at_the_same_time(reader: Reader) -> None:
    expected = [reader.read(question, SAMPLE_PASSAGES) for question in SAMPLE_QUESTIONS]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda at: reader.read(SAMPLE_QUESTIONS[at % 3], SAMPLE_PASSAGES), range(30)))
    assert found == [expected[at % 3] for at in range(30)]


def test_the_export_agrees_with_transformers_own_layers(reader: Reader) -> None:
    weights = reader_weights_for(load_embedder().identity)
    assert weights is not None
    model = SentenceTransformer(str(Path(model_folder(DEFAULT_MODEL))), device="cpu")
    reference = TorchReader(model, weights)
    for question in (*SAMPLE_QUESTIONS, QUESTION):
        passages = (*SAMPLE_PASSAGES, *PASSAGES)
        assert max_difference(reader.read(question, passages), reference.read(question, passages)) <= MAX_DIFFERENCE


def test_the_passage_that_answers_has_the_higher_scores_and_its_span_is_the_answer(reader: Reader) -> None:
    founder, storm = reader.read(QUESTION, PASSAGES)
    assert founder.relevance > storm.relevance
    assert founder.answers > storm.answers
    assert "Ann Otter" in PASSAGES[0][founder.span.start : founder.span.end]


def test_long_empty_and_odd_texts_are_read(reader: Reader) -> None:
    passages = ("", " ", "word " * 2_000, "\u200b", "x" * 5_000, "\U0001f99e" * 300)
    readings = reader.read("why " * 500, passages)
    assert len(readings) == len(passages)
    for passage, reading in zip(passages, readings, strict=True):
        assert 0 <= reading.span.start <= reading.span.end <= len(passage)
    assert readings[0].span == Span(start=0, end=0)
    assert reader.read("why?", []) == []


def test_a_model_without_a_folder_has_no_reader() -> None:
    class Plain:
        """An embedder that is not exported."""

    assert reader_of(Plain()).get() is None  # type: ignore[arg-type]
