"""The interface to the embedding model: texts in, unit vectors out.

Importing this module loads no model library. Any object with `identity`, `encode` and `embed_in_context` can serve as
an embedder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from wherefrom.index.arrays import Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity:
    """The identity of a model: `sha256` is that of its weights, `files` has the SHA-256 of every file of the model."""

    name: str
    sha256: str
    dimension: int
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEmbedding:
    """The embedding of a text in its context; unit vectors, float32.

    `vector`, shape (dimension,), is that of the text together with its context. `tokens`, shape (tokens, dimension),
    has a row for each token of the text itself, without those of the context and the model's special tokens.
    """

    vector: Matrix
    tokens: Matrix


class Embedder(Protocol):
    """Turns texts into unit vectors; unit length is guaranteed here and nowhere else."""

    @property
    def identity(self) -> ModelIdentity:
        """The model that computes the vectors."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector per text, float32, shape (len(texts), dimension).

        A text that is longer than the model's limit is truncated. No row depends on other calls.
        """

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Embed each text after the context at the same position, which may be empty.

        A context is truncated at its beginning if text and context exceed the model's limit.
        """
