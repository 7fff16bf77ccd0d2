"""The embedded engine: a local data folder, with SQLite for documents, and FAISS and BM25 for searching."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np

from wherefrom.index import verify
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.collection.audits import Audit
from wherefrom.index.collection.corrections import CorrectableField, Corrections
from wherefrom.index.collection.document_query import CountedField, DocumentQuery, DocumentSelection, ValueCounts
from wherefrom.index.embedding.paragraph_vectors import embed_marked
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.engine import NO_WORD_FILTERS, Change, Guess, Item, ItemVectors, Progress, Scope, Term
from wherefrom.index.errors import DocumentNotFound, IndexUnusable
from wherefrom.index.search.filters import NO_FILTERS, apply_filters
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.search.snapshot_refresher import SnapshotRefresher
from wherefrom.index.segments import base_store
from wherefrom.index.storage import integrity, schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.catalog_pool import CatalogPool
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.integrity import VerifiedDocuments
from wherefrom.index.storage.leftovers import remove_unfinished
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.storage.writer import Writer, items_to_embed
from wherefrom.index.types import (
    CollectionStatus,
    DocumentSummary,
    Filters,
    Heading,
    IndexInfo,
    Paragraph,
    Precondition,
    PublisherCount,
    Source,
    StoredParagraph,
    StoredText,
    WordFilters,
)

CLOSE_SECONDS = 1.0
"""Maximum time in seconds that `close` waits for a running change."""


class EmbeddedState:
    """A snapshot and a catalog held at the same revision; see `engine.CollectionState`."""

    def __init__(self, snapshot: Snapshot, catalog: Catalog, verified: VerifiedDocuments) -> None:
        self.snapshot = snapshot
        self.info: IndexInfo = snapshot.info
        self.revision: int = snapshot.revision
        self.numbering: object = snapshot
        self.languages: tuple[str, ...] = snapshot.languages
        self._catalog = catalog
        self._verified = verified

    def scope(self, filters: Filters, words: WordFilters = NO_WORD_FILTERS, *, newest_copies: bool = False) -> Scope:
        """Return the scope that the filters allow. Raises UnknownFilterValue, InvalidQuestion."""
        return apply_filters(filters, words, self.snapshot, newest_copies=newest_copies)

    def language(self, row: int) -> str | None:
        """Return the language of the terms of a row, `None` for English."""
        return self.snapshot.language(row)

    def term_weights(self, terms: Collection[Term]) -> dict[str, float]:
        """Return the share of each distinct term in the sum of their inverse document frequencies, by variant."""
        return self.snapshot.bm25.term_weights(terms)

    def select(self, query: DocumentQuery) -> DocumentSelection:
        """Return the documents that a query selects. Raises UnknownFilterValue, InvalidQuestion."""
        allowed = apply_filters(query.filters, NO_WORD_FILTERS, self.snapshot).allowed
        if allowed is None:
            return self._catalog.select(query)
        rows = np.flatnonzero(allowed)
        _, firsts = np.unique(self.snapshot.document_rows[rows], return_index=True)
        return self._catalog.select(query, {self.document_id(int(row)) for row in rows[firsts]})

    def has_prefix(self, prefix: str) -> bool:
        """Return whether any paragraph has a term with this prefix."""
        return self.snapshot.bm25.has_prefix(prefix)

    def terms_in_documents(self, rows: Sequence[int], terms: Sequence[Term]) -> Sequence[frozenset[Term]]:
        """Return for each row which of the terms, or their variants, occur in any paragraph of its document."""
        return self.snapshot.terms_in_documents(np.array(rows, dtype=np.int64), terms)

    def has_terms(self, terms: Sequence[Term]) -> bool:
        """Return whether each of the terms, or one of its variants, occurs in any paragraph."""
        return all(map(self.snapshot.bm25.has, terms))

    def long_forms(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Return the terms of those long forms in a question's English terms that a document abbreviates."""
        return self.snapshot.vocabulary.long_forms(terms)

    def guesses(self, words: Sequence[str]) -> tuple[Guess, ...]:
        """Return a guessed spelling for each distinct word that occurs in no paragraph, where there is one."""
        return self.snapshot.vocabulary.guesses(words)

    def document_number(self, row: int) -> int:
        """Return the number of a row's document; it is the same for all rows of the document."""
        return int(self.snapshot.document_rows[row])

    def document_id(self, row: int) -> str:
        """Return the id of a row's document."""
        return self.snapshot.document_id(row)

    def paragraph_number(self, row: int) -> int:
        """Return the 1-based number of a row's paragraph in its document."""
        return self.snapshot.number(row)

    def document_digest(self, row: int) -> bytes:
        """Return the digest of a row's document."""
        return self.snapshot.document_digest(row)

    def paragraph(self, row: int) -> StoredParagraph:
        """Read a row's paragraph with the source of its document, and check the document. Raises IndexDamaged."""
        document_id = self.document_id(row)
        self._verified.check(self._catalog.connection, document_id, self.document_digest(row).hex())
        with self._catalog.connection.translating_errors():
            return self._catalog.paragraph(document_id, self.paragraph_number(row))

    def source_text(self, document_id: str) -> str:
        """Read the text that a document's offsets refer to. Raises IndexDamaged."""
        with self._catalog.connection.translating_errors():
            return self._catalog.text(document_id)


