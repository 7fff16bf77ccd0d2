"""The seam to the embedding model: texts in, unit vectors out.

Nothing heavy is imported until `load_embedder` is called; whatever has `identity`, `encode` and `embed_in_context` will do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from wherefrom.index.arrays import Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity:
    """Which model it is: `sha256` is the weights file's own, `files` has the hash of every file that it reads."""

    name: str
    sha256: str
    dimension: int
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEmbedding:
    """A text as the model reads it: its vector, and a row for each of its tokens; all float32, of unit length."""

    vector: Matrix
    tokens: Matrix


class Embedder(Protocol):
    """Turns texts into unit vectors. The only place that promises unit length."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model makes the vectors."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text, shape (len(texts), dimension); no row depends on other calls."""

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Read each text after its context, which may be empty: the tokens are the text's alone, the vector is of both.

        As much of a context's end is read as leaves room for the text.
        """
