"""Loads an embedding model: from its exported graph with OpenVINO, or with sentence-transformers on PyTorch.

There is one folder per exported model. A separate process makes the export (`wherefrom.index.embedding.export`), so
that this one does not load PyTorch for it.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from wherefrom.index.embedding.export_manifest import FORMAT, load_manifest, with_exported_weights
from wherefrom.index.embedding.model_files import (
    DEFAULT_MODEL,
    check_published,
    file_hashes,
    is_weights,
    model_folder,
    weights_sha256,
)
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity
from wherefrom.index.embedding.sentence_transformer import NOT_INSTALLED, load_sentence_transformer
from wherefrom.index.errors import ModelUnavailable
from wherefrom.index.types import Implementation

logger = logging.getLogger(__name__)

DEFAULT_MODELS_FOLDER = Path("var/models")
"""Folder of exported models, relative to the working directory, where none is configured."""


def load_embedder(
    model: str | None = None,
    *,
    models: Path | None = None,
    default_models: Path = DEFAULT_MODELS_FOLDER,
    implementation: Implementation | None = None,
) -> Embedder:
    """Load a sentence-transformers model: a folder, a name on the Hugging Face Hub, or the packaged default.

    It is served from an OpenVINO graph, which is exported once and stored in the folder `models`; the `identity` is the
    same with either implementation. `models` defaults to the environment variable WHEREFROM_MODELS and then to
    `default_models`, `implementation` to WHEREFROM_ENCODER. Raises ModelUnavailable.
    """
    name = model or DEFAULT_MODEL
    folder = model_folder(name)
    models = models or Path(os.environ.get("WHEREFROM_MODELS") or default_models)
    files: Mapping[str, str] = file_hashes(folder)
    if not any(map(is_weights, files)):
        files = with_exported_weights(files, models)
    check_published(name, files)
    exported = None
    if (implementation or os.environ.get("WHEREFROM_ENCODER") or "exported") == "exported":
        exported = _load_exported(name, folder, files, models)
    return exported or load_sentence_transformer(name, folder, files)


def _load_exported(name: str, folder: Path, files: Mapping[str, str], models: Path) -> Embedder | None:
    """Load a model from its exported graph in `models`; export it first if there is none.

    Returns `None`, after a warning, if the model cannot be exported. Raises ModelUnavailable if there is no export and
    sentence-transformers, which an export needs, is not installed.
    """
    export_folder = models / _folder_name(files)
    manifest = load_manifest(export_folder)
    if manifest is None:
        if find_spec("sentence_transformers") is None:
            raise ModelUnavailable(f"{name}: no exported graph in {models}, and it cannot be exported: {NOT_INSTALLED}")
        problem = _export(name, folder, export_folder)
        manifest = load_manifest(export_folder)
        if manifest is None:
            logger.warning("%s is served by PyTorch, several times slower: %s", name, problem)
            return None
    from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder  # noqa: PLC0415 - loads OpenVINO

    sha = weights_sha256(files)
    identity = ModelIdentity(name=Path(name).name, sha256=sha, dimension=manifest.dimension, files=files)
    return OpenVinoEmbedder(export_folder, manifest, identity)


def _export(name: str, folder: Path, export_folder: Path) -> str:
    """Export a model in another process, which reports on standard error. Returns the reason if it failed."""
    command = [sys.executable, "-P", "-m", "wherefrom.index.embedding.export", name, str(folder), str(export_folder)]
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own module
    return process.stdout.strip() or f"exporting ended with code {process.returncode}"


def _folder_name(files: Mapping[str, str]) -> str:
    """Return the folder name of an export: it depends on the model, and on OpenVINO, whose rounding may change."""
    source = json.dumps([FORMAT, version("openvino"), dict(files)], sort_keys=True)
    return f"{weights_sha256(files)[:12]}-{sha256(source.encode()).hexdigest()[:8]}"
