from collections.abc import Sequence

import numpy as np

from eval.remembering import RememberingEmbedder
from index.embedder import Matrix
from tests.library_samples import WordEmbedder


class CountingEmbedder(WordEmbedder):
    calls = 0

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.calls += 1
        return super().encode(texts)


def test_a_question_is_embedded_once_however_often_it_is_ranked() -> None:
    inner = CountingEmbedder()
    embedder = RememberingEmbedder(inner)
    vectors = [embedder.encode([text]) for text in ("one", "one", "two", "two", "one")]
    assert inner.calls == 3
    assert np.array_equal(vectors[0], vectors[4])
    assert not np.array_equal(vectors[1], vectors[2])


def test_nobody_can_spoil_what_is_remembered() -> None:
    embedder = RememberingEmbedder(WordEmbedder())
    embedder.encode(["one"])[:] = 0
    assert np.array_equal(embedder.encode(["one"]), WordEmbedder().encode(["one"]))


def test_it_is_the_same_model() -> None:
    assert RememberingEmbedder(WordEmbedder()).identity == WordEmbedder.identity
