"""An embedder that caches its last batch, since several systems rank the same question.

Embeddings are cached per text and context, since they do not depend on the other texts of a batch.
"""

from collections.abc import Sequence
from pathlib import Path

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity, TextEmbedding


class CachingEmbedder:
    """Wraps an embedder and returns bit-identical vectors."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._cached: dict[tuple[str, str], TextEmbedding] = {}

    @property
    def identity(self) -> ModelIdentity:
        """The identity of the wrapped model."""
        return self._embedder.identity

    @property
    def folder(self) -> Path | None:
        """The folder of the wrapped model's graph; the reader's graph is stored beside it. `None` without a graph."""
        return getattr(self._embedder, "folder", None)

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one unit-length float32 row per text, shape (len(texts), dimension); not cached."""
        return self._embedder.encode(texts)

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Return the embedding of each text in its context, from the cache if the last batch contained all of them."""
        pairs = list(zip(texts, contexts, strict=True))
        if not all(pair in self._cached for pair in pairs):
            self._cached = dict(zip(pairs, self._embedder.embed_in_context(texts, contexts), strict=True))
        return [self._cached[pair] for pair in pairs]
