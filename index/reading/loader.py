"""Loads the reader of an embedding model from its exported graph; exports it first if there is none."""

import json
import logging
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from wherefrom.index.embedding.model_files import model_folder
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity
from wherefrom.index.reading.export_manifest import FORMAT, load_reader_manifest
from wherefrom.index.reading.lazy_reader import NO_READER, LazyReader
from wherefrom.index.reading.protocol import Reader
from wherefrom.index.reading.weights import ReaderWeights, reader_weights_for

logger = logging.getLogger(__name__)


def reader_of(embedder: Embedder) -> LazyReader:
    """Return the reader that was trained for an embedder's model; it is loaded when it is first needed.

    Its graph is stored beside the model's own. A model that runs on PyTorch has no reader.
    """
    folder = getattr(embedder, "folder", None)
    if not isinstance(folder, Path):
        return NO_READER
    model = embedder.identity
    return LazyReader(lambda: load_reader(model.name, model, folder.parent))


def load_reader(name: str, model: ModelIdentity, models: Path) -> Reader | None:
    """Return the reader of a model, whose graph is stored in the folder `models`, or `None` if it has none.

    Returns `None`, after a warning, if a reader was trained for the model but cannot be exported.
    """
    weights = reader_weights_for(model)
    if weights is None:
        return None
    folder = models / _folder_name(weights, model)
    manifest = load_reader_manifest(folder)
    if manifest is None:
        problem = _export(name, folder)
        manifest = load_reader_manifest(folder)
        if manifest is None:
            logger.warning("%s is used without its reader: %s", name, problem)
            return None
    from wherefrom.index.reading.openvino_reader import OpenVinoReader  # noqa: PLC0415 - loads OpenVINO

    return OpenVinoReader(folder, manifest)


def _export(name: str, folder: Path) -> str:
    """Export a reader in another process, which reports on standard error. Returns the reason if it failed."""
    if find_spec("sentence_transformers") is None:
        return "it is not exported, and sentence-transformers, which an export needs, is not installed"
    command = [sys.executable, "-P", "-m", "wherefrom.index.reading.export", name, str(model_folder(name)), str(folder)]
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own module
    return process.stdout.strip() or f"exporting ended with code {process.returncode}"


def _folder_name(weights: ReaderWeights, model: ModelIdentity) -> str:
    """Return the folder name of an export: it depends on the model, the weights and OpenVINO's version."""
    source = json.dumps([FORMAT, version("openvino"), weights.sha256, model.sha256], sort_keys=True)
    return f"{model.sha256[:12]}-reader-{sha256(source.encode()).hexdigest()[:8]}"
