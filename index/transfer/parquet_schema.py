"""The tables of an export and their columns; `docs/export.md` describes each of them."""

from typing import TYPE_CHECKING

from wherefrom.index.errors import IndexUnusable

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT_VERSION = 1
DOCUMENTS, PARAGRAPHS, SENTENCES, VECTORS = "documents", "paragraphs", "sentences", "vectors"
TABLES = (DOCUMENTS, PARAGRAPHS, SENTENCES, VECTORS)
"""The names of the tables; each is in the file NAME.parquet."""
SHOWN_COLUMNS = ("title", "publisher", "agency", "authors", "published", "url", "language")
"""Columns with the metadata as shown, for readers of the files; an import compares them with the stored metadata."""


def file_name(table: str) -> str:
    """Return the name of a table's file."""
    return f"{table}.parquet"


def require_pyarrow() -> None:
    """Raise IndexUnusable, with the command that installs it, if pyarrow is missing."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415
    except ImportError as error:
        raise IndexUnusable("Parquet files need an extra: pip install 'wherefrom[parquet]'") from error


def schema_of(table: str, dimension: int) -> "pa.Schema":
    """Return the columns of a table; `dimension` is that of the model's vectors."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    string, number = pa.string(), pa.int64()
    segments = pa.list_(pa.struct([pa.field("start", number, nullable=False), pa.field("end", number, nullable=False)]))

    def required(name: str, kind: "pa.DataType") -> "pa.Field":
        return pa.field(name, kind, nullable=False)

    columns = {
        DOCUMENTS: [
            required("document_id", string),
            required("source", string),
            pa.field("path", string),
            required("media_type", string),
            required("encoding", string),
            required("errors", string),
            required("raw", pa.large_binary()),
            required("source_sha256", string),
            pa.field("extractor", string),
            pa.field("extractor_version", string),
            pa.field("extracted_text", pa.large_string()),
            pa.field("text_sha256", string),
            pa.field("pages", pa.large_string()),
            pa.field("title", string),
            pa.field("publisher", string),
            pa.field("agency", string),
            required("authors", pa.list_(string)),
            pa.field("published", pa.date32()),
            pa.field("url", string),
            pa.field("language", string),
            required("metadata", pa.large_string()),
            required("given", pa.large_string()),
            pa.field("corrections", string),
            required("headings", pa.large_string()),
            required("dropped", pa.large_string()),
            required("paragraphs", number),
            required("digest", string),
            required("vectors_sha256", string),
        ],
        PARAGRAPHS: [
            required("document_id", string),
            required("number", number),
            required("text", pa.large_string()),
            required("segments", segments),
            required("line_start", number),
            required("line_end", number),
            required("sentences", number),
        ],
        SENTENCES: [
            required("document_id", string),
            required("paragraph", number),
            required("number", number),
            required("start", number),
            required("end", number),
            required("segments", segments),
        ],
        VECTORS: [
            required("document_id", string),
            required("paragraph", number),
            required("sentence", number),
            required("vector", pa.list_(pa.field("element", pa.float32(), nullable=False), dimension)),
            pa.field("tokens", pa.large_binary()),
        ],
    }
    return pa.schema(columns[table])
