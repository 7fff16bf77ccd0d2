"""The files of a base segment: its columns, its vector index, metadata on its source, and checksums of all files.

A small base is checked completely when it is opened. For a large one only the size and both ends of each file are
checked, so that start-up does not read all of it; `wherefrom verify` checks all bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherefrom.index.arrays import Array
from wherefrom.index.files.file_hash import file_sha256
from wherefrom.index.segments.byte_strings import ByteStrings
from wherefrom.index.segments.columns import ColumnFolder, read_columns
from wherefrom.index.segments.document_fields import PREFIX, DocumentFields
from wherefrom.index.segments.postings import Postings
from wherefrom.index.segments.segment import Documents, Segment
from wherefrom.index.segments.segment_builder import BUILD_ONLY_COLUMNS, SegmentBuilder
from wherefrom.index.segments.vector_index import VectorIndex
from wherefrom.index.segments.word_sequences import WordSequences
from wherefrom.index.storage import schema
from wherefrom.index.storage.rows import IndexedDocument

FORMAT = "7"
"""Increased whenever the stored data changes, or the rules of `index.text`, which no manifest records."""
META = "meta.json"
CHECKSUMS = "checksums.json"
MAX_FULL_CHECK_BYTES = 64 * 1024 * 1024
"""Total size up to which all bytes of a base are checked when it is opened."""
END_BYTES = 64 * 1024
"""Number of bytes at either end of a file that are checked in a base of any size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The base segment of a collection, and the catalog revision that it was built from."""

    segment: Segment
    revision: int


def write(documents: Iterable[IndexedDocument], manifest: Mapping[str, str], folder: Path) -> Base:
    """Build a base from documents ordered by id, in the empty folder `folder`. Raises OSError or RuntimeError."""
    with ColumnFolder(folder) as columns:
        builder = SegmentBuilder(int(manifest["dimension"]), columns)
        builder.add_all(documents)
        segment = builder.build(folder)
    for name in BUILD_ONLY_COLUMNS:
        (folder / f"{name}.bin").unlink()
    described = {name: column for name, column in columns.described().items() if name not in BUILD_ONLY_COLUMNS}
    revision = int(manifest["revision"])
    meta = {
        "revision": revision,
        "made_by": _made_by(manifest),
        "publisher_names": segment.documents.publisher_names,
        "columns": described,
    }
    (folder / META).write_text(json.dumps(meta, indent=1))
    checksums = {
        file.name: [file.stat().st_size, _ends_sha256(file), file_sha256(file)] for file in sorted(folder.iterdir())
    }
    (folder / CHECKSUMS).write_text(json.dumps(checksums, indent=1))
    return Base(segment=segment, revision=revision)


def read(folder: Path, manifest: Mapping[str, str]) -> Base | None:
    """Open the base in a folder.

    Returns `None` if a catalog with this manifest cannot have been its source. Raises OSError, ValueError, KeyError or
    RuntimeError if it is damaged.
    """
    check(folder, whole=sum(file.stat().st_size for file in folder.iterdir()) <= MAX_FULL_CHECK_BYTES)
    meta = json.loads((folder / META).read_text())
    if meta["made_by"] != _made_by(manifest) or meta["revision"] > int(manifest["revision"]):
        return None
    return Base(segment=_segment(folder, meta), revision=meta["revision"])


def check(folder: Path, *, whole: bool) -> None:
    """Raise ValueError if the files of a base are not those that were saved.

    Compares their names, sizes and ends, and all bytes if `whole` is true.
    """
    checksums = json.loads((folder / CHECKSUMS).read_text())
    names = {file.name for file in folder.iterdir()} - {CHECKSUMS}
    if set(checksums) != names:
        raise ValueError(f"its files are {sorted(names)}, not {sorted(checksums)}")
    for name, (size, ends, sha256) in checksums.items():
        file = folder / name
        if file.stat().st_size != size or _ends_sha256(file) != ends or (whole and file_sha256(file) != sha256):
            raise ValueError(f"{name} is not the file that was saved")


def _segment(folder: Path, meta: Mapping[str, Any]) -> Segment:
    columns = read_columns(folder, meta["columns"])
    return Segment(
        documents=Documents(
            ids=_byte_strings(columns, "ids"),
            digests=columns["digests"],
            publishers=columns["publishers"],
            publisher_names=tuple(meta["publisher_names"]),
            published=columns["published"],
            fields=DocumentFields(postings=_postings(columns, PREFIX)),
        ),
        document_rows=columns["document_rows"],
        numbers=columns["numbers"],
        lengths=columns["lengths"],
        key_rows=columns["key_rows"],
        sorted_keys=columns["sorted_keys"],
        unit_offsets=columns["unit_offsets"],
        vectors=VectorIndex.load(columns["units"], folder),
        tokens=_byte_strings(columns, "tokens"),
        postings=_postings(columns),
        words=WordSequences(hashes=columns["words"], offsets=columns["word_offsets"]),
    )


def _postings(columns: Mapping[str, Array], prefix: str = "") -> Postings:
    return Postings(
        terms=_byte_strings(columns, f"{prefix}terms"),
        offsets=columns[f"{prefix}posting_offsets"],
        rows=columns[f"{prefix}posting_rows"],
        counts=columns[f"{prefix}counts"],
    )


def _byte_strings(columns: Mapping[str, Array], name: str) -> ByteStrings:
    return ByteStrings(columns[name], columns[f"{name}_offsets"])


def _made_by(manifest: Mapping[str, str]) -> list[str]:
    """Return the values that a base depends on besides the documents: schema version, model files, cleaner version."""
    return [str(schema.SCHEMA_VERSION), *(manifest[key] for key in ("model_sha256", "model_files", "cleaner"))]


def _ends_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's first and last END_BYTES bytes."""
    with path.open("rb") as file:
        first = file.read(END_BYTES)
        file.seek(max(path.stat().st_size - END_BYTES, 0))
        return hashlib.sha256(first + file.read()).hexdigest()
