"""Exported models on disk: a folder a model, made once in a process of its own, so that this one loads no PyTorch."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from wherefrom.index.embedding.batch_layouts import LayoutName
from wherefrom.index.embedding.model_files import file_hashes, is_weights, weights_sha256
from wherefrom.index.embedding.protocol import Embedder, ModelIdentity
from wherefrom.index.embedding.sentence_transformer import NOT_INSTALLED
from wherefrom.index.errors import ModelUnavailable

logger = logging.getLogger(__name__)

FORMAT = 4
GRAPH, TOKENIZER, MANIFEST = "graph.xml", "tokenizer.json", "export.json"
Precision = Literal["bf16", "f32"]
CAPABILITIES: Mapping[Precision, str] = {"bf16": "BF16", "f32": "FP32"}
"""The precisions, the fastest first, and what OpenVINO calls a processor's ability to compute in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportManifest:
    """What is known of a graph: of which model `files` it is, its `inputs` in order, the `precisions` that agree."""

    files: Mapping[str, str]
    dimension: int
    layout: LayoutName
    inputs: tuple[str, ...]
    most_tokens: int
    pad_id: int
    precisions: tuple[Precision, ...]
    agreement: Mapping[Precision, float]


def load_exported_embedder(name: str, folder: Path, files: Mapping[str, str], models: Path) -> Embedder | None:
    """The model from its exported graph, which is made if it is not there; null, with a warning, if it cannot be.

    Raises ModelUnavailable where there is no graph and nothing that could make one.
    """
    home = models / _key(files)
    export = load_manifest(home)
    if export is None:
        if find_spec("sentence_transformers") is None:
            raise ModelUnavailable(f"{name}: no graph of it in {models}, and none can be made here: {NOT_INSTALLED}")
        problem = _make(name, folder, home)
        export = load_manifest(home)
        if export is None:
            logger.warning("%s is served by PyTorch, several times slower: %s", name, problem)
            return None
    from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder  # noqa: PLC0415 - OpenVINO, only when there is a graph

    sha = weights_sha256(files)
    identity = ModelIdentity(name=Path(name).name, sha256=sha, dimension=export.dimension, files=files)
    return OpenVinoEmbedder(home, export, identity)


def with_exported_weights(files: Mapping[str, str], models: Path) -> Mapping[str, str]:
    """A model's files, those of its weights added from an export where only they are missing: an image has no weights.

    The files that are there must be those that the export was made from.
    """
    for manifest in sorted(models.glob(f"*/{MANIFEST}")):
        export = load_manifest(manifest.parent)
        if export and dict(files) == {name: sha for name, sha in export.files.items() if not is_weights(name)}:
            return export.files
    return files


def load_manifest(home: Path) -> ExportManifest | None:
    """What `save_manifest` wrote; null if nothing is there or its files are not those that were written."""
    try:
        told = json.loads((home / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        told = {"format": FORMAT}
    if told.pop("format", None) != FORMAT:
        return None
    found = file_hashes(home)
    found.pop(MANIFEST)
    if found != told.pop("written", None):
        logger.warning("%s is damaged and is made again", home)
        return None
    return ExportManifest(**told | {key: tuple(told[key]) for key in ("inputs", "precisions")})


def save_manifest(home: Path, export: ExportManifest) -> None:
    """Seal a folder that holds a graph and its tokenizer."""
    told = asdict(export) | {"format": FORMAT, "written": file_hashes(home)}
    (home / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")


def _make(name: str, folder: Path, home: Path) -> str:
    """ExportManifest a model in another process, which says on standard error what it does; gives why it failed."""
    command = [sys.executable, "-P", "-m", "wherefrom.index.embedding.export", name, str(folder), str(home)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own module
    return done.stdout.strip() or f"exporting ended with code {done.returncode}"


def _key(files: Mapping[str, str]) -> str:
    """One folder a model, and another for another OpenVINO, whose rounding may differ."""
    made_from = json.dumps([FORMAT, version("openvino"), dict(files)], sort_keys=True)
    return f"{weights_sha256(files)[:12]}-{sha256(made_from.encode()).hexdigest()[:8]}"
