"""The cluster engine: PostgreSQL for documents, Milvus for searching; see `engine.Engine`.

An instance has no state that another instance needs. A change is durable when PostgreSQL has committed it; questions
are answered from the newest revision that Milvus holds completely, and any instance may bring Milvus up to date.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from wherefrom.index import verify
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cluster.bm25 import Bm25
from wherefrom.index.cluster.candidates import Searched
from wherefrom.index.cluster.database import integrity
from wherefrom.index.cluster.database.catalog import ClusterCatalog
from wherefrom.index.cluster.database.connections import SessionPool, translating_errors
from wherefrom.index.cluster.database.migrations import create_collection, migrate
from wherefrom.index.cluster.database.statistics import totals_at
from wherefrom.index.cluster.filters import EVERYTHING, Visible, condition_of
from wherefrom.index.cluster.indexer import Indexer, current_build
from wherefrom.index.cluster.milvus import ONE_SHARD, Layout, Milvus
from wherefrom.index.cluster.served import read_served
from wherefrom.index.cluster.state import NO_FILTERS, ClusterState, Shared
from wherefrom.index.collection.audits import Audit
from wherefrom.index.collection.corrections import CorrectableField, Corrections
from wherefrom.index.collection.document_query import CountedField, DocumentQuery, DocumentSelection, ValueCounts
from wherefrom.index.embedding.paragraph_vectors import embed_marked
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.engine import Change, Item, ItemVectors, Progress
from wherefrom.index.errors import DocumentNotFound, EngineUnavailable, IndexUnusable
from wherefrom.index.storage import schema
from wherefrom.index.storage.write_lock import WAIT_SECONDS
from wherefrom.index.storage.writer import Writer, items_to_embed
from wherefrom.index.types import (
    CollectionStatus,
    DocumentSummary,
    Heading,
    Paragraph,
    Precondition,
    PublisherCount,
    Source,
    StoredText,
)

WRITE_LOCK = "write"
REFRESH_SECONDS = 600.0
"""Time for which `refresh` waits for the next revision in Milvus while another instance brings Milvus up to date."""
WAIT_STEP_SECONDS = 0.02
OPEN_SECONDS = 10.0
"""Time for which opening waits until Milvus holds all stored documents; the first opening creates its collections."""


class ClusterEngine:
    """Stores and searches a collection in PostgreSQL and Milvus. Thread-safe; many processes may have it open."""

    def __init__(self, dsn: str, milvus_uri: str, embedder: Embedder, *, lock_wait: float, layout: Layout) -> None:
        self._embedder = embedder
        self._lock_wait = lock_wait
        self._pool = SessionPool(dsn)
        self._milvus = Milvus(milvus_uri, layout)
        self._indexer = Indexer(dsn, self._milvus)
        self._shared = Shared.empty()
        self._dsn = dsn
        self._writer_turn = threading.RLock()
        self._held: Writer | None = None
        self._observer: Callable[[float], None] = lambda _seconds: None
        self._is_closed = False

    @classmethod
    def open(
        cls,
        dsn: str,
        milvus_uri: str,
        embedder: Embedder,
        *,
        lock_wait: float = WAIT_SECONDS,
        layout: Layout = ONE_SHARD,
    ) -> Self:
        """Open the collection of a database, or create an empty one, and bring Milvus up to date in the background.

        New collections of Milvus get the layout. Raises EngineUnavailable, IndexUnusable or IndexMismatch.
        """
        engine = cls(dsn, milvus_uri, embedder, lock_wait=lock_wait, layout=layout)
        try:
            with engine._pool.session() as session:
                migrate(session)
                create_collection(session, embedder.identity, CLEANER_VERSION)
                manifest = ClusterCatalog(session).manifest()
                schema.check_manifest(manifest, session.path, embedder.identity, CLEANER_VERSION)
        except BaseException:
            engine.close()
            raise
        with suppress(EngineUnavailable):  # the thread goes on trying
            engine.wait_until_searchable(OPEN_SECONDS)
        engine._indexer.start()
        return engine

    def close(self) -> None:
        """Close every connection, and stop bringing Milvus up to date."""
        self._is_closed = True
        self._indexer.close()
        self._pool.close()

    @contextmanager
    def state(self) -> Iterator[ClusterState]:
        """Hold the newest revision that Milvus holds completely. Raises EngineUnavailable before there is one."""
        with self._pool.reader() as session, translating_errors():
            served = read_served(session.db)
            if served is None:
                self._indexer.wake()
                raise EngineUnavailable("Milvus", "its collections do not exist yet")
            known = self._shared.revisions.of(served.totals)
            searched = Searched(
                db=session.db,
                milvus=self._milvus,
                build=served.build,
                written=served.written,
                cache=self._shared.rows,
                bm25=Bm25(session.db, known.statistics),
                visible=Visible(revision=served.revision),
                dead=served.dead,
            )
            yield ClusterState(searched, self._shared, known, served.info)

    def version(self) -> str:
        """Return the generation, the revision, and the revision that questions are answered from."""
        with self._reading() as catalog:
            manifest = catalog.manifest()
            build = current_build(catalog.connection.db)
        return f"{schema.generation(manifest)}-{manifest['revision']}-{build.served if build else 0}"

    def status(self) -> CollectionStatus:
        """Return the number of stored documents and passages, and how far Milvus is behind."""
        with self._reading() as catalog:
            db = catalog.connection.db
            totals, build = totals_at(db), current_build(db)
            served = build.served if build else 0
            query = """SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)
                FROM changes WHERE revision > %s"""
            revisions, seconds = db.execute(query, (served,)).fetchone() or (0, 0)
        return CollectionStatus(
            documents=totals.documents,
            passages=totals.passages,
            revisions_behind=int(revisions),
            seconds_behind=max(float(seconds), 0.0),
        )

    def observe_lock_waits(self, observer: Callable[[float], None]) -> None:
        """Call `observer` with the time, in seconds, for which each change waited for other processes."""
        self._observer = observer

    def documents(self, *, after: str = "", limit: int | None = None) -> tuple[DocumentSummary, ...]:
        """Return every document, or at most `limit` with an id above `after`, ordered by id."""
        with self._reading() as catalog:
            return tuple(catalog.summaries(after=after, limit=limit))

    def publishers(self) -> tuple[PublisherCount, ...]:
        """Return every publisher with the number of its documents, ordered by name."""
        with self._reading() as catalog:
            return tuple(catalog.publishers())

    def select(self, query: DocumentQuery) -> DocumentSelection:
        """Return the documents that a query selects. Raises UnknownFilterValue, InvalidQuestion."""
        with self._reading() as catalog:
            condition = EVERYTHING
            if query.filters != NO_FILTERS:
                db = catalog.connection.db
                condition, _ = condition_of(db, query.filters, Visible(revision=totals_at(db).revision))
            return catalog.select(query, condition.sql, condition.values)

    def count_values(self, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None) -> ValueCounts:
        """Return the values of a field that hold all of the words, with the number of their documents."""
        with self._reading() as catalog:
            return catalog.count_values(name, words=words, limit=limit)

    def count_extra_values(self, *, words: Sequence[str] = (), limit: int | None = None) -> Mapping[str, ValueCounts]:
        """Return the values of each extra field that hold all of the words, with the number of their documents."""
        with self._reading() as catalog:
            return catalog.count_extra_values(words=words, limit=limit)

    def document(self, document_id: str) -> DocumentSummary:
        """Return one document. Raises DocumentNotFound."""
        with self._reading() as catalog:
            for summary in catalog.summaries(document_id):
                return summary
        raise DocumentNotFound(document_id)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order. Raises DocumentNotFound, IndexDamaged."""
        with self._reading(document_id) as catalog:
            return catalog.paragraphs(document_id)

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's headings, in order. Raises DocumentNotFound, IndexDamaged."""
        with self._reading(document_id) as catalog:
            return catalog.headings(document_id)

    def raw(self, document_id: str) -> bytes:
        """Return the bytes of a document's source. Raises DocumentNotFound, IndexDamaged."""
        with self._reading(document_id) as catalog:
            return catalog.raw(document_id)

    def sources(self) -> tuple[Source, ...]:
        """Return where every document came from, ordered by id."""
        with self._reading() as catalog:
            return tuple(catalog.sources())

    def source(self, document_id: str) -> Source:
        """Return where one document came from. Raises DocumentNotFound."""
        with self._reading() as catalog:
            return catalog.source(document_id)

    def text(self, document_id: str) -> str:
        """Return the text in which a document's offsets count. Raises DocumentNotFound, IndexDamaged."""
        with self._reading(document_id) as catalog:
            return catalog.text(document_id)

    def source_and_text(self, document_id: str) -> tuple[Source, bytes, str]:
        """Return a document's source, its bytes and its text, of one state. Raises DocumentNotFound, IndexDamaged."""
        with self._reading(document_id) as catalog:
            return catalog.source(document_id), catalog.raw(document_id), catalog.text(document_id)

    def stored_text(self, document_id: str) -> StoredText:
        """Return a document's source and text, of the same state. Raises DocumentNotFound, IndexDamaged."""
        with self._reading(document_id) as catalog:
            return StoredText(
                source=catalog.source(document_id),
                paragraphs=catalog.paragraphs(document_id),
                headings=catalog.headings(document_id),
                pages=catalog.pages(document_id),
            )

    def has(self, document_id: str) -> bool:
        """Return whether there is a document with this id."""
        with self._reading() as catalog:
            return catalog.digest(document_id) is not None

    def id_of(self, path: Path) -> str | None:
        """Return the id of the document that was read from a file, or `None`."""
        with self._reading() as catalog:
            return catalog.id_of(path)

    def paths(self) -> tuple[Path, ...]:
        """Return every file that documents were read from, once, ordered by its path."""
        with self._reading() as catalog:
            return tuple(catalog.paths())

    def ids_from(self, path: Path) -> tuple[str, ...]:
        """Return the ids of all documents that were read from a file, ordered."""
        with self._reading() as catalog:
            return tuple(catalog.ids_from(path))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out, so that writes may depend on earlier reads. Raises IndexLocked."""
        with self._writer():
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes that this thread makes inside in one durable transaction, or none of them."""
        with self._writer() as writer, writer.transaction():
            yield

    def embed(self, items: Sequence[Item], *, precondition: Precondition | None = None) -> list[ItemVectors]:
        """Return the vectors that `put` will store, without the write lock; `None` where it will need none."""
        with self._reading() as catalog:
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
        """Add or replace documents in one durable transaction; `path` is the file that holds them, if there is one."""
        check = self._check_not_closed
        with self._writer() as writer:
            return tuple(writer.put(items, vectors, path=path, precondition=precondition, check=check))

    def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        precondition: Precondition | None = None,
    ) -> Change:
        """Correct metadata of a document durably. Raises DocumentNotFound, and what the precondition raises."""
        with self._writer() as writer:
            return writer.correct(document_id, values, restored=restored, precondition=precondition)

    def remove(self, document_id: str, *, precondition: Precondition | None = None) -> None:
        """Remove a document durably. Raises DocumentNotFound, and what the precondition raises."""
        with self._writer() as writer:
            writer.remove(document_id, precondition=precondition)

    def refresh(self, progress: Progress | None = None) -> None:
        """Wait until Milvus holds everything that is stored now, and do part of the work. Raises EngineUnavailable.

        It waits as long as Milvus makes progress: a large collection may take hours.
        """
        self._wait_until_searchable(REFRESH_SECONDS, is_for_each_revision=True)
        if progress is not None:
            progress(1, 1)

    def wait_until_searchable(self, seconds: float) -> None:
        """Wait until Milvus holds everything that is stored now, and do part of the work.

        Raises EngineUnavailable after `seconds`, or if Milvus or PostgreSQL cannot be reached.
        """
        self._wait_until_searchable(seconds, is_for_each_revision=False)

    def _wait_until_searchable(self, seconds: float, *, is_for_each_revision: bool) -> None:
        with self._reading() as catalog:
            wanted = totals_at(catalog.connection.db).revision
        deadline = time.monotonic() + seconds
        reached = -1
        while (served := self._served()) < wanted:
            if is_for_each_revision and served > reached:
                reached, deadline = served, time.monotonic() + seconds
            if time.monotonic() > deadline:
                raise EngineUnavailable("Milvus", f"it does not hold all stored documents after {seconds:g} seconds")
            if not self._indexer.step():
                time.sleep(WAIT_STEP_SECONDS)

    def verify(self, progress: Progress | None = None) -> Audit:
        """Re-read every source and check every citation that the index can give."""
        with self._pool.session() as session:
            return verify.verify_catalog(ClusterCatalog(session), progress, check=lambda: integrity.check(session))

    def verify_document(self, document_id: str) -> Audit:
        """Re-read one source and check every citation of it. Raises DocumentNotFound, IndexDamaged."""
        with self._pool.session() as session:
            catalog = ClusterCatalog(session)
            return verify.verify_document(
                catalog,
                document_id,
                check=lambda: integrity.check_document(session.db, catalog.version(document_id)),
            )

    @contextmanager
    def _reading(self, document_id: str | None = None) -> Iterator[ClusterCatalog]:
        """Hold the last revision; check the document `document_id`, if given. Raises DocumentNotFound, IndexDamaged."""
        with self._pool.reader() as session, translating_errors():
            catalog = ClusterCatalog(session)
            if document_id is not None:
                self._shared.verified.check(session.db, catalog.version(document_id))
            yield catalog

    @contextmanager
    def _writer(self) -> Iterator[Writer]:
        """Hold the write lock, in a connection of its own; nested holders share it."""
        with self._writer_turn:
            self._check_not_closed()
            if self._held is not None:
                yield self._held
                return
            with self._pool.session() as session:
                started = time.monotonic()
                session.lock(WRITE_LOCK, self._lock_wait)
                self._observer(time.monotonic() - started)
                try:
                    self._held = Writer(ClusterCatalog(session), self._embedder)
                    with translating_errors():
                        self._held.check(CLEANER_VERSION)
                        yield self._held
                finally:
                    self._held = None
                    session.roll_back()
                    session.unlock(WRITE_LOCK)
                    self._indexer.wake()

    def _served(self) -> int:
        """Return the revision that Milvus holds completely, -1 if there is none."""
        with self._reading() as catalog:
            build = current_build(catalog.connection.db)
        return -1 if build is None else build.served

    def _check_not_closed(self) -> None:
        if self._is_closed:
            raise IndexUnusable("the collection was closed")
