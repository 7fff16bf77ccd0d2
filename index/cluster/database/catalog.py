"""The documents in PostgreSQL, with the methods of `storage.catalog.Catalog` that writing and checking need.

One connection, for one thread at a time. Reading methods read the last revision, or the one of the snapshot that the
connection holds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wherefrom.index.cluster.database import document_rows, fields, lists
from wherefrom.index.cluster.database.connections import Session
from wherefrom.index.cluster.database.document_rows import CURRENT, SOURCE, path_bytes, path_of
from wherefrom.index.cluster.database.statistics import Change, number_terms, totals_at
from wherefrom.index.cluster.milvus import MAX_KEYS
from wherefrom.index.collection.corrections import Corrections, corrected
from wherefrom.index.collection.document_query import CountedField, DocumentQuery, DocumentSelection, ValueCounts
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors
from wherefrom.index.errors import DocumentNotFound, SourceRejected
from wherefrom.index.extraction import ExtractedPage
from wherefrom.index.segments.postings import MAX_TERM_COUNT
from wherefrom.index.segments.row_terms import analyze_rows, text_key
from wherefrom.index.segments.word_sequences import word_hash
from wherefrom.index.storage import extractions, rows, serialization
from wherefrom.index.storage.digests import stored_digest
from wherefrom.index.types import (
    Document,
    DocumentSummary,
    Dropped,
    Heading,
    Metadata,
    Paragraph,
    PublisherCount,
    Source,
)

VERSION_COLUMNS = (
    "document_id, born, source, path, source_sha256, encoding, errors, media_type, extraction, given, metadata,"
    " headings, dropped, digest, vectors_sha256, raw, passages, sentences, terms, language, published, keys, searched,"
    " sort_title, sort_publisher, sort_published"
)
KEY_BYTES = 8
PAGE_IDS = 1_000
"""Number of ids that are read at a time."""


class ClusterCatalog:
    """One connection to the documents."""

    def __init__(self, connection: Session) -> None:
        self.connection = connection
        self._db = connection.db
        self._change: Change | None = None

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def manifest(self) -> Mapping[str, str]:
        """Return the model, cleaner version, corpus hash, counts and revision of the collection, as strings."""
        query = "SELECT model, model_sha256, model_files, dimension, cleaner FROM collection"
        row = self._db.execute(query).fetchone() or ("", "", "{}", 0, "")
        totals = totals_at(self._db)
        return {
            "model": row[0],
            "model_sha256": row[1],
            "model_files": row[2],
            "dimension": str(row[3]),
            "cleaner": row[4],
            "corpus": totals.corpus,
            "documents": str(totals.documents),
            "passages": str(totals.passages),
            "revision": str(totals.revision),
        }

    def digest(self, document_id: str) -> str | None:
        """Return the digest of a document's contents, `None` if there is no such document."""
        row = self._find("digest", document_id)
        return None if row is None else str(row[0])

    def digest_and_path(self, document_id: str) -> tuple[str, Path | None] | None:
        """Return a document's digest and the file that it was read from, `None` if there is no such document."""
        row = self._find("digest, path", document_id)
        path = row and path_of(row[1])
        return row and (str(row[0]), Path(path) if path else None)

    def ids(self) -> Iterator[str]:
        """Yield the id of every document, ordered; the caller must hold a snapshot during the iteration."""
        query = f"SELECT document_id FROM versions WHERE {CURRENT} AND document_id > %s ORDER BY document_id LIMIT %s"  # noqa: S608
        after = ""
        while page := self._db.execute(query.encode(), (after, PAGE_IDS)).fetchall():
            yield from (str(row[0]) for row in page)
            after = page[-1][0]

    def sources(self) -> Iterator[Source]:
        """Yield where every document came from, ordered by id."""
        query = f"SELECT {SOURCE} FROM versions WHERE {CURRENT} ORDER BY document_id"  # noqa: S608 - constants
        return map(document_rows.source_of, self._db.execute(query))

    def source(self, document_id: str) -> Source:
        """Return where one document came from. Raises DocumentNotFound."""
        return document_rows.source_of(self._document(SOURCE, document_id))

    def raw(self, document_id: str) -> bytes:
        """Return the bytes of a source as they were given. Raises DocumentNotFound."""
        return bytes(self._document("raw", document_id)[0])

    def text(self, document_id: str) -> str:
        """Return the text in which the offsets of a document count. Raises DocumentNotFound."""
        return document_rows.text(self._db, self.version(document_id))

    def pages(self, document_id: str) -> tuple[ExtractedPage, ...]:
        """Return the pages of a document, in order; none if its format has none. Raises DocumentNotFound."""
        return document_rows.pages(self._db, self.version(document_id))

    def version(self, document_id: str) -> int:
        """Return the version of a document. Raises DocumentNotFound."""
        return int(self._document("version", document_id)[0])

    def summaries(
        self, document_id: str | None = None, *, after: str = "", limit: int | None = None
    ) -> Iterator[DocumentSummary]:
        """Yield the summaries of at most `limit` documents with an id above `after`, or of one, ordered by id."""
        if document_id is not None and not document_rows.can_be_id(document_id):
            return iter(())
        condition = f"{CURRENT} AND document_id > %s AND (%s::text IS NULL OR document_id = %s)"
        limited = f"version IN (SELECT version FROM versions WHERE {condition} ORDER BY document_id LIMIT %s)"  # noqa: S608
        return document_rows.summaries(self._db, limited, (after, document_id, document_id, limit))

    def publishers(self) -> Iterator[PublisherCount]:
        """Yield every publisher with the number of its documents, ordered by name."""
        counts = lists.count_values(self._db, "publisher")
        by_name = sorted(counts.values, key=lambda each: each.value)
        return (PublisherCount(publisher=each.value, documents=each.documents) for each in by_name)

    def select(self, query: DocumentQuery, condition: str = "true", values: Sequence[object] = ()) -> DocumentSelection:
        """Return the documents that a query selects among those that meet a condition on versions."""
        return lists.select(self._db, query, condition, values)

    def count_values(self, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None) -> ValueCounts:
        """Return the values of a field that hold all of the words, with the number of their documents."""
        return lists.count_values(self._db, name, words=words, limit=limit)

    def count_extra_values(self, *, words: Sequence[str] = (), limit: int | None = None) -> Mapping[str, ValueCounts]:
        """Return the values of each extra field that hold all of the words, with the number of their documents."""
        return lists.count_extra_values(self._db, words=words, limit=limit)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order; none for an unknown document."""
        row = self._find("version", document_id)
        return document_rows.paragraphs(self._db, row[0]) if row else ()

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's headings, in order. Raises DocumentNotFound."""
        return serialization.load_headings(self._document("headings", document_id)[0])

    def dropped(self, document_id: str) -> tuple[Dropped, ...]:
        """Return the ranges of a source that cleaning dropped. Raises DocumentNotFound."""
        return serialization.load_dropped(self._document("dropped", document_id)[0])

    def id_of(self, path: Path) -> str | None:
        """Return the id of the document that was read from a file, or `None`."""
        return next(self.ids_from(path), None)

    def paths(self) -> Iterator[Path]:
        """Yield every file that documents were read from, once, ordered by its path."""
        query = f"SELECT DISTINCT path FROM versions WHERE {CURRENT} AND path IS NOT NULL ORDER BY path"  # noqa: S608
        return (Path(path_of(row[0]) or "") for row in self._db.execute(query))

    def ids_from(self, path: Path) -> Iterator[str]:
        """Yield the ids of all documents that were read from a file, ordered."""
        query = f"SELECT document_id FROM versions WHERE {CURRENT} AND path = %s ORDER BY document_id"  # noqa: S608
        return (str(row[0]) for row in self._db.execute(query, (path_bytes(path),)))

    def metadata(self, document_id: str) -> Metadata:
        """Return the metadata of a document. Raises DocumentNotFound."""
        return serialization.load_metadata(self._document("metadata", document_id)[0])

    def corrections(self, document_id: str) -> tuple[Corrections, Metadata] | None:
        """Return the corrections of a document and its metadata without them; `None` if it has none."""
        query = "SELECT corrected, read FROM corrections WHERE document_id = %s"
        row = self._db.execute(query, (document_id,)).fetchone()
        return row and (serialization.load_corrections(row[0]), serialization.load_metadata(row[1]))

    def vectors(self, document_id: str) -> DocumentVectors:
        """Return the stored vectors of a document's paragraphs, in order. Raises DocumentNotFound."""
        stored = document_rows.stored_vectors(self._db, self.version(document_id))
        return [rows.vectors_of(*row) for row in stored]

    def put(
        self, document_id: str, document: Document, digest: str, vectors: DocumentVectors, *, path: Path | None
    ) -> None:
        """Add or replace a document with this digest and its paragraphs' vectors, in one transaction."""
        columns = (
            document.source.encode(),
            path_bytes(path),
            *rows.document_columns(document, digest, vectors),
        )
        stored = [
            (number, text, place, *each.stored())
            for (number, text, place), each in zip(
                ((p.number, p.text, serialization.dump_place(p)) for p in document.paragraphs), vectors, strict=True
            )
        ]
        extraction = document.extraction
        extracted = None if extraction is None else (extraction.text.encode(), extractions.page_rows(extraction))
        with self.connection.transaction():
            self._delete(document_id)
            self._add(document_id, columns, document.metadata, stored, extracted)

    def correct(self, document_id: str, corrections: Corrections, read_metadata: Metadata) -> None:
        """Store a new version of a document with all its corrections, and its metadata with and without them.

        Raises DocumentNotFound.
        """
        metadata = corrected(read_metadata, corrections)
        dumped = serialization.dump_metadata(metadata)
        with self.connection.transaction() as db:
            row = self._document(
                "version, source, path, source_sha256, encoding, errors, media_type, extraction, given, headings,"
                " dropped, digest, vectors_sha256, raw",
                document_id,
            )
            version, source, path, *identity, extraction, given, headings, dropped, digest, vectors_sha256, raw = row
            paragraphs = document_rows.paragraph_columns(db, version)
            pages = document_rows.page_rows(db, version)
            new_digest = stored_digest(
                [document_id, source.decode(), *identity, given],
                dumped,
                headings,
                paragraphs,
                None if extraction is None else (extraction, pages),
            )
            db.execute("DELETE FROM corrections WHERE document_id = %s", (document_id,))
            if corrections:
                values = (document_id, serialization.dump_corrections(corrections))
                db.execute(
                    "INSERT INTO corrections VALUES (%s, %s, %s)",
                    (*values, serialization.dump_metadata(read_metadata)),
                )
            if new_digest == digest:
                return
            columns = (
                *(source, path, *identity, extraction, given, dumped),
                *(headings, dropped, new_digest, vectors_sha256, raw),
            )
            stored = [
                (*paragraph, *each)
                for paragraph, each in zip(paragraphs, document_rows.stored_vectors(db, version), strict=True)
            ]
            text = db.execute("SELECT text FROM extracted_texts WHERE version = %s", (version,)).fetchone()
            self._delete(document_id)
            self._add(document_id, columns, metadata, stored, text and (text[0], pages))

    def set_read_metadata(self, document_id: str, metadata: Metadata) -> None:
        """Store the metadata that a corrected document has without its corrections."""
        with self.connection.transaction() as db:
            dumped = serialization.dump_metadata(metadata)
            db.execute("UPDATE corrections SET read = %s WHERE document_id = %s", (dumped, document_id))

    def remove(self, document_id: str) -> None:
        """Remove a document and its corrections. Raises DocumentNotFound."""
        with self.connection.transaction() as db:
            if not self._delete(document_id):
                raise DocumentNotFound(document_id)
            db.execute("DELETE FROM corrections WHERE document_id = %s", (document_id,))

    def _find(self, columns: str, document_id: str) -> tuple[Any, ...] | None:
        if not document_rows.can_be_id(document_id):
            return None
        query = f"SELECT {columns} FROM versions WHERE document_id = %s AND {CURRENT}"  # noqa: S608 - our own columns
        return self._db.execute(query.encode(), (document_id,)).fetchone()

    def _document(self, columns: str, document_id: str) -> tuple[Any, ...]:
        row = self._find(columns, document_id)
        if row is None:
            raise DocumentNotFound(document_id)
        return row

    def _changing(self) -> Change:
        """Return the change that the transaction makes."""
        if self._change is None:
            self._change = Change(self.connection)
            self.connection.at_end(self._forget_change)
        return self._change

    def _forget_change(self) -> None:
        self._change = None

    def _add(
        self,
        document_id: str,
        columns: Sequence[object],
        metadata: Metadata,
        stored: Sequence[tuple[int, str, str, bytes, bytes, bytes]],
        extracted: tuple[bytes, Sequence[extractions.PageRow]] | None,
    ) -> None:
        """Add a version of a document; its columns are those from `source` to `raw`."""
        change = self._changing()
        language, analyzed = analyze_rows([text for _, text, *_ in stored])
        numbers = number_terms(self._db, {term for each in analyzed for term in each.counts})
        keys = fields.hashed_keys(metadata)
        if len(keys) > MAX_KEYS:
            raise SourceRejected(document_id, f"its metadata has over {MAX_KEYS:,} values and words that filters use")
        length = sum(each.length for each in analyzed)
        sentences = sum(len(vectors) // len(vector) for *_, vector, vectors, _ in stored)
        values = (
            *(document_id, change.revision, *columns, len(stored), sentences, length, language),
            *(fields.published_ordinal(metadata), list(keys)),
            fields.searched_text(document_id, bytes(columns[0]).decode(), metadata),  # type: ignore[call-overload]
            *fields.sort_keys(metadata),
        )
        places = ", ".join(["%s"] * len(values))
        query = f"INSERT INTO versions ({VERSION_COLUMNS}) VALUES ({places}) RETURNING version"  # noqa: S608
        (version,) = self._db.execute(query.encode(), values).fetchone() or (0,)
        self._insert_fields(version, metadata)
        if extracted is not None:
            extracted_text, pages = extracted
            self._db.execute("INSERT INTO extracted_texts VALUES (%s, %s)", (version, extracted_text))
            self._insert_many("pages", 5, [(version, *page) for page in pages])
        query = "UPDATE collection SET next_paragraph = next_paragraph + %s RETURNING next_paragraph - %s"
        (first,) = self._db.execute(query.encode(), (len(stored), len(stored))).fetchone() or (0,)
        paragraphs, vectors = [], []
        for at, ((number, text, place, *blobs), row) in enumerate(zip(stored, analyzed, strict=True), first):
            counts = sorted((numbers[term], min(count, MAX_TERM_COUNT)) for term, count in row.counts.items())
            change.count_terms((each for each, _ in counts), sign=1)
            words = b"".join(word_hash(word).to_bytes(KEY_BYTES, "little") for word in row.words)
            signed_key = int.from_bytes(text_key(text).to_bytes(KEY_BYTES), signed=True)
            paragraphs.append(
                (
                    *(at, version, number, text.encode(), place, row.length, signed_key, words),
                    *([each for each, _ in counts], [count for _, count in counts]),
                )
            )
            vectors.append((at, *blobs))
        self._insert_many("paragraphs", 10, paragraphs)
        self._insert_many("vectors", 4, vectors)
        change.count(document_id, str(columns[11]), passages=len(stored), terms=length, sign=1)
        change.count_fields(keys, sign=1)

    def _insert_fields(self, version: int, metadata: Metadata) -> None:
        self._insert_many("version_values", 3, [(version, *each) for each in fields.listed_values(metadata)])
        self._insert_many("version_numbers", 4, [(version, *each) for each in fields.numbers(metadata)])

    def _insert_many(self, table: str, columns: int, values: Sequence[Sequence[object]]) -> None:
        if values:
            places = ", ".join(["%s"] * columns)
            with self._db.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} VALUES ({places})".encode(), values)  # noqa: S608

    def _delete(self, document_id: str) -> bool:
        """End the current version of a document, and return whether there was one.

        A version that was added in the same transaction is deleted, since no reader has seen it.
        """
        row = self._find("version, born, digest, passages, terms, metadata", document_id)
        if row is None:
            return False
        version, born, digest, passages, terms, metadata = row
        change = self._changing()
        counts: Counter[int] = Counter()
        for (numbers,) in self._db.execute("SELECT terms FROM paragraphs WHERE version = %s", (version,)):
            counts.update(numbers)
        change.count_terms(counts.elements(), sign=-1)
        change.count_fields(fields.hashed_keys(serialization.load_metadata(metadata)), sign=-1)
        change.count(document_id, digest, passages=passages, terms=terms, sign=-1)
        if born == change.revision:
            self._db.execute("DELETE FROM versions WHERE version = %s", (version,))
        else:
            self._db.execute("UPDATE versions SET died = %s WHERE version = %s", (change.revision, version))
        return True