class EmbeddedEngine:
    """Stores and searches a data folder; see `engine.Engine`. Thread-safe; changes are serialized across processes."""

    def __init__(self, data: Path, catalog: Catalog, embedder: Embedder, *, lock_wait: float) -> None:
        self.data = data
        self._embedder = embedder
        self._catalogs = CatalogPool(data)
        self._catalogs.add(catalog)
        self._verified = VerifiedDocuments()
        self._refresher = SnapshotRefresher(data, embedder.identity, CLEANER_VERSION)
        self._writer: Writer | None = None
        self._writer_turn = threading.RLock()
        self._is_closed = False
        self._lock = WriteLock(data, lock_wait)

    @classmethod
    def open(cls, data: Path, embedder: Embedder, *, lock_wait: float = WAIT_SECONDS) -> Self:
        """Open a data folder, or create an empty one. Raises IndexUnusable or IndexMismatch, with a remedy.

        `lock_wait` is the time limit in seconds for which a change waits for a change of another process.
        """
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexUnusable(f"{data} cannot be a data folder: {error.strerror}") from error
        remove_unfinished(data)
        base_store.check_not_emptied(data)
        catalog = Catalog.open(data / CATALOG, model=embedder.identity, cleaner=CLEANER_VERSION)
        engine = cls(data, catalog, embedder, lock_wait=lock_wait)
        try:
            integrity.check_at_open(catalog.connection)
            engine.refresh()
        except BaseException:
            engine.close()
            raise
        return engine

    def close(self) -> None:
        """Close every connection, and stop a background merge.

        A change that is still being embedded raises IndexUnusable and stores nothing. For one that is being stored,
        `close` waits at most CLOSE_SECONDS.
        """
        self._is_closed = True
        if self._writer_turn.acquire(timeout=CLOSE_SECONDS):
            try:
                self._close_writer()
            finally:
                self._writer_turn.release()
        self._catalogs.close()
        self._refresher.close()

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _check_not_closed(self) -> None:
        if self._is_closed:
            raise IndexUnusable(f"{self.data} was closed")

    @contextmanager
    def state(self) -> Iterator[EmbeddedState]:
        """Hold the current state of the collection."""
        while True:
            with self._catalogs.reader() as catalog:
                snapshot = self._refresher.at(catalog)
                if snapshot is not None:  # otherwise another thread has loaded a newer state
                    yield EmbeddedState(snapshot, catalog, self._verified)
                    return

    def version(self) -> str:
        """Return the generation and revision; after a restore, another collection may have the same revision."""
        with self._catalogs.reader() as catalog:
            manifest = catalog.manifest()
        return f"{schema.generation(manifest)}-{manifest['revision']}"

    def status(self) -> CollectionStatus:
        """Return the counts of the catalog and the snapshot's lag behind it, without loading anything."""
        with self._catalogs.reader() as catalog:
            manifest = catalog.manifest()
            revisions, seconds = self._refresher.lag(catalog)
        return CollectionStatus(
            documents=int(manifest["documents"]),
            passages=int(manifest["passages"]),
            revisions_behind=revisions,
            seconds_behind=seconds,
        )

    def observe_lock_waits(self, observer: Callable[[float], None]) -> None:
        """Call `observer` with the time in seconds that each change waits for other processes."""
        self._lock.observer = observer

    def documents(self, *, after: str = "", limit: int | None = None) -> tuple[DocumentSummary, ...]:
        """Return every document, or at most `limit` with an id above `after`, ordered by id."""
        with self._catalogs.reader() as catalog:
            return tuple(catalog.summaries(after=after, limit=limit))

    def publishers(self) -> tuple[PublisherCount, ...]:
        """Return every publisher with the number of its documents, ordered by name."""
        with self._catalogs.reader() as catalog, catalog.connection.translating_errors():
            return tuple(catalog.publishers())

    def select(self, query: DocumentQuery) -> DocumentSelection:
        """Return the documents that a query selects. Raises UnknownFilterValue, InvalidQuestion."""
        if query.filters != NO_FILTERS:
            with self.state() as state:
                return state.select(query)
        with self._catalogs.reader() as catalog, catalog.connection.translating_errors():
            return catalog.select(query)

    def count_values(self, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None) -> ValueCounts:
        """Return the values of a field that contain all words, each with its number of documents."""
        with self._catalogs.reader() as catalog, catalog.connection.translating_errors():
            return catalog.count_values(name, words=words, limit=limit)

    def count_extra_values(self, *, words: Sequence[str] = (), limit: int | None = None) -> Mapping[str, ValueCounts]:
        """Return the values of each extra field that contain all words, each with its number of documents."""
        with self._catalogs.reader() as catalog, catalog.connection.translating_errors():
            return catalog.count_extra_values(words=words, limit=limit)

    def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        precondition: Precondition | None = None,
    ) -> Change:
        """Correct metadata of a document durably. Raises DocumentNotFound and the errors of the precondition."""
        with self._held_writer() as writer:
            return writer.correct(document_id, values, restored=restored, precondition=precondition)

    def document(self, document_id: str) -> DocumentSummary:
        """Return one document. Raises DocumentNotFound."""
        with self._catalogs.reader() as catalog:
            for summary in catalog.summaries(document_id):
                return summary
        raise DocumentNotFound(document_id)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order. Raises DocumentNotFound, IndexDamaged."""
        with self._catalogs.reader() as catalog:
            self._check(catalog, document_id)
            return catalog.paragraphs(document_id)

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's headings, in order. Raises DocumentNotFound, IndexDamaged."""
        with self._catalogs.reader() as catalog:
            self._check(catalog, document_id)
            return catalog.headings(document_id)

    def raw(self, document_id: str) -> bytes:
        """Return the bytes of a document's source. Raises DocumentNotFound, IndexDamaged."""
        with self._catalogs.reader() as catalog:
            self._check(catalog, document_id)
            return catalog.raw(document_id)

    def sources(self) -> tuple[Source, ...]:
        """Return the source of every document, ordered by id."""
        with self._catalogs.reader() as catalog:
            return tuple(catalog.sources())

    def source(self, document_id: str) -> Source:
        """Return the source of one document. Raises DocumentNotFound."""
        with self._catalogs.reader() as catalog:
            return catalog.source(document_id)

    def text(self, document_id: str) -> str:
        """Return the text that a document's offsets refer to. Raises DocumentNotFound, IndexDamaged."""
        with self._catalogs.reader() as catalog:
            self._check(catalog, document_id)
            return catalog.text(document_id)

    def source_and_text(self, document_id: str) -> tuple[Source, bytes, str]:
        """Return a document's source, bytes and text, of the same state. Raises DocumentNotFound, IndexDamaged."""
        with self._catalogs.reader() as catalog:
            self._check(catalog, document_id)
            return catalog.source(document_id), catalog.raw(document_id), catalog.text(document_id)

    def stored_text(self, document_id: str) -> StoredText:
        """Return a document's source, paragraphs, headings and pages. Raises DocumentNotFound, IndexDamaged."""
        with self._catalogs.reader() as catalog:
            self._check(catalog, document_id)
            return StoredText(
                source=catalog.source(document_id),
                paragraphs=catalog.paragraphs(document_id),
                headings=catalog.headings(document_id),
                pages=catalog.pages(document_id),
            )

    def has(self, document_id: str) -> bool:
        """Return whether there is a document with this id."""
        with self._catalogs.reader() as catalog:
            return catalog.digest(document_id) is not None

    def id_of(self, path: Path) -> str | None:
        """Return the id of the document that was read from a file, or `None`."""
        with self._catalogs.reader() as catalog:
            return catalog.id_of(path)

    def paths(self) -> tuple[Path, ...]:
        """Return the distinct files that documents were read from, ordered by path."""
        with self._catalogs.reader() as catalog:
            return tuple(catalog.paths())

    def ids_from(self, path: Path) -> tuple[str, ...]:
        """Return the ids of all documents that were read from a file, in ascending order."""
        with self._catalogs.reader() as catalog:
            return tuple(catalog.ids_from(path))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock, so that a change may depend on data read before it. Raises IndexLocked."""
        with self._held_writer():
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all changes that this thread makes inside in one durable transaction, or none on an exception."""
        with self._held_writer() as writer, writer.transaction():
            yield

    def embed(self, items: Sequence[Item], *, precondition: Precondition | None = None) -> list[ItemVectors]:
        """Return the vectors of each item for `put`, without the write lock; `None` if the stored ones can be reused.

        If the precondition fails for a stored document, nothing is embedded, and `put` will raise the error. Raises
        IndexUnusable if the engine is closed meanwhile.
        """
        with self._catalogs.reader() as catalog, catalog.connection.translating_errors():
            to_embed = items_to_embed(catalog, items, precondition)
        documents = [document for _, document in items]
        return embed_marked(documents, to_embed, self._embedder, self._check_not_closed)

    def put(
        self,
        items: Sequence[Item],
        vectors: Sequence[ItemVectors],
        *,
        path: Path | None = None,
        precondition: Precondition | None = None,
    ) -> tuple[Change, ...]:
        """Add or replace documents in one durable transaction; `path` is the file that they were read from, if any."""
        check = self._check_not_closed
        with self._held_writer() as writer:
            return tuple(writer.put(items, vectors, path=path, precondition=precondition, check=check))

    def remove(self, document_id: str, *, precondition: Precondition | None = None) -> None:
        """Remove a document durably. Raises DocumentNotFound and the errors of the precondition."""
        with self._held_writer() as writer:
            writer.remove(document_id, precondition=precondition)

    def refresh(self, progress: Progress | None = None) -> None:
        """Update the search structures, and save them if much has changed since they were last saved."""
        with self._catalogs.reader() as catalog:
            self._refresher.save(catalog, progress)

    def wait_until_searchable(self, seconds: float) -> None:
        """Return at once: the next question loads the stored state."""

    def verify(self, progress: Progress | None = None) -> Audit:
        """Re-read every source and check every citation that the index can give."""
        with self._catalogs.reader() as catalog:
            return verify.verify_catalog(catalog, progress, check=lambda: integrity.check(catalog.connection))

    def verify_document(self, document_id: str) -> Audit:
        """Re-read one source and check every citation of it. Raises DocumentNotFound, IndexDamaged."""
        with self._catalogs.reader() as catalog:
            return verify.verify_document(
                catalog, document_id, check=lambda: integrity.check_document(catalog.connection, document_id)
            )

    @contextmanager
    def _held_writer(self) -> Iterator[Writer]:
        """Hold the write lock and yield the writer, which is opened at the first change."""
        with self._writer_turn, self._lock.held():
            self._check_not_closed()
            self._catalogs.check_open()
            if self._writer is None:
                self._writer = Writer(Catalog(Connection(self.data / CATALOG)), self._embedder)
            try:
                with self._writer.translating_errors():
                    self._writer.check(CLEANER_VERSION)
                    yield self._writer
            finally:
                if self._is_closed:  # `close` did not wait for this change
                    self._close_writer()

    def _check(self, catalog: Catalog, document_id: str) -> None:
        """Compare a document with its digest before its text is shown. Raises DocumentNotFound, IndexDamaged."""
        digest = catalog.digest(document_id)
        if digest is None:
            raise DocumentNotFound(document_id)
        self._verified.check(catalog.connection, document_id, digest)
