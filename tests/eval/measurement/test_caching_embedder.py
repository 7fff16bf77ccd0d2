from collections.abc import Sequence

import numpy as np

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.measurement.caching_embedder import RememberingEmbedder
from wherefrom.index.embedding.protocol import TextEmbedding


class CountingEmbedder(WordEmbedder):
    calls = 0

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        self.calls += 1
        return super().embed_in_context(texts, contexts)


def test_a_question_is_embedded_once_however_often_it_is_ranked() -> None:
    inner = CountingEmbedder()
    embedder = RememberingEmbedder(inner)
    vectors = [embedder.embed_in_context([text], [""])[0].vector for text in ("one", "one", "two", "two", "one")]
    assert inner.calls == 3
    assert np.array_equal(vectors[0], vectors[4])
    assert not np.array_equal(vectors[1], vectors[2])


def test_the_same_text_after_another_context_is_read_anew() -> None:
    inner = CountingEmbedder()
    embedder = RememberingEmbedder(inner)
    embedder.embed_in_context(["one"], [""])
    embedder.embed_in_context(["one"], ["before"])
    assert inner.calls == 2


def test_it_is_the_same_model() -> None:
    assert RememberingEmbedder(WordEmbedder()).identity == WordEmbedder.identity
