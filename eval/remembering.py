"""An embedder that remembers its last call: three systems rank a question, and it is embedded once."""

from collections.abc import Sequence

from index.embedder import Embedder, Matrix, ModelIdentity, Reading


class RememberingEmbedder:
    """The same vectors as the embedder that it wraps, bit for bit."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._last: tuple[list[tuple[str, str]], list[Reading]] | None = None

    @property
    def identity(self) -> ModelIdentity:
        """Which model makes the vectors."""
        return self._embedder.identity

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text, shape (len(texts), dimension)."""
        return self._embedder.encode(texts)

    def read(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        """Each text read after its context."""
        pairs = list(zip(texts, contexts, strict=True))
        if self._last is None or self._last[0] != pairs:
            self._last = (pairs, self._embedder.read(texts, contexts))
        return list(self._last[1])
