"""The manifest of an export: the identity of its collection, and digests of every file and column."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from wherefrom.index.errors import IndexDamaged, IndexUnusable
from wherefrom.index.transfer.parquet_schema import FORMAT_VERSION, TABLES
from wherefrom.index.transfer.stored_documents import CollectionIdentity

MANIFEST = "manifest.json"
FORMAT = "wherefrom-parquet"
SEAL = "manifest_sha256"
PARSE_ERRORS = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """The entry of a file in a manifest; `columns` has the SHA-256 of the values of each column."""

    rows: int
    bytes: int
    sha256: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportManifest:
    """The identity of the exported collection, and the file of each table."""

    collection: CollectionIdentity
    files: Mapping[str, FileEntry]

    def save(self, folder: Path) -> None:
        """Write the manifest into a folder."""
        values: dict[str, Any] = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "collection": asdict(self.collection),
            "files": {name: asdict(entry) for name, entry in self.files.items()},
        }
        values[SEAL] = _seal(values)
        (folder / MANIFEST).write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the manifest in a folder. Raises IndexUnusable if there is none, or one of another format."""
        path = folder / MANIFEST
        try:
            values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if values["format"] != FORMAT:
                raise IndexUnusable(f"{path} belongs to another program: its format is {values['format']!r}")
            version = values["format_version"]
            if type(version) is int and version != FORMAT_VERSION:
                raise IndexUnusable(
                    f"{folder} is an export of format version {version}, this program reads {FORMAT_VERSION}:"
                    " import it with the version of Wherefrom that wrote it, or upgrade"
                )
            if values.pop(SEAL) != _seal(values):
                raise ValueError("its contents are not those that were written")
            if set(values["files"]) != set(TABLES):
                raise ValueError("it does not list the files of an export")
            files = {name: FileEntry(**entry) for name, entry in values["files"].items()}
            return cls(collection=CollectionIdentity(**values["collection"]), files=files)
        except OSError as error:
            raise IndexUnusable(f"{folder} is not an export: {path} cannot be read: {error.strerror}") from error
        except PARSE_ERRORS as error:
            raise IndexDamaged(
                f"{path} is damaged ({error}): export the index again, or copy the file again"
            ) from error


def _seal(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything in a manifest but its seal."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
