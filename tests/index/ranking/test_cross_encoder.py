"""The reranker: a real cross-encoder, tiny and of random weights; what it says is the order."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from tests.support.library_samples import QUESTION, WordEmbedder
from tests.support.paths import SEEDS
from wherefrom.index.arrays import Scores
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder
from wherefrom.index.errors import ModelUnavailable
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.ranking.cross_encoder import MAX_DEPTH, MIN_DEPTH, CrossEncoderReranker, load_reranker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one layer with random weights."""
    made = tmp_path_factory.mktemp("reranker")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30522,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(made)
    AutoTokenizer.from_pretrained(model_folder(DEFAULT_MODEL)).save_pretrained(made)
    return made


@pytest.fixture(scope="module")
def reranker(folder: Path) -> CrossEncoderReranker:
    return load_reranker(str(folder), seconds=0.5)


class Longest:
    """The longest text first, of the first ten."""

    depth = 10

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        assert question == QUESTION
        return np.array([len(text) for text in texts], dtype=np.float64)


def test_each_text_has_a_score_that_depends_on_it_and_on_the_question(reranker: CrossEncoderReranker) -> None:
    one, other = reranker.scores("why?", ["Because.", "A radar is not a bridge."])
    assert one != other
    assert reranker.scores("why?", ["A radar is not a bridge."])[0] == pytest.approx(other, abs=1e-5)
    assert reranker.scores("who?", ["Because."])[0] != one
    assert reranker.scores("why?", []).tolist() == []


@pytest.mark.parametrize(("seconds", "depth"), [(1e-6, MIN_DEPTH), (1e6, MAX_DEPTH)])
def test_the_budget_says_how_many_candidates_are_read(folder: Path, seconds: float, depth: int) -> None:
    assert load_reranker(str(folder), seconds).depth == depth


def test_a_missing_reranker_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="nowhere: no cross-encoder that can be loaded"):
        load_reranker(str(tmp_path / "nowhere"), 0.5)


def test_its_order_is_the_order_of_the_answer_and_confidence_is_that_of_the_first_passage(tmp_path: Path) -> None:
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), threshold=0.0) as library:
        ingest(library, [SEEDS])
        before = library.ask(QUESTION, top_k=30)
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), threshold=0.0, reranker=Longest()) as library:
        after = library.ask(QUESTION, top_k=30)
    first = sorted(before.passages[:10], key=lambda passage: -len(passage.text))
    assert [passage.text for passage in after.passages[:10]] == [passage.text for passage in first]
    assert [passage.text for passage in after.passages[10:]] == [passage.text for passage in before.passages[10:]]
    confidences = [passage.confidence for passage in after.passages]
    assert confidences == sorted(confidences, reverse=True)
    assert after.confidence == confidences[0]
    assert after.answer is not None
    assert after.answer.text in after.passages[0].text


def test_a_real_one_is_asked_of_the_library(tmp_path: Path, reranker: CrossEncoderReranker) -> None:
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), threshold=0.0, reranker=reranker) as library:
        ingest(library, [SEEDS])
        assert len(library.ask(QUESTION, top_k=5).passages) == 5
        assert library.ask(QUESTION).passages == library.ask(QUESTION).passages
