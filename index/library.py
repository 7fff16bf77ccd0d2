"""The front door: open a data folder, put documents in, ask, and check what was cited."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Self

from wherefrom.index.answering.query_engine import Answerer
from wherefrom.index.cleaning.extract import CLEANER_VERSION
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.ranking.cross_encoder import Reranker
from wherefrom.index.search.snapshot_refresher import Refresher
from wherefrom.index.storage import integrity
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.storage.writer import Change, Item, Writer
from wherefrom.index.types import Document

TOGETHER = 64


class Library(Answerer):
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
        refresher = Refresher(data, embedder.identity, CLEANER_VERSION)
        super().__init__(data, embedder, refresher, threshold=threshold, remembered=remembered, reranker=reranker)
        self._writer: Writer | None = None
        self._writing = threading.RLock()
        self._lock = WriteLock(data, wait)

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
            integrity.check_at_open(catalog.connection)
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
        self, document_id: str, document: Document, *, path: Path | None = None, if_match: str | None = None
    ) -> Change:
        """Add or replace one document, durable when this returns; equal contents cost no embedding.

        Raises PreconditionFailed where `if_match` is given and is not the `etag` of the document that is stored.
        """
        with self._write() as writer:
            return writer.put(document_id, document, path=path, if_match=if_match)

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

    @contextmanager
    def _write(self) -> Iterator[Writer]:
        with self._writing, self._lock.held():
            self._check_open()
            if self._writer is None:
                self._writer = Writer(Catalog(Connection(self.data / CATALOG)), self._embedder)
            self._writer.check(CLEANER_VERSION)
            yield self._writer
