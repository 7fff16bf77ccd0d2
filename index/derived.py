"""The base on disk: a folder of columns, made aside, checksummed and renamed into place.

Losing or damaging it costs a build from the catalog, never an embedding and never an answer. A small one is checked
whole when it is opened. Of a large one only the sizes and both ends of each file are, so that start-up does not read
what it does not need; `wherefrom verify` checks all of it.
"""

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from index import schema
from index.blobs import Blobs
from index.building import SegmentBuilder
from index.catalog import Catalog
from index.columns import Array, ColumnFolder, in_memory, read_columns
from index.model_files import file_sha256
from index.postings import Postings
from index.records import IndexedDocument
from index.segment import Documents, Segment
from index.vectors import VectorIndex

logger = logging.getLogger(__name__)

DERIVED = "derived"
"""The folder's name in a data folder."""
FORMAT = "3"
"""Goes up with what is stored and with what follows from the rules of `index.terms`, which no manifest knows."""
META = "meta.json"
CHECKSUMS = "checksums.json"
PASSING = ("keys", "said_terms", "said_rows", "said_counts")
"""Columns that are only needed while a base is made."""
CHECKED_WHOLE = 64 * 1024 * 1024
"""Bytes up to which a base is checked whole when it is opened."""
END = 64 * 1024
ABANDONED_SECONDS = 3600

Progress = Callable[[int, int], None]
"""Called with the documents done and those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A segment of a whole collection, and the revision of the catalog that it was made from."""

    segment: Segment
    revision: int


def load(folder: Path, manifest: Mapping[str, str]) -> Base | None:
    """The newest base that a catalog with this manifest may have been the source of; null if there is none."""
    found = [base for home in _homes(folder) if (base := _load(home, manifest)) is not None]
    return max(found, key=lambda base: base.revision, default=None)


def build(catalog: Catalog, folder: Path, progress: Progress | None = None) -> Base:
    """Make a base of all that a catalog holds, and keep it; where it cannot be kept it is made in memory."""
    with catalog.database.snapshot():
        manifest = catalog.manifest()
        try:
            return make(_documents(catalog, manifest, progress), manifest, folder)
        except (OSError, RuntimeError) as error:  # FAISS reports a failed write as a RuntimeError
            logger.warning("%s could not be saved and will be built again at the next start: %s", folder, error)
            builder = SegmentBuilder(int(manifest["dimension"]), in_memory)
            builder.add_all(_documents(catalog, manifest, progress))
            return Base(segment=builder.done(), revision=int(manifest["revision"]))


def make(documents: Iterable[IndexedDocument], manifest: Mapping[str, str], folder: Path) -> Base:
    """Make a base of documents ordered by id, and keep it in place of all others. Raises OSError, RuntimeError."""
    aside = folder / f"tmp-{uuid4().hex}"
    try:
        aside.mkdir(parents=True)
        base = _write(documents, manifest, aside)
        _put_in_place(aside, folder / f"{FORMAT}-{schema.generation(manifest)}-{aside.name[-8:]}")
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return base


def empty(dimension: int) -> Base:
    """The base of an empty collection."""
    return Base(segment=SegmentBuilder(dimension).done(), revision=0)


def problems(folder: Path) -> Iterator[str]:
    """Check every file of every base whole, and name what is not as it was saved."""
    for home in _homes(folder):
        try:
            _check(home, whole=True)
        except (OSError, ValueError, KeyError) as error:
            yield f"{home} is damaged ({error}); delete it, it is built again from the catalog"


def _homes(folder: Path) -> list[Path]:
    try:
        return sorted(home for home in folder.iterdir() if home.name.startswith(f"{FORMAT}-") and home.is_dir())
    except OSError:
        return []


def _load(home: Path, manifest: Mapping[str, str]) -> Base | None:
    try:
        _check(home, whole=sum(file.stat().st_size for file in home.iterdir()) <= CHECKED_WHOLE)
        meta = json.loads((home / META).read_text())
        if meta["made_by"] != _made_by(manifest) or meta["revision"] > int(manifest["revision"]):
            return None
        return Base(segment=_read(home, meta), revision=meta["revision"])
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        logger.warning("%s is damaged and is built again from the catalog: %s", home, error)
        shutil.rmtree(home, ignore_errors=True)
        return None


def _write(documents: Iterable[IndexedDocument], manifest: Mapping[str, str], home: Path) -> Base:
    with ColumnFolder(home) as columns:
        builder = SegmentBuilder(int(manifest["dimension"]), columns)
        builder.add_all(documents)
        segment = builder.done(home)
    for name in PASSING:
        (home / f"{name}.bin").unlink()
    described = {name: column for name, column in columns.described().items() if name not in PASSING}
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


def _documents(catalog: Catalog, manifest: Mapping[str, str], progress: Progress | None) -> Iterator[IndexedDocument]:
    documents = int(manifest["documents"])
    for done, document_id in enumerate(catalog.ids(), 1):
        yield catalog.indexed(document_id)
        if progress:
            progress(done, documents)


def _put_in_place(aside: Path, home: Path) -> None:
    """Rename a finished base, once all of it is on the disk, and drop the others."""
    for path in (*aside.iterdir(), aside):
        _sync(path)
    aside.rename(home)
    for other in home.parent.iterdir():
        if other != home and not _is_being_made(other):
            shutil.rmtree(other, ignore_errors=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _is_being_made(path: Path) -> bool:
    """Whether another process may be at work in a folder: one that it made aside within the hour."""
    try:
        recent = time.time() - path.stat().st_mtime < ABANDONED_SECONDS
        return not path.is_dir() or (path.name.startswith("tmp-") and recent)
    except OSError:
        return False


def _read(home: Path, meta: Mapping[str, Any]) -> Segment:
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


def _blobs(columns: Mapping[str, Array], name: str) -> Blobs:
    return Blobs(columns[name], columns[f"{name}_offsets"])


def _made_by(manifest: Mapping[str, str]) -> list[str]:
    """What a base depends on beside the documents."""
    return [str(schema.SCHEMA_VERSION), *(manifest[key] for key in ("model_sha256", "model_files", "cleaner"))]


def _check(home: Path, *, whole: bool) -> None:
    """Raise ValueError where a base's files are not those that were saved, by their sizes, ends or whole contents."""
    sums = json.loads((home / CHECKSUMS).read_text())
    found = {file.name for file in home.iterdir()} - {CHECKSUMS}
    if set(sums) != found:
        raise ValueError(f"its files are {sorted(found)}, not {sorted(sums)}")
    for name, (size, ends, sha256) in sums.items():
        file = home / name
        if file.stat().st_size != size or _ends_sha256(file) != ends or (whole and file_sha256(file) != sha256):
            raise ValueError(f"{name} is not the file that was saved")


def _ends_sha256(path: Path) -> str:
    """SHA-256 of a file's first and last bytes."""
    with path.open("rb") as file:
        first = file.read(END)
        file.seek(max(path.stat().st_size - END, 0))
        return hashlib.sha256(first + file.read()).hexdigest()
