"""Small libraries for tests: the seeds, and embedders that need no model."""

import re
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.support.paths import SEEDS
from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity, TextEmbedding
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

QUESTION = "why does Russia object to the X-band radar?"
FIRST = "002_8dddc422d49da77a.txt"
DIMENSION = 64


class WordEmbedder:
    """A bag of hashed words: texts that share words have similar vectors."""

    identity = ModelIdentity(name="words", sha256="0" * 64, dimension=DIMENSION, files={})

    def encode(self, texts: Sequence[str]) -> Matrix:
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        vectors[:, 0] = 0.001
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % DIMENSION] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Return the vectors of texts, with those of their words as tokens; the contexts are ignored."""
        assert len(texts) == len(contexts)
        vectors = self.encode(texts)
        words = [WordEmbedder.encode(self, text.split()) for text in texts]
        return [TextEmbedding(vector=vector, tokens=tokens) for vector, tokens in zip(vectors, words, strict=True)]


class HeldEmbedder(WordEmbedder):
    """An embedder that waits while `go` is cleared; `entered` counts its calls."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.entered = threading.Semaphore(0)

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.entered.release()
        self.go.wait(timeout=30)
        return super().encode(texts)


def seeds_library(data: Path, *, threshold: float | None = 0.0, embedder: Embedder | None = None) -> Library:
    """Return a library of the seeds in which, by default, every question counts as answered."""
    library = Library.open(data, embedder=embedder or WordEmbedder(), threshold=threshold)
    ingest(library, [SEEDS])
    return library
