"""Loads an embedding model: its exported graph in OpenVINO, or sentence-transformers on PyTorch."""

import os
from collections.abc import Mapping
from pathlib import Path

from wherefrom.index.embedding.export_manifest import load_exported_embedder, with_exported_weights
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, check_published, file_hashes, is_weights, model_folder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.embedding.sentence_transformer import load_sentence_transformer
from wherefrom.index.types import Implementation

DEFAULT_MODELS_FOLDER = "var/models"
"""Default folder of exported models."""


def load_embedder(
    model: str | None = None, *, models: Path | None = None, implementation: Implementation | None = None
) -> Embedder:
    """Load a sentence-transformers model: a folder, a hub name, or the packaged default. Raises ModelUnavailable.

    It is served from a graph that is made once and kept in `models`; the vectors have the same `identity` either way.
    What is not given is what WHEREFROM_MODELS and WHEREFROM_ENCODER say.
    """
    name = model or DEFAULT_MODEL
    folder = model_folder(name)
    models = models or Path(os.environ.get("WHEREFROM_MODELS") or DEFAULT_MODELS_FOLDER)
    files: Mapping[str, str] = file_hashes(folder)
    if not any(map(is_weights, files)):
        files = with_exported_weights(files, models)
    check_published(name, files)
    exported = None
    if (implementation or os.environ.get("WHEREFROM_ENCODER") or "exported") == "exported":
        exported = load_exported_embedder(name, folder, files, models)
    return exported or load_sentence_transformer(name, folder, files)
