"""An embedder that has_cached_answers its last call: several systems rank a question, and it is embedded once.

What was read in a batch is remembered one by one, since no text's reading depends on those beside it.
"""

from collections.abc import Sequence

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity, TextEmbedding


class RememberingEmbedder:
    """The same vectors as the embedder that it wraps, bit for bit."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._last: dict[tuple[str, str], TextEmbedding] = {}

    @property
    def identity(self) -> ModelIdentity:
        """Which model makes the vectors."""
        return self._embedder.identity

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text, shape (len(texts), dimension)."""
        return self._embedder.encode(texts)

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Each text read after its context."""
        pairs = list(zip(texts, contexts, strict=True))
        if not all(pair in self._last for pair in pairs):
            self._last = dict(zip(pairs, self._embedder.embed_in_context(texts, contexts), strict=True))
        return [self._last[pair] for pair in pairs]
