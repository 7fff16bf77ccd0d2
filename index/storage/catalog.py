"""What is known for sure: one SQLite file with every source's bytes, its paragraphs and their vectors.

It knows nothing of searching. Whatever else lies in a data folder is derived from it and may be deleted.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, load_paragraph_vectors
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.storage import rows, schema, serialization
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.rows import SOURCE_COLUMNS, IndexedDocument
from wherefrom.index.types import DocumentSummary, Paragraph, Source, StoredParagraph

CATALOG = "catalog.sqlite"
"""The catalog's name in a data folder."""

# Version 1 of the schema knew plain text only, and nothing that was given with it; `rebuild` reads it still.
SOURCE_COLUMNS_1 = SOURCE_COLUMNS.replace("media_type, given", "'text/plain', '{}'")


class Catalog:
    """One connection to a catalog, for one thread at a time; it is read here, and written to by `storing`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._db = connection.sqlite

    @classmethod
    def open(cls, path: Path, *, model: ModelIdentity, cleaner: str) -> Self:
        """Open a catalog, or make an empty one. Raises IndexMismatch or IndexUnusable, saying what to run."""
        connection = Connection(path, create=True)
        try:
            with connection.translating_errors():
                if schema.is_blank(connection.sqlite):
                    schema.create(connection, model, cleaner)
                schema.check_schema(connection.sqlite, path)
                manifest = schema.read_manifest(connection.sqlite)
            schema.check_complete(manifest, path)
            schema.check_manifest(manifest, path, model, cleaner)
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def manifest(self) -> Mapping[str, str]:
        """How the index was made, its corpus hash, its counts and the number of its last change."""
        return schema.read_manifest(self._db)

    def revision(self) -> int:
        """The number of the last change."""
        return int(self._db.execute("SELECT value FROM manifest WHERE key = 'revision'").fetchone()[0])

    def digest(self, document_id: str) -> str | None:
        """The digest of a document's contents; null if there is no such document."""
        query = "SELECT digest FROM documents WHERE document_id = ?"
        row = self._db.execute(query, (document_id,)).fetchone()
        return row and str(row[0])

    def state(self, document_id: str) -> tuple[str, Path | None] | None:
        """A document's digest and the file that it was read from; null if there is no such document."""
        query = "SELECT digest, path FROM documents WHERE document_id = ?"
        row = self._db.execute(query, (document_id,)).fetchone()
        return row and (str(row[0]), Path(row[1]) if row[1] else None)

    def sources(self) -> Iterator[Source]:
        """Where every document came from, ordered by id."""
        first = self._db.execute("PRAGMA user_version").fetchone()[0] == 1
        columns = SOURCE_COLUMNS_1 if first else SOURCE_COLUMNS
        query = f"SELECT {columns} FROM documents ORDER BY document_id"  # noqa: S608 - constants
        return (rows.source_of(row) for row in self._db.execute(query))

    def source(self, document_id: str) -> Source:
        """Where one document came from. Raises DocumentNotFound."""
        return rows.source_of(self._document(SOURCE_COLUMNS, document_id))

    def raw(self, document_id: str) -> bytes:
        """The bytes of a source as they were given. Raises DocumentNotFound."""
        return bytes(self._document("raw", document_id)[0])

    def summaries(self, document_id: str | None = None) -> Iterator[DocumentSummary]:
        """Every document, or the one named, as the collection lists it, ordered by id."""
        query = f"""SELECT {SOURCE_COLUMNS}, digest, length(raw), (SELECT count(*) FROM paragraphs
            WHERE paragraphs.document_id = documents.document_id) FROM documents
            WHERE ?1 IS NULL OR document_id = ?1 ORDER BY document_id"""  # noqa: S608 - a constant
        for *source, digest, size, paragraphs in self._db.execute(query, (document_id,)):
            yield rows.summary_of(rows.source_of(source), digest, size, paragraphs)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """A document's paragraphs, in order."""
        query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? ORDER BY number"
        return tuple(serialization.load_paragraph(*row) for row in self._db.execute(query, (document_id,)))

    def id_of(self, path: Path) -> str | None:
        """The document that was read from this file; null if none was."""
        row = self._db.execute("SELECT document_id FROM documents WHERE path = ?", (str(path),)).fetchone()
        return row and str(row[0])

    def paragraph(self, document_id: str, number: int) -> StoredParagraph:
        """One paragraph with the source that it stands in."""
        query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? AND number = ?"
        stored = self._db.execute(query, (document_id, number)).fetchone()
        return StoredParagraph(source=self.source(document_id), paragraph=serialization.load_paragraph(*stored))

    def ids(self) -> Iterator[str]:
        """The id of every document, ordered."""
        return (row[0] for row in self._db.execute("SELECT document_id FROM documents ORDER BY document_id"))

    def changed_since(self, revision: int) -> tuple[list[str], list[str]]:
        """The ids of documents that were put after this revision, and of those that were removed."""
        queries = (
            "SELECT document_id FROM documents WHERE revision > ?",
            "SELECT document_id FROM removals WHERE revision > ?",
        )
        put, removed = ([row[0] for row in self._db.execute(query, (revision,))] for query in queries)
        return put, removed

    def indexed(self, document_id: str) -> IndexedDocument:
        """One document as it is searched. Raises DocumentNotFound."""
        digest, metadata = self._document("digest, metadata", document_id)
        query = """SELECT number, text, paragraph, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph_id)
            WHERE document_id = ? ORDER BY number"""
        known = serialization.load_metadata(metadata)
        return IndexedDocument(
            document_id=document_id,
            digest=digest,
            publisher=known.publisher,
            published=known.published,
            rows=tuple(rows.row_of(*stored) for stored in self._db.execute(query, (document_id,))),
        )

    def vectors(self, document_id: str) -> DocumentVectors:
        """The stored vectors of a document, as `storing.put` takes them."""
        query = """SELECT paragraph, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph_id)
            WHERE document_id = ? ORDER BY number"""
        return [load_paragraph_vectors(*stored) for stored in self._db.execute(query, (document_id,))]

    def _document(self, columns: str, document_id: str) -> sqlite3.Row:
        query = f"SELECT {columns} FROM documents WHERE document_id = ?"  # noqa: S608 - our own columns
        row: sqlite3.Row | None = self._db.execute(query, (document_id,)).fetchone()
        if row is None:
            raise DocumentNotFound(document_id)
        return row
