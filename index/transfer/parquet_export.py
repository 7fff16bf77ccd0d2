"""Exports a collection as a folder of Parquet files, completely or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from wherefrom.index.errors import IndexUnusable
from wherefrom.index.files.file_hash import file_sha256
from wherefrom.index.storage.leftovers import check_is_kept
from wherefrom.index.transfer.column_digests import ColumnDigests
from wherefrom.index.transfer.parquet_manifest import ExportManifest, FileEntry
from wherefrom.index.transfer.parquet_rows import Row, rows_of
from wherefrom.index.transfer.parquet_schema import TABLES, file_name, require_pyarrow, schema_of
from wherefrom.index.transfer.partial_folder import partial_folder, put_in_place
from wherefrom.index.transfer.stored_documents import CollectionIdentity, OnDocument, StoredDocument, open_collection

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP_BYTES = 8 * 1024 * 1024
"""A row group ends with the row with which its values reach this size; this limits the memory of writes and reads."""
ROW_GROUP_ROWS = 8_192
ROW_BYTES = 64
"""Assumed size of a row besides its texts, bytes and vectors."""


class ExportedCollection(Protocol):
    """One state of a collection in either engine."""

    @property
    def identity(self) -> CollectionIdentity:
        """The model, cleaner version, counts and corpus hash of the collection."""

    def documents(self) -> Iterator[StoredDocument]:
        """Yield every document, ordered by id. Raises IndexDamaged."""


def export(data: Path, destination: Path, on_document: OnDocument | None = None) -> CollectionIdentity:
    """Write one state of a data folder as Parquet files, unaffected by concurrent writes; return its identity.

    Raises IndexUnusable if there is no index, and what `export_collection` raises.
    """
    require_pyarrow()
    check_is_kept(destination, data)
    with open_collection(data) as collection:
        export_collection(collection, destination, on_document)
        return collection.identity


def export_collection(collection: ExportedCollection, destination: Path, on_document: OnDocument | None = None) -> None:
    """Write a collection as Parquet files to a folder beside the destination, which is renamed at the end.

    Raises IndexUnusable if the collection is damaged, pyarrow is missing, or the destination exists and is not empty.
    """
    require_pyarrow()
    with partial_folder(destination) as partial:
        _write(collection, partial, on_document)
        put_in_place(partial, destination)


def _write(collection: ExportedCollection, folder: Path, on_document: OnDocument | None) -> None:
    identity = collection.identity
    tables = {table: _TableWriter(table, folder, identity.dimension) for table in TABLES}
    try:
        for stored in collection.documents():
            for table, rows in rows_of(stored).items():
                tables[table].add(rows)
            if on_document:
                on_document(stored.document_id)
    finally:
        for writer in tables.values():
            writer.close()
    counts = tuple(tables[table].rows for table in TABLES[:2])
    if counts != (identity.documents, identity.paragraphs):
        raise IndexUnusable(
            f"{counts[0]:,} documents and {counts[1]:,} paragraphs were read, but the catalog's manifest counts"
            f" {identity.documents:,} and {identity.paragraphs:,}: run `wherefrom verify`"
        )
    files = {table: writer.entry() for table, writer in tables.items()}
    ExportManifest(collection=identity, files=files).save(folder)


class _TableWriter:
    """Writes the file of one table, a row group at a time."""

    def __init__(self, table: str, folder: Path, dimension: int) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

        self._path = folder / file_name(table)
        self._schema = schema_of(table, dimension)
        self._digests = ColumnDigests(self._schema.names)
        self._pending: list[Row] = []
        self._bytes = 0
        self.rows = 0
        self._writer = pq.ParquetWriter(
            self._path, self._schema, compression="zstd", use_dictionary=["document_id"], write_page_checksum=True
        )

    def add(self, rows: list[Row]) -> None:
        """Add rows; write a row group when enough are pending."""
        for row in rows:
            self._pending.append(row)
            self._bytes += ROW_BYTES + sum(_size(value) for value in row.values())
            if self._bytes >= ROW_GROUP_BYTES or len(self._pending) >= ROW_GROUP_ROWS:
                self._flush()

    def close(self) -> None:
        """Write the pending rows, and close the file."""
        try:
            self._flush()
        finally:
            self._writer.close()

    def entry(self) -> FileEntry:
        """Return the manifest's entry for the closed file."""
        return FileEntry(
            rows=self.rows,
            bytes=self._path.stat().st_size,
            sha256=file_sha256(self._path),
            columns=self._digests.hexdigests(),
        )

    def _flush(self) -> None:
        if not self._pending:
            return
        import pyarrow as pa  # noqa: PLC0415 - an extra

        columns = [_array([row[field.name] for row in self._pending], field.type) for field in self._schema]
        batch = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        self._digests.update(batch)
        self._writer.write_batch(batch)
        self.rows += len(self._pending)
        self._pending, self._bytes = [], 0


def _array(values: list[Any], kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if not pa.types.is_fixed_size_list(kind):
        return pa.array(values, type=kind)
    numbers = np.concatenate(values, dtype=np.float32)
    return pa.FixedSizeListArray.from_arrays(pa.array(numbers), type=kind)


def _size(value: object) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    return len(value) if isinstance(value, str | bytes) else 0
