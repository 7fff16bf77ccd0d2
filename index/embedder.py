"""The seam to the embedding model: texts in, unit vectors out.

Nothing heavy is imported until `load_embedder` is called; whatever has `identity`, `encode` and `read` will do.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.model_files import DEFAULT_MODEL, check_published, file_hashes, is_weights, model_folder
from index.types import Implementation

Matrix = npt.NDArray[np.float32]

MODELS = "var/models"
"""Where exported models are kept unless another folder is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity:
    """Which model it is: `sha256` is the weights file's own, `files` has the hash of every file that it reads."""

    name: str
    sha256: str
    dimension: int
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
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

    def read(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        """Read each text after its context, which may be empty: the tokens are the text's alone, the vector is of both.

        As much of a context's end is read as leaves room for the text.
        """


def unit(vectors: Matrix) -> Matrix:
    """The vectors scaled to length 1, as float32."""
    lengths = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def load_embedder(
    model: str | None = None, *, models: Path | None = None, implementation: Implementation | None = None
) -> Embedder:
    """Load a sentence-transformers model: a folder, a hub name, or the packaged default. Raises ModelUnavailable.

    It is served from a graph that is made once and kept in `models`; the vectors have the same `identity` either way.
    What is not given is what WHEREFROM_MODELS and WHEREFROM_ENCODER say.
    """
    from index.exports import load_exported, stands_for  # noqa: PLC0415 - so that whoever brings an embedder loads none
    from index.reference import load_reference  # noqa: PLC0415

    name = model or DEFAULT_MODEL
    folder = model_folder(name)
    models = models or Path(os.environ.get("WHEREFROM_MODELS") or MODELS)
    files: Mapping[str, str] = file_hashes(folder)
    if not any(map(is_weights, files)):
        files = stands_for(files, models)
    check_published(name, files)
    exported = None
    if (implementation or os.environ.get("WHEREFROM_ENCODER") or "exported") == "exported":
        exported = load_exported(name, folder, files, models)
    return exported or load_reference(name, folder, files)
