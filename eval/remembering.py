"""An embedder that remembers its last call: three systems rank a question, and it is embedded once."""

from collections.abc import Sequence

from index.embedder import Embedder, Matrix, ModelIdentity


class RememberingEmbedder:
    """The same vectors as the embedder that it wraps, bit for bit."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._last: tuple[list[str], Matrix] | None = None

    @property
    def identity(self) -> ModelIdentity:
        """Which model makes the vectors."""
        return self._embedder.identity

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text, shape (len(texts), dimension)."""
        if self._last is None or self._last[0] != list(texts):
            self._last = (list(texts), self._embedder.encode(texts))
        return self._last[1].copy()
