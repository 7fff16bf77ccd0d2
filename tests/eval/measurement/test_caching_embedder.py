from collections.abc import Sequence

import numpy as np

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.index.embedding.protocol import TextEmbedding


class CountingEmbedder(WordEmbedder):
    calls = 0

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        self.calls += 1
        return super().embed_in_context(texts, contexts)


def test_a_repeated_question_is_embedded_once() -> None:
    inner = CountingEmbedder()
    embedder = CachingEmbedder(inner)
    vectors = [embedder.embed_in_context([text], [""])[0].vector for text in ("one", "one", "two", "two", "one")]
    assert inner.calls == 3
    assert np.array_equal(vectors[0], vectors[4])
    assert not np.array_equal(vectors[1], vectors[2])


def test_a_different_context_is_not_served_from_the_cache() -> None:
    inner = CountingEmbedder()
    embedder = CachingEmbedder(inner)
    embedder.embed_in_context(["one"], [""])
    embedder.embed_in_context(["one"], ["before"])
    assert inner.calls == 2


def test_the_identity_is_that_of_the_wrapped_model() -> None:
    assert CachingEmbedder(WordEmbedder()).identity == WordEmbedder.identity
