"""Writes documents with their vectors in one durable transaction. The caller holds the write lock."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from wherefrom.index.collection.corrections import CorrectableField, Corrections, corrected, merged
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, embed_documents, paragraph_texts
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.engine import Change, Item, ItemVectors
from wherefrom.index.errors import DocumentNotFound, IndexUnusable, PreconditionFailed
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.digests import document_digest
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.types import Document, Metadata, Paragraph, Precondition


class WritableConnection(Protocol):
    """The part of a catalog's connection that writing needs; see `storage.connection.Connection`."""

    @property
    def path(self) -> Path:
        """The path of the catalog, for messages."""

    def transaction(self) -> AbstractContextManager[object]:
        """Commit all changes made inside, or none on an exception."""

    def translating_errors(self) -> AbstractContextManager[None]:
        """Translate the database's errors into our own."""


class WritableCatalog(Protocol):
    """The part of an engine's catalog that writing needs; see `storage.catalog.Catalog`."""

    @property
    def connection(self) -> WritableConnection:
        """The connection that the documents are written with."""

    def manifest(self) -> Mapping[str, str]:
        """Return the model, the cleaner and the counts of the collection."""

    def digest(self, document_id: str) -> str | None:
        """Return the digest of a document's contents, `None` if there is no such document."""

    def digest_and_path(self, document_id: str) -> tuple[str, Path | None] | None:
        """Return a document's digest and the file that it was read from, `None` if there is no such document."""

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order; none for an unknown document."""

    def metadata(self, document_id: str) -> Metadata:
        """Return the metadata of a document."""

    def corrections(self, document_id: str) -> tuple[Corrections, Metadata] | None:
        """Return the corrections of a document and its metadata without them, or `None` if there are none."""

    def vectors(self, document_id: str) -> DocumentVectors:
        """Return the stored vectors of a document's paragraphs, in order."""

    def put(
        self, document_id: str, document: Document, digest: str, vectors: DocumentVectors, *, path: Path | None
    ) -> None:
        """Add or replace a document."""

    def correct(self, document_id: str, corrections: Corrections, read_metadata: Metadata) -> None:
        """Replace the corrections of a document."""

    def set_read_metadata(self, document_id: str, metadata: Metadata) -> None:
        """Store the metadata of a corrected document without its corrections."""

    def remove(self, document_id: str) -> None:
        """Remove a document."""

    def close(self) -> None:
        """Close the connection."""


