"""The vectors of documents, made portion by portion."""

from collections.abc import Sequence

import pytest

from tests.support.documents import articles
from tests.support.library_samples import WordEmbedder
from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding import paragraph_vectors
from wherefrom.index.embedding.paragraph_vectors import ParagraphVectors, embed_documents

DOCUMENTS = [document for _, document in articles(5)]


class Stopped(Exception):
    pass


class CountingEmbedder(WordEmbedder):
    """Counts the texts of each call."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.calls.append(len(texts))
        return super().encode(texts)


def same(one: ParagraphVectors, other: ParagraphVectors) -> bool:
    return one.stored() == other.stored()


def test_vectors_do_not_depend_on_the_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    together = embed_documents(DOCUMENTS, WordEmbedder())
    for characters in (1, 300, 1_000):
        monkeypatch.setattr(paragraph_vectors, "PORTION_CHARACTERS", characters)
        apart = embed_documents(DOCUMENTS, WordEmbedder())
        assert [len(vectors) for vectors in apart] == [len(document.paragraphs) for document in DOCUMENTS]
        for ones, others in zip(together, apart, strict=True):
            assert all(map(same, ones, others))


def test_a_portion_has_the_same_size_however_long_a_document_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paragraph_vectors, "PORTION_CHARACTERS", 500)
    largest = []
    for count in (1, 10):
        embedder = CountingEmbedder()
        embed_documents(DOCUMENTS * count, embedder)
        largest.append(max(embedder.calls))
    assert largest[0] == largest[1]


def test_a_check_can_end_the_work_between_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paragraph_vectors, "PORTION_CHARACTERS", 500)
    embedder = CountingEmbedder()
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise Stopped

    with pytest.raises(Stopped):
        embed_documents(DOCUMENTS * 10, embedder, check)
    assert sum(embedder.calls) < 100
