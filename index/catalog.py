"""What is known for sure: one SQLite file with every source's bytes, its paragraphs and their vectors.

It knows nothing of searching. Whatever else lies in a data folder is derived from it and may be deleted.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index import digests, records, schema
from index.database import Database
from index.embedder import ModelIdentity
from index.errors import DocumentNotFound
from index.records import IndexedDocument, ParagraphVectors, Row, Source, StoredParagraph
from index.types import Document, DocumentSummary, Paragraph

CATALOG = "catalog.sqlite"
"""The catalog's name in a data folder."""

SOURCE_COLUMNS = "document_id, source, path, source_sha256, encoding, media_type, given, metadata"
# Version 1 of the schema knew plain text only, and nothing that was given with it; `rebuild` reads it still.
SOURCE_COLUMNS_1 = SOURCE_COLUMNS.replace("media_type, given", "'text/plain', '{}'")
Vectors = Sequence[ParagraphVectors]


class Catalog:
    """One connection to a catalog, for one thread at a time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._db = database.connection

    @classmethod
    def open(cls, path: Path, *, model: ModelIdentity, cleaner: str) -> Self:
        """Open a catalog, or make an empty one. Raises IndexMismatch or IndexUnusable, saying what to run."""
        database = Database(path, create=True)
        try:
            with database.reporting_damage():
                if schema.is_blank(database.connection):
                    schema.make(database, model, cleaner)
                schema.check_schema(database.connection, path)
                manifest = schema.read_manifest(database.connection)
            schema.check_whole(manifest, path)
            schema.check_manifest(manifest, path, model, cleaner)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Close the connection."""
        self.database.close()

    def manifest(self) -> Mapping[str, str]:
        """How the index was made, its corpus hash, its counts and the number of its last change."""
        return schema.read_manifest(self._db)

    def revision(self) -> int:
        """The number of the last change."""
        return int(self._db.execute("SELECT value FROM manifest WHERE key = 'revision'").fetchone()[0])

    def put(self, document_id: str, document: Document, raw: bytes, vectors: Vectors, *, path: Path | None) -> None:
        """Add or replace a document, with the vectors of every paragraph, in one transaction."""
        digest = digests.document_digest(document_id, document)
        stored = (
            document_id,
            document.source,
            path and str(path),
            document.source_sha256,
            document.encoding,
            document.media_type,
            records.dump_given(document.given),
            records.dump_metadata(document.metadata),
            records.dump_dropped(document.dropped),
            digest,
            digests.vectors_digest(embedded.stored() for embedded in vectors),
            raw,
        )
        with self.database.transaction() as db:
            self._forget(document_id)
            columns = ", ".join("?" * (len(stored) + 1))
            db.execute(f"INSERT INTO documents VALUES ({columns})", (*stored, self.revision() + 1))  # noqa: S608
            for paragraph, embedded in zip(document.paragraphs, vectors, strict=True):
                self._insert(document_id, paragraph, embedded)
            self._count(document_id, digest, sign=1)

    def remove(self, document_id: str) -> None:
        """Remove a document, its bytes and its vectors. Raises DocumentNotFound."""
        with self.database.transaction() as db:
            if not self._forget(document_id):
                raise DocumentNotFound(document_id)
            db.execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", (document_id, self.revision()))

    def _insert(self, document_id: str, paragraph: Paragraph, embedded: ParagraphVectors) -> None:
        inserted = self._db.execute(
            "INSERT INTO paragraphs (document_id, number, text, place) VALUES (?, ?, ?, ?)",
            (document_id, paragraph.number, paragraph.text, records.dump_place(paragraph)),
        )
        self._db.execute("INSERT INTO vectors VALUES (?, ?, ?, ?)", (inserted.lastrowid, *embedded.stored()))

    def _forget(self, document_id: str) -> bool:
        digest = self.digest(document_id)
        if digest is None:
            return False
        self._count(document_id, digest, sign=-1)
        self._db.execute("DELETE FROM documents WHERE document_id = ?", (document_id,))
        return True

    def _count(self, document_id: str, digest: str, *, sign: int) -> None:
        query = "SELECT count(*) FROM paragraphs WHERE document_id = ?"
        passages = self._db.execute(query, (document_id,)).fetchone()[0]
        manifest = self.manifest()
        changed = {
            "corpus": digests.add_to_corpus(manifest["corpus"], digest, sign=sign),
            "documents": str(int(manifest["documents"]) + sign),
            "passages": str(int(manifest["passages"]) + sign * passages),
            "revision": str(int(manifest["revision"]) + 1),
        }
        self._db.executemany("UPDATE manifest SET value = ?2 WHERE key = ?1", changed.items())

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
        return (_source(row) for row in self._db.execute(query))

    def source(self, document_id: str) -> Source:
        """Where one document came from. Raises DocumentNotFound."""
        return _source(self._document(SOURCE_COLUMNS, document_id))

    def raw(self, document_id: str) -> bytes:
        """The bytes of a source as they were given. Raises DocumentNotFound."""
        return bytes(self._document("raw", document_id)[0])

    def summaries(self, document_id: str | None = None) -> Iterator[DocumentSummary]:
        """Every document, or the one named, as the collection lists it, ordered by id."""
        query = f"""SELECT {SOURCE_COLUMNS}, digest, length(raw), (SELECT count(*) FROM paragraphs
            WHERE paragraphs.document_id = documents.document_id) FROM documents
            WHERE ?1 IS NULL OR document_id = ?1 ORDER BY document_id"""  # noqa: S608 - a constant
        for *source, digest, size, paragraphs in self._db.execute(query, (document_id,)):
            yield _summary(_source(source), digest, size, paragraphs)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """A document's paragraphs, in order."""
        query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? ORDER BY number"
        return tuple(records.load_paragraph(*row) for row in self._db.execute(query, (document_id,)))

    def id_of(self, path: Path) -> str | None:
        """The document that was read from this file; null if none was."""
        row = self._db.execute("SELECT document_id FROM documents WHERE path = ?", (str(path),)).fetchone()
        return row and str(row[0])

    def paragraph(self, document_id: str, number: int) -> StoredParagraph:
        """One paragraph with the source that it stands in."""
        query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? AND number = ?"
        stored = self._db.execute(query, (document_id, number)).fetchone()
        return StoredParagraph(source=self.source(document_id), paragraph=records.load_paragraph(*stored))

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
        known = records.load_metadata(metadata)
        return IndexedDocument(
            document_id=document_id,
            digest=digest,
            publisher=known.publisher,
            published=known.published,
            rows=tuple(_row(*stored) for stored in self._db.execute(query, (document_id,))),
        )

    def vectors(self, document_id: str) -> Vectors:
        """The stored vectors of a document, as `put` takes them."""
        query = """SELECT paragraph, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph_id)
            WHERE document_id = ? ORDER BY number"""
        return [_vectors(*stored) for stored in self._db.execute(query, (document_id,))]

    def _document(self, columns: str, document_id: str) -> sqlite3.Row:
        query = f"SELECT {columns} FROM documents WHERE document_id = ?"  # noqa: S608 - our own columns
        row: sqlite3.Row | None = self._db.execute(query, (document_id,)).fetchone()
        if row is None:
            raise DocumentNotFound(document_id)
        return row


