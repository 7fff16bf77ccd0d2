"""The front door: open a data folder, put documents in, ask, and check what was cited."""

import dataclasses
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Self

from index import integrity, questions
from index.catalog import CATALOG, Catalog
from index.collection import Collection
from index.confidence import Calibration
from index.database import Database
from index.derived import Progress
from index.embedder import Embedder
from index.errors import IndexUnusable
from index.kept import Kept
from index.locking import WAIT_SECONDS, WriteLock
from index.passages import Examined, Pages, choose, copies_of, examine, fold_alike
from index.quotations import Quotations
from index.reading import CLEANER_VERSION
from index.refresher import Refresher
from index.reranker import Reranker
from index.retrieval import Order, Query, encode, encode_together, rank
from index.snapshot import Snapshot
from index.state import EVERYTHING, State
from index.types import Answer, Document, Filters, Hit, IndexInfo
from index.writer import Change, Item, Writer

TOGETHER = 64
LONGEST_RANKED = 1_000_000


class Library(Collection):
    """A collection that is asked and changed. Many threads may ask at once; changes take turns, of all processes."""

    def __init__(
        self,
        data: Path,
        embedder: Embedder,
        threshold: float | None = None,
        wait: float = WAIT_SECONDS,
        remembered: int = 0,
        reranker: Reranker | None = None,
    ) -> None:
        """Open what `open` has checked."""
        super().__init__(data)
        self._embedder = embedder
        self._reranker = reranker
        self._calibration = Calibration.load()
        self._threshold = self._calibration.threshold if threshold is None else threshold
        self._writer: Writer | None = None
        self._writing = threading.RLock()
        self._lock = WriteLock(data, wait)
        self._refresher = Refresher(data, embedder.identity, CLEANER_VERSION)
        self._quotations = Quotations()
        self._answers: Kept[Hashable, Answer] = Kept(remembered)

    @classmethod
    def open(
        cls,
        data: Path,
        *,
        embedder: Embedder,
        threshold: float | None = None,
        wait: float = WAIT_SECONDS,
        remembered: int = 0,
        reranker: Reranker | None = None,
    ) -> Self:
        """Open a data folder, or make an empty one. Raises IndexUnusable or IndexMismatch, saying what to run.

        A change waits so many seconds for another process to end its own. So many answers are `remembered` for
        questions that are asked again of the same state.
        """
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexUnusable(f"{data} cannot be a data folder: {error.strerror}") from error
        catalog = Catalog.open(data / CATALOG, model=embedder.identity, cleaner=CLEANER_VERSION)
        library = cls(data, embedder, threshold, wait, remembered, reranker)
        try:
            integrity.check_at_open(catalog.database)
        finally:
            library._readers.append(catalog)
        library.refresh()
        return library

    def close(self) -> None:
        """Close every connection."""
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

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other processes from writing while what is written depends on what was read. Raises IndexLocked."""
        with self._write():
            yield

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
        questions.check_limits(top_k, max_per_document)
        (query,) = self.encode([question])
        with self.state() as state:
            told = state.answer(
                question, query, top_k=top_k, filters=filters, max_per_document=max_per_document, explain=explain
            )
        return dataclasses.replace(told, took_ms=(time.perf_counter() - started) * 1000)

    def encode(self, asked: Sequence[str]) -> list[Query]:
        """Read questions together, for `State.answer`; each as it would be read alone. Raises InvalidQuestion."""
        return encode_together([questions.check_question(question) for question in asked], self._embedder)

    @property
    def remembers(self) -> bool:
        """Whether any answer is remembered."""
        return bool(self._answers)

    @contextmanager
    def state(self) -> Iterator[State]:
        """The collection as it is now, to be asked several questions."""
        with self._read() as (catalog, snapshot):
            yield State(
                pages=Pages(snapshot=snapshot, catalog=catalog, quotations=self._quotations),
                calibration=self._calibration,
                threshold=self._threshold,
                reranker=self._reranker,
                answers=self._answers,
            )

    def rank(self, question: str, *, top_k: int, order: Order = "fused") -> Sequence[Hit]:
        """The ranking alone, for measuring; `lexical` and `dense` are the baselines. Questions may be whole texts."""
        asked = questions.check_question(question, most=LONGEST_RANKED)
        query = encode(asked, self._embedder)
        with self._read() as (catalog, snapshot):
            pages = Pages(snapshot=snapshot, catalog=catalog, quotations=self._quotations)
            folded = choose(fold_alike(rank(snapshot, query, order=order), pages), top_k, None)
            ranking = folded.ranking
            return tuple(
                Hit(
                    document_id=snapshot.document_id(row),
                    number=snapshot.number(row),
                    scores=ranking.scores(position),
                    copies=tuple(
                        (snapshot.document_id(other), snapshot.number(other))
                        for other in copies_of(row, folded, snapshot, None)
                    ),
                )
                for position, row in zip(ranking.order.tolist(), ranking.rows.tolist(), strict=True)
            )

    def examine(self, question: str, *, top_k: int = 1) -> tuple[Examined, ...]:
        """The first passages with the features that confidence is made from, for fitting it."""
        asked = questions.check_question(question)
        query = encode(asked, self._embedder)
        with self._read() as (catalog, snapshot):
            pages = Pages(snapshot=snapshot, catalog=catalog, quotations=self._quotations)
            chosen = choose(fold_alike(rank(snapshot, query), pages), top_k, None)
            return tuple(examine(chosen, pages, query, None))

    def info(self) -> IndexInfo:
        """What the index holds now and which model made it."""
        with self._read() as (_, snapshot):
            return snapshot.info

    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the search structures up to date, and save them where much has changed since they were."""
        with self._reader() as catalog:
            self._refresher.save(catalog, progress)

    @contextmanager
    def _read(self) -> Iterator[tuple[Catalog, Snapshot]]:
        """A catalog held at one state, with the search structures of the same state."""
        while True:
            with self._reader() as catalog:
                snapshot = self._refresher.at(catalog)
                if snapshot is not None:  # or another thread has gone on to a newer state meanwhile
                    yield catalog, snapshot
                    return

    @contextmanager
    def _write(self) -> Iterator[Writer]:
        with self._writing, self._lock.held():
            self._check_open()
            if self._writer is None:
                self._writer = Writer(Catalog(Database(self.data / CATALOG)), self._embedder)
            self._writer.check(CLEANER_VERSION)
            yield self._writer
