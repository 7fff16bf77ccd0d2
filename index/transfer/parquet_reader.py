"""Reads an export; its files are compared with the manifest first."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherefrom.index.errors import IndexDamaged, IndexUnusable
from wherefrom.index.files.file_hash import file_sha256
from wherefrom.index.transfer.column_digests import ColumnDigests
from wherefrom.index.transfer.parquet_manifest import ExportManifest, FileEntry
from wherefrom.index.transfer.parquet_rows import Row, WrongValue, stored_document
from wherefrom.index.transfer.parquet_schema import (
    DOCUMENTS,
    PARAGRAPHS,
    SENTENCES,
    TABLES,
    VECTORS,
    file_name,
    require_pyarrow,
    schema_of,
)
from wherefrom.index.transfer.stored_documents import StoredDocument

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

BATCH_ROWS = 1_024
"""Number of rows that are converted to Python values at a time."""
AGAIN = "copy the export again, or export the index again"


class ParquetExport:
    """An export in a folder. Raises IndexUnusable if there is none, it is of another format, or pyarrow is missing."""

    def __init__(self, folder: Path) -> None:
        require_pyarrow()
        self.folder = folder
        self.manifest = ExportManifest.load(folder)

    def check(self) -> None:
        """Compare every file with the manifest. Raises IndexDamaged, naming the file, and the column if it is one."""
        for table in TABLES:
            path, entry = self.folder / file_name(table), self.manifest.files[table]
            try:
                is_whole = path.stat().st_size == entry.bytes and file_sha256(path) == entry.sha256
            except OSError as error:
                raise IndexUnusable(f"{path} cannot be read: {error.strerror}; {AGAIN}") from error
            self._check_schema(table)
            if not is_whole:
                raise self._diagnosis(table)

    def documents(self) -> Iterator[StoredDocument]:
        """Yield every document; each is compared with its digests. Raises IndexDamaged, naming file and column."""
        paragraphs, sentences, vectors = (_ById(self, table) for table in (PARAGRAPHS, SENTENCES, VECTORS))
        try:
            for row in self.document_rows():
                document_id = row["document_id"]
                own = paragraphs.rows_of(document_id)
                if len(own) != row["paragraphs"]:
                    raise WrongValue(DOCUMENTS, "paragraphs", f"{document_id} has {len(own)} in {PARAGRAPHS}")  # noqa: TRY301
                yield stored_document(row, own, sentences.rows_of(document_id), vectors.rows_of(document_id))
            for rest in (paragraphs, sentences, vectors):
                rest.check_done()
        except WrongValue as error:
            raise self.damaged(error.table, error.column, error.reason) from error

    def document_rows(self) -> Iterator[Row]:
        """Yield the rows of the documents, in order of their ids. Raises IndexDamaged."""
        last = ""
        for row in self.rows(DOCUMENTS):
            if row["document_id"] <= last:
                raise self.damaged(DOCUMENTS, "document_id", "its ids are not in order, or one is there twice")
            last = row["document_id"]
            yield row

    def damaged(self, table: str, column: str | None, reason: str) -> IndexDamaged:
        """Return the error for a file that is not what was exported."""
        where = f"{self.folder / file_name(table)}" + (f", column {column}" if column else "")
        return IndexDamaged(f"{where}: {reason}; nothing was imported: {AGAIN}")

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table, a vector as an array. Raises IndexDamaged."""
        required = {field.name for field in self._expected(table) if not field.nullable}
        try:
            with self._open(table) as file:
                for batch in _batches(file):
                    names = batch.schema.names
                    for name, column in zip(names, batch.columns, strict=True):
                        if name in required and column.null_count:
                            raise self.damaged(table, name, "a row has no value")
                    columns = [_values(column) for column in batch.columns]
                    yield from (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
        except _read_errors() as error:
            raise self.damaged(table, None, f"it cannot be read ({error})") from error

    def _expected(self, table: str) -> "pa.Schema":
        return schema_of(table, self.manifest.collection.dimension)

    def _open(self, table: str) -> "pq.ParquetFile":
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

        return pq.ParquetFile(self.folder / file_name(table), page_checksum_verification=True)

    def _check_schema(self, table: str) -> None:
        """Raise IndexDamaged, naming the column, unless a file has exactly the columns that an export has."""
        try:
            with self._open(table) as file:
                actual: pa.Schema = file.schema_arrow
                rows = file.metadata.num_rows
        except _read_errors() as error:
            raise self.damaged(table, None, f"it is not a Parquet file ({error})") from error
        expected = self._expected(table)
        for field in expected:
            if field.name not in actual.names:
                raise self.damaged(table, field.name, "the column is missing")
            kind = actual.field(field.name).type
            if not kind.equals(field.type):
                raise self.damaged(table, field.name, f"its type is {kind}, not {field.type}")
        if surplus := [name for name in actual.names if name not in expected.names]:
            raise self.damaged(table, surplus[0], "an export has no such column")
        entry = self.manifest.files[table]
        if rows != entry.rows:
            raise self.damaged(table, None, f"it has {rows:,} rows, not {entry.rows:,}")

    def _diagnosis(self, table: str) -> IndexDamaged:
        """Return the error for a file with another hash: it names the first column whose values are others."""
        entry: FileEntry = self.manifest.files[table]
        for column, expected in entry.columns.items():
            digests = ColumnDigests([column])
            try:
                with self._open(table) as file:
                    for batch in _batches(file, [column]):
                        digests.update(batch)
            except _read_errors() as error:
                return self.damaged(table, column, f"it cannot be read ({error})")
            if digests.hexdigests()[column] != expected:
                return self.damaged(table, column, "its values are not those that were exported")
        return self.damaged(table, None, "its bytes are not those that were written, though every column can be read")


class _ById:
    """The rows of a table, read document by document; documents and rows are ordered by id."""

    def __init__(self, export: ParquetExport, table: str) -> None:
        self._table = table
        self._rows = export.rows(table)
        self._next = next(self._rows, None)

    def rows_of(self, document_id: str) -> Sequence[Row]:
        """Return the next rows, which are those of a document; none if the next are those of another."""
        rows = []
        while self._next is not None and self._next["document_id"] == document_id:
            rows.append(self._next)
            self._next = next(self._rows, None)
        return rows

    def check_done(self) -> None:
        """Raise WrongValue if there are rows of no document, or out of order."""
        if self._next is not None:
            document_id = self._next["document_id"]
            raise WrongValue(self._table, "document_id", f"{document_id} is not a document, or is out of order")


def _batches(file: "pq.ParquetFile", columns: Sequence[str] | None = None) -> Iterator["pa.RecordBatch"]:
    """Yield the rows of a file; no batch is of two row groups, whose size in bytes is limited."""
    for number in range(file.num_row_groups):
        yield from file.iter_batches(batch_size=BATCH_ROWS, row_groups=[number], columns=columns)


def _values(column: "pa.Array") -> Sequence[Any]:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if not pa.types.is_fixed_size_list(column.type):
        values: list[Any] = column.to_pylist()
        return values
    numbers = column.flatten().to_numpy(zero_copy_only=False)
    return list(numbers.reshape(len(column), column.type.list_size))


def _read_errors() -> tuple[type[BaseException], ...]:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return (pa.ArrowException, OSError, ValueError)
