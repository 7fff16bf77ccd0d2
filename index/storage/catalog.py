"""The catalog: one SQLite file with every source's bytes, its paragraphs and their vectors.

It is the only part of a data folder that cannot be rebuilt: the search structures are derived from it.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from wherefrom.index.collection.corrections import Corrections, corrected
from wherefrom.index.collection.document_query import CountedField, DocumentQuery, DocumentSelection, ValueCounts
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, ParagraphVectors
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.extraction import ExtractedPage
from wherefrom.index.storage import document_queries, extractions, rows, schema, serialization
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.digests import add_to_corpus, stored_digest
from wherefrom.index.storage.rows import SOURCE_COLUMNS, IndexedDocument
from wherefrom.index.types import (
    Document,
    DocumentSummary,
    Dropped,
    Heading,
    Metadata,
    Paragraph,
    PublisherCount,
    Source,
    StoredParagraph,
)

CATALOG = "catalog.sqlite"
"""The catalog's file name in a data folder."""

# Older schemas, which `rebuild` still reads: up to version 5 there were no extractions; version 1 had only plain text
# and no given metadata.
SOURCE_COLUMNS_5 = SOURCE_COLUMNS.replace("extraction", "NULL")
SOURCE_COLUMNS_1 = SOURCE_COLUMNS_5.replace("media_type, given", "'text/plain', '{}'")
FIRST_SCHEMA_WITH_EXTRACTIONS = 6


