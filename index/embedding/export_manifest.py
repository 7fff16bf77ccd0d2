"""The manifest of an exported model, which describes its graph."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from wherefrom.index.embedding.batch_layouts import LayoutName
from wherefrom.index.embedding.model_files import is_weights
from wherefrom.index.embedding.sealed_manifest import load_sealed, save_sealed

logger = logging.getLogger(__name__)

FORMAT = 5
GRAPH, TOKENIZER, MANIFEST = "graph.xml", "tokenizer.json", "export.json"
Precision = Literal["bf16", "f32"]
UNSEALED_FORMATS = range(1, 5)
"""Formats of earlier versions, without a seal; their models are exported again."""
CAPABILITIES: Mapping[Precision, str] = {"bf16": "BF16", "f32": "FP32"}
"""OpenVINO's name of the processor capability for each precision, the fastest precision first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportManifest:
    """Describes an exported graph; stored as JSON under these field names.

    `files` has the SHA-256 of the model files that it was exported from, `inputs` the names of its inputs in order,
    `agreement` the minimum cosine with the reference in each precision, and `precisions` those in which the graph was
    verified. `most_tokens` is the maximum number of tokens of a text.
    """

    files: Mapping[str, str]
    dimension: int
    layout: LayoutName
    inputs: tuple[str, ...]
    most_tokens: int
    pad_id: int
    precisions: tuple[Precision, ...]
    agreement: Mapping[Precision, float]


def with_exported_weights(files: Mapping[str, str], models: Path) -> Mapping[str, str]:
    """Return the file hashes of a model whose weights are missing, completed from an export of the same model.

    A container image may have the export without the weights. Apart from the weights, the present files must be exactly
    those of the export; otherwise `files` is returned unchanged.
    """
    for path in sorted(models.glob(f"*/{MANIFEST}")):
        manifest = load_manifest(path.parent)
        if manifest and dict(files) == {name: sha for name, sha in manifest.files.items() if not is_weights(name)}:
            return manifest.files
    return files


def load_manifest(folder: Path) -> ExportManifest | None:
    """Return the manifest of an export, or `None` if there is none, it is damaged, or it has another format.

    A damaged manifest is reported in a warning.
    """
    stored = load_sealed(folder, MANIFEST, FORMAT, UNSEALED_FORMATS)
    if stored is None:
        return None
    try:
        return ExportManifest(**stored | {key: tuple(stored[key]) for key in ("inputs", "precisions")})
    except (TypeError, KeyError) as error:
        logger.warning("%s is damaged (%s); the model is exported again", folder, error)
        return None


def save_manifest(folder: Path, manifest: ExportManifest) -> None:
    """Write a manifest, with the hashes of graph and tokenizer and a seal, into the folder that holds them."""
    save_sealed(folder, MANIFEST, FORMAT, asdict(manifest))
