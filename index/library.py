"""The front door: open a data folder, put documents in, ask, and check what was cited."""

import dataclasses
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Self

from index import answers, citations, integrity, questions
from index import filters as filtering
from index.audit import Progress, audit
from index.catalog import CATALOG, Catalog
from index.confidence import Calibration
from index.database import Database
from index.embedder import Embedder
from index.errors import DocumentNotFound, IndexUnusable
from index.passages import Examined, choose, examine
from index.reading import CLEANER_VERSION
from index.records import Source
from index.refresher import Refresher
from index.retrieval import Order, encode, rank
from index.snapshot import Snapshot
from index.types import (
    Answer,
    Audit,
    Claim,
    Document,
    DocumentSummary,
    Filters,
    Hit,
    IndexInfo,
    Paragraph,
    Verdict,
)
from index.writer import Change, Item, Writer

TOGETHER = 64
LONGEST_RANKED = 1_000_000
EVERYTHING = Filters()


class Library:
    """A collection on disk. Many threads may ask at once; writes take turns."""

    def __init__(self, data: Path, embedder: Embedder, threshold: float | None = None) -> None:
        """Open what `open` has checked."""
        self.data = data
        self._embedder = embedder
        self._calibration = Calibration.load()
        self._threshold = self._calibration.threshold if threshold is None else threshold
        self._readers: queue.LifoQueue[Catalog] = queue.LifoQueue()
        self._writer: Writer | None = None
        self._writing = threading.Lock()
        self._refresher = Refresher(data, embedder.identity, CLEANER_VERSION)
        self._closed = False
        self._file = _identity(data / CATALOG)

    @classmethod
    def open(cls, data: Path, *, embedder: Embedder, threshold: float | None = None) -> Self:
        """Open a data folder, or make an empty one. Raises IndexUnusable or IndexMismatch, saying what to run."""
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexUnusable(f"{data} cannot be a data folder: {error.strerror}") from error
        catalog = Catalog.open(data / CATALOG, model=embedder.identity, cleaner=CLEANER_VERSION)
        library = cls(data, embedder, threshold)
        try:
            integrity.check_at_open(catalog.database)
        finally:
            library._readers.put(catalog)
        library.refresh()
        return library

    def close(self) -> None:
        """Close every connection and give back the right to write."""
        with self._writing:
            self._closed = True
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self._refresher.close()
        self._close_readers()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def put(
        self, document_id: str, document: Document, raw: bytes, *, path: Path | None = None, if_match: str | None = None
    ) -> Change:
        """Add or replace one document, durable when this returns; equal contents cost no embedding.

        Raises PreconditionFailed where `if_match` is given and is not the `etag` of the document that is stored.
        """
        with self._write() as writer:
            return writer.put(document_id, document, raw, path=path, if_match=if_match)

    def put_batch(self, items: Sequence[Item], *, path: Path | None = None) -> tuple[Change, ...]:
        """Add or replace documents, embedded together and durable together; what became of each, in order.

        `path` is the file that holds them all, if one does.
        """
        with self._write() as writer:
            return tuple(writer.put_many(items, path=path))

    def put_many(self, items: Iterable[Item], progress: Callable[[int], None] | None = None) -> None:
        """Add or replace any number of documents, some at a time in one transaction."""
        remaining = iter(items)
        while batch := list(islice(remaining, TOGETHER)):
            self.put_batch(batch)
            if progress:
                progress(len(batch))

    def remove(self, document_id: str, *, if_match: str | None = None) -> None:
        """Remove one document, durable when this returns. Raises DocumentNotFound, and PreconditionFailed as `put`."""
        with self._write() as writer:
            writer.remove(document_id, if_match=if_match)

    def ask(
        self,
        question: str,
        *,
        top_k: int = 5,
        filters: Filters = EVERYTHING,
        max_per_document: int | None = None,
        explain: bool = False,
    ) -> Answer:
        """Answer a question from the collection as it is now. Raises InvalidQuestion, UnknownFilterValue."""
        started = time.perf_counter()
        asked = questions.check_question(question)
        questions.check_limits(top_k, max_per_document)
        query = encode(asked, self._embedder)
        with self._read() as (catalog, snapshot):
            allowed, warnings = filtering.apply_filters(filters, snapshot)
            ranking = rank(snapshot, query, allowed=allowed)
            chosen = choose(ranking, snapshot, top_k, max_per_document)
            answer = answers.answer(
                question,
                list(examine(chosen, snapshot, catalog, query, allowed)),
                catalog,
                calibration=self._calibration,
                threshold=self._threshold,
                explain=explain,
                info=snapshot.info,
                warnings=warnings,
            )
        return dataclasses.replace(answer, took_ms=(time.perf_counter() - started) * 1000)

    def rank(self, question: str, *, top_k: int, order: Order = "fused") -> Sequence[Hit]:
        """The ranking alone, for measuring; `lexical` and `dense` are the baselines. Questions may be whole texts."""
        asked = questions.check_question(question, most=LONGEST_RANKED)
        query = encode(asked, self._embedder)
        with self._read() as (_, snapshot):
            ranking = choose(rank(snapshot, query, order=order), snapshot, top_k, None)
            return tuple(
                Hit(
                    document_id=snapshot.document_id(row),
                    number=snapshot.number(row),
                    scores=ranking.scores(position),
                    copies=tuple(
                        (snapshot.document_id(other), snapshot.number(other))
                        for other in snapshot.other_copies(row, None).tolist()
                    ),
                )
                for position, row in enumerate(ranking.rows.tolist())
            )

    def examine(self, question: str, *, top_k: int = 1) -> tuple[Examined, ...]:
        """The first passages with the features that confidence is made from, for fitting it."""
        asked = questions.check_question(question)
        query = encode(asked, self._embedder)
        with self._read() as (catalog, snapshot):
            chosen = choose(rank(snapshot, query), snapshot, top_k, None)
            return tuple(examine(chosen, snapshot, catalog, query, None))

    def documents(self) -> tuple[DocumentSummary, ...]:
        """Every document, ordered by id."""
        with self._reader() as catalog:
            return tuple(catalog.summaries())

    def document(self, document_id: str) -> DocumentSummary:
        """One document. Raises DocumentNotFound."""
        with self._reader() as catalog:
            for summary in catalog.summaries(document_id):
                return summary
        raise DocumentNotFound(document_id)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """A document's paragraphs, in order. Raises DocumentNotFound."""
        with self._reader() as catalog:
            catalog.source(document_id)
            return catalog.paragraphs(document_id)

    def raw(self, document_id: str) -> bytes:
        """A document's source, byte for byte as it was given. Raises DocumentNotFound."""
        with self._reader() as catalog:
            return catalog.raw(document_id)

    def sources(self) -> tuple[Source, ...]:
        """Where every document came from, ordered by id."""
        with self._reader() as catalog:
            return tuple(catalog.sources())

    def source(self, document_id: str) -> Source:
        """Where one document came from. Raises DocumentNotFound."""
        with self._reader() as catalog:
            return catalog.source(document_id)

    def has(self, document_id: str) -> bool:
        """Whether there is such a document."""
        with self._reader() as catalog:
            return catalog.digest(document_id) is not None

    def id_of(self, path: Path) -> str | None:
        """The document that was read from this file; null if none was."""
        with self._reader() as catalog:
            return catalog.id_of(path)

    def info(self) -> IndexInfo:
        """What the index holds now and which model made it."""
        with self._read() as (_, snapshot):
            return snapshot.info

    def check(self, claim: Claim) -> Verdict:
        """Check one citation against the stored bytes of its source."""
        with self._reader() as catalog:
            try:
                source = catalog.source(claim.document_id)
            except DocumentNotFound as error:
                return Verdict(valid=False, reason=str(error), found=None)
            return citations.check(claim, catalog.raw(claim.document_id), source.encoding, source.media_type)

    def verify(self, progress: Progress | None = None) -> Audit:
        """Re-read every source and check every citation that the index could give."""
        with self._reader() as catalog:
            return audit(catalog, progress)

    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the search structures up to date, and save them where much has changed since they were."""
        with self._reader() as catalog:
            self._refresher.save(catalog, progress)

    @contextmanager
    def _reader(self) -> Iterator[Catalog]:
        self._check_open()
        try:
            catalog = self._readers.get_nowait()
        except queue.Empty:
            catalog = Catalog(Database(self.data / CATALOG))
        try:
            with catalog.database.snapshot():
                yield catalog
        finally:
            self._readers.put(catalog)
            if self._closed:
                self._close_readers()

    def _close_readers(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._readers.get_nowait().close()

    def _check_open(self) -> None:
        """Raise IndexUnusable if the library is closed, or its catalog is not the file that was opened any more."""
        if self._closed:
            raise IndexUnusable(f"{self.data} was closed")
        if _identity(self.data / CATALOG) != self._file:
            raise IndexUnusable(f"{self.data / CATALOG} was moved or deleted while it was open; start again")

    @contextmanager
    def _read(self) -> Iterator[tuple[Catalog, Snapshot]]:
        """A catalog held at one state, with the search structures of the same state."""
        with ExitStack() as held:
            catalog = held.enter_context(self._reader())
            while (snapshot := self._refresher.at(catalog)) is None:
                held.close()  # another thread has gone on to a newer state meanwhile
                catalog = held.enter_context(self._reader())
            yield catalog, snapshot

    @contextmanager
    def _write(self) -> Iterator[Writer]:
        with self._writing:
            self._check_open()
            if self._writer is None:
                catalog = Catalog(Database(self.data / CATALOG))
                self._writer = Writer(self.data, catalog, self._embedder)
            yield self._writer


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path, whatever it holds; null if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
