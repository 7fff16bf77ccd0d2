"""Writes documents: embeds them first, then stores them in one durable transaction. The caller holds the write lock."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path

from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, embed_documents, paragraph_texts
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.engine import Change, Item
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.digests import document_digest
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.types import Document, Precondition


class Writer:
    """Changes a catalog."""

    def __init__(self, catalog: Catalog, embedder: Embedder) -> None:
        self._catalog = catalog
        self._embedder = embedder

    def close(self) -> None:
        """Close the catalog."""
        self._catalog.close()

    def translating_errors(self) -> AbstractContextManager[None]:
        """Translate SQLite's errors on the catalog into our own."""
        return self._catalog.connection.translating_errors()

    def check(self, cleaner: str) -> None:
        """Raise IndexMismatch if another process has rebuilt the catalog for another model or cleaner."""
        manifest = self._catalog.manifest()
        schema.check_manifest(manifest, self._catalog.connection.path, self._embedder.identity, cleaner)

    def put(
        self,
        items: Sequence[Item],
        *,
        path: Path | None = None,
        precondition: Precondition | None = None,
        check: Callable[[], None] | None = None,
    ) -> list[Change]:
        """Add or replace documents in one transaction; of items with the same id the last one stays.

        Documents whose texts are stored already are not embedded again. Raises what the precondition raises for any of
        them, or `check`, which is called now and then before anything is stored, and changes nothing then.
        """
        digests = [document_digest(document_id, document) for document_id, document in items]
        changes = self._changes(items, digests, path, precondition)
        changed = [
            (item, digest)
            for item, digest, change in zip(items, digests, changes, strict=True)
            if change != "unchanged"
        ]
        vectors = self._vectors([item for item, _ in changed], check)
        if check is not None:
            check()
        with self._catalog.connection.transaction():
            for ((document_id, document), digest), document_vectors in zip(changed, vectors, strict=True):
                self._catalog.put(document_id, document, digest, document_vectors, path=path)
        return changes

    def remove(self, document_id: str, *, precondition: Precondition | None = None) -> None:
        """Remove a document. Raises DocumentNotFound, and what the precondition raises."""
        stored = self._catalog.digest(document_id)
        if stored is not None and precondition is not None:
            precondition(stored)
        self._catalog.remove(document_id)

    def _changes(
        self, items: Sequence[Item], digests: Sequence[str], path: Path | None, precondition: Precondition | None
    ) -> list[Change]:
        """Return what each item does to what is stored and to the items before it."""
        known: dict[str, tuple[str, Path | None] | None] = {}
        changes: list[Change] = []
        for (document_id, _), digest in zip(items, digests, strict=True):
            before = known[document_id] if document_id in known else self._catalog.digest_and_path(document_id)
            if precondition is not None:
                precondition(before and before[0])
            known[document_id] = after = (digest, path)
            changes.append("added" if before is None else "unchanged" if before == after else "updated")
        return changes

    def _vectors(self, items: Sequence[Item], check: Callable[[], None] | None) -> list[DocumentVectors]:
        """Return each document's vectors: stored ones where its texts are the same, others embedded."""
        stored = [self._stored_vectors(document_id, document) for document_id, document in items]
        missing = [document for (_, document), vectors in zip(items, stored, strict=True) if vectors is None]
        embedded = iter(embed_documents(missing, self._embedder, check))
        return [next(embedded) if vectors is None else vectors for vectors in stored]

    def _stored_vectors(self, document_id: str, document: Document) -> DocumentVectors | None:
        stored = self._catalog.paragraphs(document_id)
        same = [paragraph_texts(p) for p in stored] == [paragraph_texts(p) for p in document.paragraphs]
        return self._catalog.vectors(document_id) if stored and same else None


def remove_from(data: Path, document_ids: Sequence[str], *, wait: float = WAIT_SECONDS) -> None:
    """Remove documents from a data folder, all or none, whatever model it was made with. Raises DocumentNotFound."""
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index; run `wherefrom index PATH ...`")
    with WriteLock(data, wait).held(), closing(Catalog(Connection(path))) as catalog:
        with catalog.connection.translating_errors():
            schema.check_schema(catalog.connection.sqlite, path)
        with catalog.connection.transaction():
            for document_id in document_ids:
                catalog.remove(document_id)