class Writer:
    """Changes a catalog."""

    def __init__(self, catalog: WritableCatalog, embedder: Embedder) -> None:
        self._catalog = catalog
        self._embedder = embedder

    def close(self) -> None:
        """Close the catalog."""
        self._catalog.close()

    def translating_errors(self) -> AbstractContextManager[None]:
        """Translate the database's errors into our own."""
        return self._catalog.connection.translating_errors()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all changes made inside in one transaction, or none on an exception."""
        with self._catalog.connection.transaction():
            yield

    def check(self, cleaner: str) -> None:
        """Raise IndexMismatch if another process has rebuilt the catalog for another model or cleaner."""
        manifest = self._catalog.manifest()
        schema.check_manifest(manifest, self._catalog.connection.path, self._embedder.identity, cleaner)

    def put(
        self,
        items: Sequence[Item],
        vectors: Sequence[ItemVectors],
        *,
        path: Path | None = None,
        precondition: Precondition | None = None,
        check: Callable[[], None] | None = None,
    ) -> list[Change]:
        """Add or replace documents in one transaction; of several items with the same id, the last one is kept.

        `vectors` is the result of `Engine.embed`; missing ones are taken from the stored document if it has the same
        texts, and computed otherwise. `check` is called repeatedly before anything is stored. If it raises an error, or
        the precondition does for any document, nothing is changed and the error is raised.
        """
        read_metadata = {document_id: document.metadata for document_id, document in items}
        items = [(document_id, self._corrected(document_id, document)) for document_id, document in items]
        digests = [document_digest(document_id, document) for document_id, document in items]
        changes = self._changes(items, digests, path, precondition)
        changed = [
            (item, digest, item_vectors)
            for item, digest, item_vectors, change in zip(items, digests, vectors, changes, strict=True)
            if change != "unchanged"
        ]
        complete = self._complete([item for item, _, _ in changed], [each for _, _, each in changed], check)
        if check is not None:
            check()
        with self._catalog.connection.transaction():
            for ((document_id, document), digest, _), document_vectors in zip(changed, complete, strict=True):
                self._catalog.put(document_id, document, digest, document_vectors, path=path)
                if document.metadata is not read_metadata[document_id]:
                    self._catalog.set_read_metadata(document_id, read_metadata[document_id])
        return changes

    def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        precondition: Precondition | None = None,
    ) -> Change:
        """Correct metadata of a document. Raises DocumentNotFound and the errors of the precondition."""
        stored = self._catalog.digest(document_id)
        if stored is None:
            raise DocumentNotFound(document_id)
        if precondition is not None:
            precondition(stored)
        known, read_metadata = self._catalog.corrections(document_id) or ({}, self._catalog.metadata(document_id))
        corrections = merged(known, values, restored)
        self._catalog.correct(document_id, corrections, read_metadata)
        return "unchanged" if self._catalog.digest(document_id) == stored else "updated"

    def remove(self, document_id: str, *, precondition: Precondition | None = None) -> None:
        """Remove a document. Raises DocumentNotFound and the errors of the precondition."""
        stored = self._catalog.digest(document_id)
        if stored is not None and precondition is not None:
            precondition(stored)
        self._catalog.remove(document_id)

    def _corrected(self, document_id: str, document: Document) -> Document:
        """Return a document with the stored corrections for its id."""
        known = self._catalog.corrections(document_id)
        return document if known is None else replace(document, metadata=corrected(document.metadata, known[0]))

    def _changes(
        self, items: Sequence[Item], digests: Sequence[str], path: Path | None, precondition: Precondition | None
    ) -> list[Change]:
        """Return the change of each item relative to the stored documents and the items before it."""
        known: dict[str, tuple[str, Path | None] | None] = {}
        changes: list[Change] = []
        for (document_id, _), digest in zip(items, digests, strict=True):
            before = known[document_id] if document_id in known else self._catalog.digest_and_path(document_id)
            if precondition is not None:
                precondition(before and before[0])
            known[document_id] = after = (digest, path)
            changes.append("added" if before is None else "unchanged" if before == after else "updated")
        return changes

    def _complete(
        self, items: Sequence[Item], vectors: Sequence[ItemVectors], check: Callable[[], None] | None
    ) -> list[DocumentVectors]:
        """Return each document's vectors: the given ones, those stored with the same texts, or new ones."""
        known = [
            self._stored_vectors(document_id, document) if given is None else given
            for (document_id, document), given in zip(items, vectors, strict=True)
        ]
        missing = [document for (_, document), each in zip(items, known, strict=True) if each is None]
        embedded = iter(embed_documents(missing, self._embedder, check))
        return [next(embedded) if each is None else each for each in known]

    def _stored_vectors(self, document_id: str, document: Document) -> DocumentVectors | None:
        return self._catalog.vectors(document_id) if _has_texts(self._catalog, document_id, document) else None


def items_to_embed(catalog: WritableCatalog, items: Sequence[Item], precondition: Precondition | None) -> list[bool]:
    """Return for each item whether its texts must be embedded: false if they are stored already under its id.

    If the precondition fails for any item, it is false for all: `Writer.put` will raise the error.
    """
    to_embed: list[bool] = []
    for document_id, document in items:
        digest = catalog.digest(document_id)
        try:
            if precondition is not None:
                precondition(digest)
        except PreconditionFailed:
            return [False] * len(items)
        is_stored = digest is not None and (
            digest == document_digest(document_id, document) or _has_texts(catalog, document_id, document)
        )
        to_embed.append(not is_stored)
    return to_embed


def _has_texts(catalog: WritableCatalog, document_id: str, document: Document) -> bool:
    """Return whether a document is stored with the same paragraphs and sentences."""
    stored = catalog.paragraphs(document_id)
    return bool(stored) and [paragraph_texts(p) for p in stored] == [paragraph_texts(p) for p in document.paragraphs]


def remove_from(data: Path, document_ids: Sequence[str], *, wait: float = WAIT_SECONDS) -> None:
    """Remove documents from a data folder, all or none, without checking its model; an id may be repeated.

    Raises DocumentNotFound, IndexUnusable.
    """
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index; run `wherefrom index PATH ...`")
    with WriteLock(data, wait).held(), closing(Catalog(Connection(path))) as catalog:
        with catalog.connection.translating_errors():
            schema.check_schema(catalog.connection.sqlite, path)
        with catalog.connection.transaction():
            for document_id in dict.fromkeys(document_ids):
                catalog.remove(document_id)
