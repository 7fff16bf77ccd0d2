"""Loads an embedding model: from its exported graph with OpenVINO, or with sentence-transformers on PyTorch.

There is one folder per exported model. A separate process runs the export (`wherefrom.index.embedding.export`), so
that this process does not load PyTorch.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
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

APPLICATION = "wherefrom"
MODELS_FOLDER = "models"
PREPARING = "Preparing the language model (first run only)"


def default_models_folder(data: Path | None = None) -> Path:
    """Return the default folder of exported models, which is in the user's cache and shared by all data folders.

    It is the folder `models` of the data folder if that exists, from an earlier version, or if the cache is empty and
    cannot be written to.
    """
    from platformdirs import user_cache_path  # noqa: PLC0415 - most callers name a folder

    if data is not None and (data / MODELS_FOLDER).is_dir():
        return data / MODELS_FOLDER
    cache = user_cache_path(APPLICATION, appauthor=False) / MODELS_FOLDER
    if data is None:
        return cache
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return data / MODELS_FOLDER
    return cache if os.access(cache, os.W_OK) or any(cache.iterdir()) else data / MODELS_FOLDER


def load_embedder(
    model: str | None = None,
    *,
    models: Path | None = None,
    data: Path | None = None,
    implementation: Implementation | None = None,
    on_export: Callable[[], None] | None = None,
) -> Embedder:
    """Load a sentence-transformers model: a folder, a name on the Hugging Face Hub, or the packaged default.

    By default it runs as an OpenVINO graph, which is exported once and stored in the folder `models`; the `identity` is
    the same with either implementation. `models` defaults to the environment variable WHEREFROM_MODELS and then to
    `default_models_folder(data)`, `implementation` to WHEREFROM_ENCODER and then to "exported". `on_export` is called
    before an export, which takes up to half a minute. Raises ModelUnavailable.
    """
    name = model or DEFAULT_MODEL
    folder = model_folder(name)
    models = models or Path(os.environ.get("WHEREFROM_MODELS") or default_models_folder(data))
    is_exported = (implementation or os.environ.get("WHEREFROM_ENCODER") or "exported") == "exported"
    with ThreadPoolExecutor(1) as threads:
        hashing = threads.submit(file_hashes, folder)
        if is_exported:  # loading OpenVINO takes as long as hashing
            import wherefrom.index.embedding.openvino_embedder  # noqa: F401, PLC0415
        files: Mapping[str, str] = hashing.result()
    if not any(map(is_weights, files)):
        files = with_exported_weights(files, models)
    check_published(name, files)
    exported = None
    if is_exported:
        exported = _load_exported(name, folder, files, models, on_export)
    return exported or load_sentence_transformer(name, folder, files)


def _load_exported(
    name: str, folder: Path, files: Mapping[str, str], models: Path, on_export: Callable[[], None] | None
) -> Embedder | None:
    """Load a model from its exported graph in `models`; export it first if there is none.

    Returns `None`, after a warning, if the model cannot be exported. Raises ModelUnavailable if there is no export and
    sentence-transformers, which an export needs, is not installed.
    """
    export_folder = models / _folder_name(files)
    manifest = load_manifest(export_folder)
    if manifest is None:
        if find_spec("sentence_transformers") is None:
            raise ModelUnavailable(f"{name}: no exported graph in {models}, and it cannot be exported: {NOT_INSTALLED}")
        if on_export:
            on_export()
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
    """Export a model in another process; return the reason if it failed. Its log is shown at the log level DEBUG."""
    command = [sys.executable, "-P", "-m", "wherefrom.index.embedding.export", name, str(folder), str(export_folder)]
    stderr = None if logger.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, text=True, check=False)  # noqa: S603
    return process.stdout.strip() or f"exporting ended with code {process.returncode}"


def _folder_name(files: Mapping[str, str]) -> str:
    """Return the folder name of an export; it depends on the model and on the version of OpenVINO (its rounding)."""
    source = json.dumps([FORMAT, version("openvino"), dict(files)], sort_keys=True)
    return f"{weights_sha256(files)[:12]}-{sha256(source.encode()).hexdigest()[:8]}"