def _vectors(paragraph: bytes, sentences: bytes, tokens: bytes) -> ParagraphVectors:
    whole = np.frombuffer(paragraph, dtype=np.float32)
    rows = np.frombuffer(sentences, dtype=np.float32).reshape(-1, len(whole))
    return ParagraphVectors(paragraph=whole, sentences=rows, tokens=tokens)


def _row(number: int, text: str, paragraph: bytes, sentences: bytes, tokens: bytes) -> Row:
    embedded = _vectors(paragraph, sentences, tokens)
    return Row(
        number=number,
        text=text,
        vector=embedded.paragraph,
        sentences=embedded.sentences,
        tokens=embedded.tokens,
    )


def _source(row: Sequence[str]) -> Source:
    document_id, source, path, source_sha256, encoding, media_type, given, metadata = row
    return Source(
        document_id=document_id,
        source=source,
        path=Path(path) if path else None,
        source_sha256=source_sha256,
        encoding=encoding,
        media_type="text/html" if media_type == "text/html" else "text/plain",
        given=records.load_given(given),
        metadata=records.load_metadata(metadata),
    )


def _summary(source: Source, digest: str, size: int, paragraphs: int) -> DocumentSummary:
    metadata = source.metadata
    return DocumentSummary(
        document_id=source.document_id,
        etag=digest,
        title=metadata.title,
        publisher=metadata.publisher,
        agency=metadata.agency,
        authors=metadata.authors,
        published=metadata.published,
        url=metadata.url,
        source=source.source,
        source_sha256=source.source_sha256,
        encoding=source.encoding,
        media_type=source.media_type,
        bytes=size,
        paragraphs=paragraphs,
    )