class Catalog:
    """One connection to a catalog, for one thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._db = connection.sqlite

    @classmethod
    def open(cls, path: Path, *, model: ModelIdentity, cleaner: str) -> Self:
        """Open a catalog, or create an empty one. Raises IndexMismatch or IndexUnusable, with a remedy."""
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
        """Return the model and cleaner of the index, its corpus hash, its counts and its revision, all as strings."""
        return schema.read_manifest(self._db)

    def revision(self) -> int:
        """Return the revision, which is the number of the last change."""
        return int(self._db.execute("SELECT value FROM manifest WHERE key = 'revision'").fetchone()[0])

    def digest(self, document_id: str) -> str | None:
        """Return the digest of a document's contents, `None` if there is no such document."""
        query = "SELECT digest FROM documents WHERE document_id = ?"
        row = self._db.execute(query, (document_id,)).fetchone()
        return row and str(row[0])

    def digest_and_path(self, document_id: str) -> tuple[str, Path | None] | None:
        """Return a document's digest and the file that it was read from, `None` if there is no such document."""
        query = "SELECT digest, path FROM documents WHERE document_id = ?"
        row = self._db.execute(query, (document_id,)).fetchone()
        return row and (str(row[0]), Path(row[1]) if row[1] else None)

    def sources(self) -> Iterator[Source]:
        """Yield the source of every document, ordered by id."""
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        older = SOURCE_COLUMNS_1 if version == 1 else SOURCE_COLUMNS_5
        columns = older if version < FIRST_SCHEMA_WITH_EXTRACTIONS else SOURCE_COLUMNS
        query = f"SELECT {columns} FROM documents ORDER BY document_id"  # noqa: S608 - constants
        return (rows.source_of(row) for row in self._db.execute(query))

    def source(self, document_id: str) -> Source:
        """Return the source of one document. Raises DocumentNotFound."""
        return rows.source_of(self._document(SOURCE_COLUMNS, document_id))

    def raw(self, document_id: str) -> bytes:
        """Return the unchanged bytes of a source. Raises DocumentNotFound."""
        return bytes(self._document("raw", document_id)[0])

    def text(self, document_id: str) -> str:
        """Return the text that a document's offsets refer to: extracted from its source, or decoded.

        Raises DocumentNotFound.
        """
        encoding, errors, raw, extracted = self._document(
            """encoding, errors, CASE WHEN extraction IS NULL THEN raw END,
            (SELECT text FROM extracted_texts WHERE extracted_texts.document_id = documents.document_id)""",
            document_id,
        )
        return str(bytes(raw).decode(encoding, errors) if extracted is None else bytes(extracted).decode())

    def pages(self, document_id: str) -> tuple[ExtractedPage, ...]:
        """Return the pages of a document, in order; none if its format has none, or for an unknown document."""
        return tuple(map(extractions.load_page, extractions.stored_pages(self._db, document_id)))

    def summaries(
        self, document_id: str | None = None, *, after: str = "", limit: int | None = None
    ) -> Iterator[DocumentSummary]:
        """Yield the summaries of at most `limit` documents with an id above `after`, ordered by id.

        With a `document_id`, yield only that of this document, if it exists and is above `after`.
        """
        query = f"""SELECT {SOURCE_COLUMNS}, digest, length(raw), (SELECT count(*) FROM paragraphs
            WHERE paragraphs.document_id = documents.document_id) FROM documents
            WHERE document_id > ?2 AND (?1 IS NULL OR document_id = ?1)
            ORDER BY document_id LIMIT ?3"""  # noqa: S608 - a constant
        parameters = (document_id, after, -1 if limit is None else limit)
        for *source, digest, size, paragraphs in self._db.execute(query, parameters):
            yield rows.summary_of(rows.source_of(source), digest, size, paragraphs)

    def summaries_of(self, document_ids: Sequence[str]) -> tuple[DocumentSummary, ...]:
        """Return the summaries of documents in the order of `document_ids`; unknown ids are left out."""
        query = f"""SELECT {SOURCE_COLUMNS}, digest, length(raw), (SELECT count(*) FROM paragraphs
            WHERE paragraphs.document_id = documents.document_id) FROM documents
            WHERE document_id IN (SELECT value FROM json_each(?))"""  # noqa: S608 - a constant
        summaries = {}
        for *source, digest, size, paragraphs in self._db.execute(query, (json.dumps(list(document_ids)),)):
            summary = rows.summary_of(rows.source_of(source), digest, size, paragraphs)
            summaries[summary.document_id] = summary
        return tuple(summaries[document_id] for document_id in document_ids if document_id in summaries)

    def select(self, query: DocumentQuery, allowed: Collection[str] | None = None) -> DocumentSelection:
        """Return the documents that a query selects; `allowed` has the ids that its filters allow, `None` for all."""
        document_ids, total, last = document_queries.select_ids(self._db, query, allowed)
        return DocumentSelection(documents=self.summaries_of(document_ids), total=total, last=last)

    def count_values(self, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None) -> ValueCounts:
        """Return at most `limit` values of a field that contain all words, each with its number of documents."""
        return document_queries.count_values(self._db, name, words=words, limit=limit)

    def count_extra_values(self, *, words: Sequence[str] = (), limit: int | None = None) -> Mapping[str, ValueCounts]:
        """Return the same by name for the extra fields that occur in the most documents."""
        return document_queries.count_extra_values(self._db, words=words, limit=limit)

    def publishers(self) -> Iterator[PublisherCount]:
        """Yield every publisher with the number of its documents, ordered by name."""
        query = """SELECT json_extract(metadata, '$.publisher') AS publisher, count(*) FROM documents
            WHERE publisher IS NOT NULL GROUP BY publisher ORDER BY publisher"""
        return (PublisherCount(publisher=name, documents=count) for name, count in self._db.execute(query))

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order; none for an unknown document."""
        query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? ORDER BY number"
        return tuple(serialization.load_paragraph(*row) for row in self._db.execute(query, (document_id,)))

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's headings, in order. Raises DocumentNotFound."""
        return serialization.load_headings(self._document("headings", document_id)[0])

    def id_of(self, path: Path) -> str | None:
        """Return the id of the document that was read from a file, or `None`."""
        row = self._db.execute("SELECT document_id FROM documents WHERE path = ?", (str(path),)).fetchone()
        return row and str(row[0])

    def paths(self) -> Iterator[Path]:
        """Yield the distinct files that documents were read from, ordered by path."""
        query = "SELECT DISTINCT path FROM documents WHERE path IS NOT NULL ORDER BY path"
        return (Path(row[0]) for row in self._db.execute(query))

    def ids_from(self, path: Path) -> Iterator[str]:
        """Yield the ids of all documents that were read from a file, in ascending order."""
        query = "SELECT document_id FROM documents WHERE path = ? ORDER BY document_id"
        return (row[0] for row in self._db.execute(query, (str(path),)))

    def has_files(self) -> bool:
        """Return whether any document was read from a file."""
        return self._db.execute("SELECT 1 FROM documents WHERE path IS NOT NULL LIMIT 1").fetchone() is not None

    def paragraph(self, document_id: str, number: int) -> StoredParagraph:
        """Return one paragraph, which must exist, with the source of its document and its pages."""
        query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? AND number = ?"
        row = self._db.execute(query, (document_id, number)).fetchone()
        source, paragraph = self.source(document_id), serialization.load_paragraph(*row)
        if source.extractor is None:
            return StoredParagraph(source=source, paragraph=paragraph)
        start, end = paragraph.segments[0].start, paragraph.segments[-1].end
        pages = extractions.stored_pages(self._db, document_id, start=start, end=end)
        return StoredParagraph(source=source, paragraph=paragraph, pages=tuple(map(extractions.load_page, pages)))

    def ids(self) -> Iterator[str]:
        """Yield the id of every document, in ascending order."""
        return (row[0] for row in self._db.execute("SELECT document_id FROM documents ORDER BY document_id"))

    def digests(self) -> Iterator[tuple[str, str]]:
        """Yield the id and the digest of every document, ordered by id."""
        query = "SELECT document_id, digest FROM documents ORDER BY document_id"
        return ((row[0], row[1]) for row in self._db.execute(query))

    def changed_since(self, revision: int) -> tuple[list[str], list[str]]:
        """Return the ids of documents that were put after a revision, and of those removed after it."""
        queries = (
            "SELECT document_id FROM documents WHERE revision > ?",
            "SELECT document_id FROM removals WHERE revision > ?",
        )
        put, removed = ([row[0] for row in self._db.execute(query, (revision,))] for query in queries)
        return put, removed

    def changed_rows(self, revision: int, limit: int) -> int:
        """Return the number of paragraphs of documents that were put after a revision, at most `limit`."""
        query = """SELECT count(*) FROM (SELECT 1 FROM documents JOIN paragraphs USING (document_id)
            WHERE revision > ? LIMIT ?)"""
        count: int = self._db.execute(query, (revision, limit)).fetchone()[0]
        return count

    def indexed(self, document_id: str) -> IndexedDocument:
        """Return the searchable content of a document. Raises DocumentNotFound."""
        digest, metadata = self._document("digest, metadata", document_id)
        query = """SELECT number, text, paragraph, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph_id)
            WHERE document_id = ? ORDER BY number"""
        loaded = serialization.load_metadata(metadata)
        return IndexedDocument(
            document_id=document_id,
            digest=digest,
            publisher=loaded.publisher,
            published=loaded.published,
            agency=loaded.agency,
            authors=loaded.authors,
            title=loaded.title,
            language=loaded.language,
            extra=loaded.extra,
            rows=tuple(rows.row_of(*row) for row in self._db.execute(query, (document_id,))),
        )

    def metadata(self, document_id: str) -> Metadata:
        """Return the metadata of a document. Raises DocumentNotFound."""
        return serialization.load_metadata(self._document("metadata", document_id)[0])

    def corrections(self, document_id: str) -> tuple[Corrections, Metadata] | None:
        """Return the corrections of a document and its metadata without them, or `None` if there are none."""
        query = "SELECT corrected, read FROM corrections WHERE document_id = ?"
        row = self._db.execute(query, (document_id,)).fetchone()
        return row and (serialization.load_corrections(row[0]), serialization.load_metadata(row[1]))

    def dropped(self, document_id: str) -> tuple[Dropped, ...]:
        """Return the spans of a source that cleaning dropped. Raises DocumentNotFound."""
        return serialization.load_dropped(self._document("dropped", document_id)[0])

    def vectors(self, document_id: str) -> DocumentVectors:
        """Return the stored vectors of a document's paragraphs, in order."""
        return [rows.vectors_of(*row) for row in self.stored_vectors(document_id)]

    def stored_vectors(self, document_id: str) -> list[tuple[bytes, bytes, bytes]]:
        """Return the vectors in their stored form: (paragraph, sentences, tokens) as bytes for each paragraph."""
        query = """SELECT paragraph, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph_id)
            WHERE document_id = ? ORDER BY number"""
        return self._db.execute(query, (document_id,)).fetchall()

    def put(
        self, document_id: str, document: Document, digest: str, vectors: DocumentVectors, *, path: Path | None
    ) -> None:
        """Add or replace a document, its digest and its paragraphs' vectors in one transaction.

        `path` is the file that it was read from, if any.
        """
        values = (
            document_id,
            document.source,
            path and str(path),
            *rows.document_columns(document, digest, vectors),
        )
        with self.connection.transaction() as db:
            self._delete(document_id)
            columns = ", ".join("?" * (len(values) + 1))
            db.execute(f"INSERT INTO documents VALUES ({columns})", (*values, self.revision() + 1))  # noqa: S608
            if document.extraction is not None:
                extractions.insert(db, document_id, document.extraction)
            for paragraph, paragraph_vectors in zip(document.paragraphs, vectors, strict=True):
                self._insert(document_id, paragraph, paragraph_vectors)
            self._update_manifest(document_id, digest, sign=1)

    def correct(self, document_id: str, corrections: Corrections, read_metadata: Metadata) -> None:
        """Replace the corrections of a document, and store its metadata with and without them.

        Raises DocumentNotFound.
        """
        *identity, headings, extraction, digest = self._document(
            "source, source_sha256, encoding, errors, media_type, given, headings, extraction, digest", document_id
        )
        metadata = serialization.dump_metadata(corrected(read_metadata, corrections))
        query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? ORDER BY number"
        paragraphs = self._db.execute(query, (document_id,)).fetchall()
        pages = list(extractions.stored_pages(self._db, document_id))
        extracted = None if extraction is None else (extraction, pages)
        new_digest = stored_digest([document_id, *identity], metadata, headings, paragraphs, extracted)
        with self.connection.transaction() as db:
            db.execute("DELETE FROM corrections WHERE document_id = ?", (document_id,))
            if corrections:
                values = (document_id, serialization.dump_corrections(corrections))
                db.execute(
                    "INSERT INTO corrections VALUES (?, ?, ?)", (*values, serialization.dump_metadata(read_metadata))
                )
            if new_digest != digest:
                self._update_manifest(document_id, digest, sign=-1)
                db.execute(
                    "UPDATE documents SET metadata = ?, digest = ?, revision = ? WHERE document_id = ?",
                    (metadata, new_digest, self.revision() + 1, document_id),
                )
                self._update_manifest(document_id, new_digest, sign=1)

    def set_read_metadata(self, document_id: str, metadata: Metadata) -> None:
        """Store the metadata of a corrected document without its corrections."""
        with self.connection.transaction() as db:
            dumped = serialization.dump_metadata(metadata)
            db.execute("UPDATE corrections SET read = ? WHERE document_id = ?", (dumped, document_id))

    def remove(self, document_id: str) -> None:
        """Remove a document, its bytes, its vectors and its corrections. Raises DocumentNotFound."""
        with self.connection.transaction() as db:
            if not self._delete(document_id):
                raise DocumentNotFound(document_id)
            db.execute("DELETE FROM corrections WHERE document_id = ?", (document_id,))
            db.execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", (document_id, self.revision()))

    def _document(self, columns: str, document_id: str) -> sqlite3.Row:
        query = f"SELECT {columns} FROM documents WHERE document_id = ?"  # noqa: S608 - our own columns
        row: sqlite3.Row | None = self._db.execute(query, (document_id,)).fetchone()
        if row is None:
            raise DocumentNotFound(document_id)
        return row

    def _insert(self, document_id: str, paragraph: Paragraph, vectors: ParagraphVectors) -> None:
        inserted = self._db.execute(
            "INSERT INTO paragraphs (document_id, number, text, place) VALUES (?, ?, ?, ?)",
            (document_id, paragraph.number, paragraph.text, serialization.dump_place(paragraph)),
        )
        self._db.execute("INSERT INTO vectors VALUES (?, ?, ?, ?)", (inserted.lastrowid, *vectors.stored()))

    def _delete(self, document_id: str) -> bool:
        """Delete a document's rows; return whether it existed."""
        digest = self.digest(document_id)
        if digest is None:
            return False
        self._update_manifest(document_id, digest, sign=-1)
        self._db.execute("DELETE FROM documents WHERE document_id = ?", (document_id,))
        return True

    def _update_manifest(self, document_id: str, digest: str, *, sign: int) -> None:
        """Add a stored document to the counts and corpus hash (sign 1) or subtract it (-1); increment the revision."""
        query = "SELECT count(*) FROM paragraphs WHERE document_id = ?"
        passages = self._db.execute(query, (document_id,)).fetchone()[0]
        manifest = self.manifest()
        updated = {
            "corpus": add_to_corpus(manifest["corpus"], digest, sign=sign),
            "documents": str(int(manifest["documents"]) + sign),
            "passages": str(int(manifest["passages"]) + sign * passages),
            "revision": str(int(manifest["revision"]) + 1),
        }
        self._db.executemany("UPDATE manifest SET value = ?2 WHERE key = ?1", updated.items())
