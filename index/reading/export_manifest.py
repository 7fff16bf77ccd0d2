"""The manifest of an exported reader: it describes the graph, and seals itself and the files of its folder."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from wherefrom.index.embedding.export_manifest import Precision
from wherefrom.index.embedding.sealed_manifest import load_sealed, save_sealed

FORMAT = 2
GRAPH, TOKENIZER, MANIFEST = "reader.xml", "tokenizer.json", "reader.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderManifest:
    """Describes an exported graph; stored as JSON under these field names.

    `model_sha256` and `weights_sha256` identify the embedding model and the reader's weights that the graph was made
    from, `difference` is the largest difference of a score from the reference in each precision, and `precisions` are
    the precisions in which the graph was verified.
    """

    model_sha256: str
    weights_sha256: str
    precisions: tuple[Precision, ...]
    difference: Mapping[str, float]


def load_reader_manifest(folder: Path) -> ReaderManifest | None:
    """Return the manifest of an export, or `None` if there is none, it is damaged, or it has another format."""
    stored = load_sealed(folder, MANIFEST, FORMAT)
    return None if stored is None else ReaderManifest(**stored | {"precisions": tuple(stored["precisions"])})


def save_reader_manifest(folder: Path, manifest: ReaderManifest) -> None:
    """Write the manifest into a folder that holds the graph and its tokenizer."""
    save_sealed(folder, MANIFEST, FORMAT, asdict(manifest))
