"""A data folder opened for reading: its documents, their sources, and whether citations hold."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wherefrom.index.answering import citations
from wherefrom.index.errors import DocumentNotFound, IndexUnusable
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.types import Audit, Claim, DocumentSummary, Paragraph, Source, Verdict
from wherefrom.index.verify import Progress, audit


class Collection:
    """What is stored, at the state that it has when it is asked for. Many threads may read at once."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._readers: list[Catalog] = []
        """Those that nobody holds; `append` and `pop` of a list are safe in threads."""
        self._closed = False
        self._path = data / CATALOG
        self._file = _identity(self._path)

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

    @contextmanager
    def _reader(self) -> Iterator[Catalog]:
        """A catalog held at one state, for one thread."""
        self._check_open()
        try:
            catalog = self._readers.pop()
        except IndexError:
            catalog = Catalog(Connection(self._path))
        try:
            with catalog.connection.snapshot():
                yield catalog
        finally:
            self._readers.append(catalog)
            if self._closed:
                self._close_readers()

    def _close_readers(self) -> None:
        with suppress(IndexError):
            while True:
                self._readers.pop().close()

    def _check_open(self) -> None:
        """Raise IndexUnusable if the library is closed, or its catalog is not the file that was opened any more."""
        if self._closed:
            raise IndexUnusable(f"{self.data} was closed")
        if _identity(self._path) != self._file:
            raise IndexUnusable(f"{self._path} was moved or deleted while it was open; start again")


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path, whatever it holds; null if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
