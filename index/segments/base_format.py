"""A base's folder: its columns, what it was made of, and the checksums of its files.

A small one is checked whole when it is read. Of a large one only the sizes and both ends of each file are, so that
start-up does not read what it does not need; `wherefrom verify` checks all of it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherefrom.index.arrays import Array
from wherefrom.index.file_hash import file_sha256
from wherefrom.index.segments.byte_strings import ByteStrings
from wherefrom.index.segments.columns import ColumnFolder, read_columns
from wherefrom.index.segments.postings import Postings
from wherefrom.index.segments.segment import Documents, Segment
from wherefrom.index.segments.segment_builder import SegmentBuilder
from wherefrom.index.segments.vector_index import VectorIndex
from wherefrom.index.storage import schema
from wherefrom.index.storage.rows import IndexedDocument

FORMAT = "3"
"""Goes up with what is stored and with what follows from the rules of `index.text.analyzer`, which no manifest knows."""
META = "meta.json"
CHECKSUMS = "checksums.json"
BUILD_ONLY_COLUMNS = ("keys", "said_terms", "said_rows", "said_counts")
"""Columns that are only needed while a base is made."""
MAX_FULL_CHECK_BYTES = 64 * 1024 * 1024
"""Bytes up to which a base is checked whole when it is opened."""
END_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A segment of a whole collection, and the revision of the catalog that it was made from."""

    segment: Segment
    revision: int


def write(documents: Iterable[IndexedDocument], manifest: Mapping[str, str], home: Path) -> Base:
    """Make a base of documents ordered by id in an empty folder. Raises OSError, RuntimeError."""
    with ColumnFolder(home) as columns:
        builder = SegmentBuilder(int(manifest["dimension"]), columns)
        builder.add_all(documents)
        segment = builder.build(home)
    for name in BUILD_ONLY_COLUMNS:
        (home / f"{name}.bin").unlink()
    described = {name: column for name, column in columns.described().items() if name not in BUILD_ONLY_COLUMNS}
    revision = int(manifest["revision"])
    meta = {
        "revision": revision,
        "made_by": _made_by(manifest),
        "publisher_names": segment.documents.publisher_names,
        "columns": described,
    }
    (home / META).write_text(json.dumps(meta, indent=1))
    sums = {file.name: [file.stat().st_size, _ends_sha256(file), file_sha256(file)] for file in sorted(home.iterdir())}
    (home / CHECKSUMS).write_text(json.dumps(sums, indent=1))
    return Base(segment=segment, revision=revision)


def read(home: Path, manifest: Mapping[str, str]) -> Base | None:
    """The base in a folder; null if a catalog with this manifest cannot have been its source.

    Raises OSError, ValueError, KeyError or RuntimeError where it is damaged.
    """
    check(home, whole=sum(file.stat().st_size for file in home.iterdir()) <= MAX_FULL_CHECK_BYTES)
    meta = json.loads((home / META).read_text())
    if meta["made_by"] != _made_by(manifest) or meta["revision"] > int(manifest["revision"]):
        return None
    return Base(segment=_segment(home, meta), revision=meta["revision"])


def check(home: Path, *, whole: bool) -> None:
    """Raise ValueError where a base's files are not those that were saved, by their sizes, ends or whole contents."""
    sums = json.loads((home / CHECKSUMS).read_text())
    found = {file.name for file in home.iterdir()} - {CHECKSUMS}
    if set(sums) != found:
        raise ValueError(f"its files are {sorted(found)}, not {sorted(sums)}")
    for name, (size, ends, sha256) in sums.items():
        file = home / name
        if file.stat().st_size != size or _ends_sha256(file) != ends or (whole and file_sha256(file) != sha256):
            raise ValueError(f"{name} is not the file that was saved")


def _segment(home: Path, meta: Mapping[str, Any]) -> Segment:
    column = read_columns(home, meta["columns"])
    return Segment(
        documents=Documents(
            ids=_blobs(column, "ids"),
            digests=column["digests"],
            publishers=column["publishers"],
            publisher_names=tuple(meta["publisher_names"]),
            published=column["published"],
        ),
        document_rows=column["document_rows"],
        numbers=column["numbers"],
        lengths=column["lengths"],
        key_rows=column["key_rows"],
        sorted_keys=column["sorted_keys"],
        unit_offsets=column["unit_offsets"],
        vectors=VectorIndex.load(column["units"], home),
        tokens=_blobs(column, "tokens"),
        postings=Postings(
            terms=_blobs(column, "terms"),
            offsets=column["posting_offsets"],
            rows=column["posting_rows"],
            counts=column["counts"],
        ),
    )


def _blobs(columns: Mapping[str, Array], name: str) -> ByteStrings:
    return ByteStrings(columns[name], columns[f"{name}_offsets"])


def _made_by(manifest: Mapping[str, str]) -> list[str]:
    """What a base depends on beside the documents."""
    return [str(schema.SCHEMA_VERSION), *(manifest[key] for key in ("model_sha256", "model_files", "cleaner"))]


def _ends_sha256(path: Path) -> str:
    """SHA-256 of a file's first and last bytes."""
    with path.open("rb") as file:
        first = file.read(END_BYTES)
        file.seek(max(path.stat().st_size - END_BYTES, 0))
        return hashlib.sha256(first + file.read()).hexdigest()
