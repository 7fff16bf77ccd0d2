"""What is pooled out of a pass, on the real model, beside what the library embeds."""

import numpy as np
import pytest

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.studies.one_pass.pooling import PoolingEmbedder, is_cut
from wherefrom.eval.studies.one_pass.windows import PASSES, PassName, paragraph_text
from wherefrom.index.arrays import unit
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder
from wherefrom.index.embedding.paragraph_vectors import embed_documents

STORY = build_document(
    "story",
    [
        "The ferry was late on Jan. 6. Its captain, Ann Otter, said that the ice had come early.",
        "She did not expect a thaw. Nobody was hurt, and the mail was taken to the island by air.",
        "The harbour reopened on Tuesday.",
    ],
)
LONG = build_document("long", [" ".join(f"Sentence {number} is one of very many." for number in range(80))])
SHORT_STORY = build_document("short", ["One paragraph alone."])


@pytest.fixture(scope="module")
def embedder() -> PoolingEmbedder:
    loaded = load_embedder()
    assert isinstance(loaded, OpenVinoEmbedder)
    return PoolingEmbedder(loaded)


def test_a_paragraph_alone_with_special_tokens_has_the_vector_of_the_library(embedder: PoolingEmbedder) -> None:
    ((*pooled,),) = embedder.pool("alone", [STORY])
    vectors = embedder.encode([paragraph_text(paragraph).text for paragraph in STORY.paragraphs])
    own = unit(np.stack([each.paragraph_special for each in pooled]))
    assert (own * vectors).sum(axis=1).min() > 0.9999


def test_tokens_after_the_paragraph_before_are_those_of_the_library(embedder: PoolingEmbedder) -> None:
    pooled = embedder.pool("after one", [STORY, SHORT_STORY])
    vectors = embed_documents([STORY, SHORT_STORY], embedder)
    assert [[each.tokens for each in of_one] for of_one in pooled] == [
        [each.tokens for each in of_one] for of_one in vectors
    ]


@pytest.mark.parametrize("name", PASSES)
def test_every_paragraph_and_sentence_has_a_vector_in_every_pass(name: PassName, embedder: PoolingEmbedder) -> None:
    pooled = embedder.pool(name, [STORY, SHORT_STORY])
    assert [len(of_one) for of_one in pooled] == [3, 1]
    for document, of_one in zip([STORY, SHORT_STORY], pooled, strict=True):
        for paragraph, each in zip(document.paragraphs, of_one, strict=True):
            assert each.paragraph.shape == each.window.shape == (embedder.identity.dimension,)
            assert each.sentences.shape == (len(paragraph.sentences), embedder.identity.dimension)
            assert not any(is_cut(each))


def test_the_tokens_of_a_paragraph_are_those_of_its_sentences(embedder: PoolingEmbedder) -> None:
    ((first, *_),) = embedder.pool("window 256", [STORY])
    embedded = paragraph_text(STORY.paragraphs[0])
    sentences = [embedded.text[start:end] for start, end in embedded.sentences]
    counts = np.array([len(encoding) for encoding in embedder.counter.encode(sentences)])
    assert (first.sentences * counts[:, None]).sum(axis=0) / counts.sum() == pytest.approx(first.paragraph, abs=1e-2)


def test_sentences_beyond_the_models_limit_are_told(embedder: PoolingEmbedder) -> None:
    ((pooled,),) = embedder.pool("alone", [LONG])
    cut = is_cut(pooled)
    assert not cut[0]
    assert cut[-1]
    assert cut == sorted(cut)
