"""The trained weights of the reader: the changes to the embedding model's layers, and the heads on top of it.

`wherefrom.eval.training.reader.fit_reader` writes the file. To keep it small, it holds the change of each matrix in
8 bits per number with a scale per row; the model's own weights are added when the reader is exported.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.protocol import ModelIdentity

READER_FILE = Path(__file__).with_name("reader.npz")
"""The weights that come with the package."""
LEVELS = 127
"""The largest magnitude of a stored number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderWeights:
    """The weights of a reader for one model.

    `changes` are added to the parameters of the model's layers, `heads` are parameters of their own; both by name,
    float32. `sha256` is that of the file.
    """

    changes: Mapping[str, Matrix]
    heads: Mapping[str, Matrix]
    sha256: str


def reader_weights_for(model: ModelIdentity, path: Path = READER_FILE) -> ReaderWeights | None:
    """Return the weights that were trained for a model, or `None` if there are none."""
    if not path.exists() or _model_sha256(path) != model.sha256:
        return None
    return _load(path)


def save_reader_weights(
    path: Path,
    model_sha256: str,
    changes: Mapping[str, Matrix],
    heads: Mapping[str, Matrix],
) -> None:
    """Write weights: `changes` in 8 bits, `heads` in 16."""
    stored: dict[str, np.ndarray] = {
        "model_sha256": np.array(model_sha256),
    }
    for name, change in changes.items():
        rows = change.reshape(len(change), -1)
        scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True), np.finfo(np.float32).tiny) / LEVELS
        stored[f"change:{name}"] = np.rint(rows / scale).astype(np.int8).reshape(change.shape)
        stored[f"scale:{name}"] = scale.astype(np.float32)
    stored |= {f"head:{name}": head.astype(np.float16) for name, head in heads.items()}
    np.savez_compressed(path, allow_pickle=False, **stored)


@cache
def _model_sha256(path: Path) -> str:
    with np.load(path, allow_pickle=False) as stored:
        return str(stored["model_sha256"])


@cache
def _load(path: Path) -> ReaderWeights:
    with np.load(path, allow_pickle=False) as stored:
        changes = {}
        for key in stored.files:
            kind, _, name = key.partition(":")
            if kind == "change":
                change = stored[key].astype(np.float32)
                rows = change.reshape(len(change), -1) * stored[f"scale:{name}"]
                changes[name] = rows.reshape(change.shape)
        return ReaderWeights(
            changes=changes,
            heads={key[5:]: stored[key].astype(np.float32) for key in stored.files if key.startswith("head:")},
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
