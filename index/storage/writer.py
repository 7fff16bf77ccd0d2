"""Putting documents into a collection: embedding first, then one durable transaction. It counts on holding the lock."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, embed_documents, paragraph_texts
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import IndexUnusable, PreconditionFailed
from wherefrom.index.storage import schema, storing
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.digests import document_digest
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.types import Document

Change = Literal["added", "updated", "unchanged"]
Item = tuple[str, Document]
"""A document's id and the document."""
ABSENT = ""
"""What `if_match` is for a document that must not be there yet."""


class Writer:
    """Changes a catalog, for whoever holds the data folder's lock."""

    def __init__(self, catalog: Catalog, embedder: Embedder) -> None:
        self._catalog = catalog
        self._embedder = embedder

    def close(self) -> None:
        """Close the catalog."""
        self._catalog.close()

    def check(self, cleaner: str) -> None:
        """Raise IndexMismatch where another process has rebuilt the catalog for another model or cleaner."""
        manifest = self._catalog.manifest()
        schema.check_manifest(manifest, self._catalog.connection.path, self._embedder.identity, cleaner)

    def put(
        self, document_id: str, document: Document, *, path: Path | None = None, if_match: str | None = None
    ) -> Change:
        """Add or replace a document, durable when this returns; texts that are stored already are not embedded.

        Raises PreconditionFailed where `if_match` is not the digest of the document that is stored.
        """
        self._check_match(document_id, if_match)
        (change,) = self.put_many([(document_id, document)], path=path)
        return change

    def put_many(self, items: Sequence[Item], *, path: Path | None = None) -> list[Change]:
        """Add or replace documents in one transaction, embedded together; of one id given twice the last one stays."""
        changes = self._changes(items, path)
        changed = [item for item, change in zip(items, changes, strict=True) if change != "unchanged"]
        vectors = self._vectors(changed)
        with self._catalog.connection.transaction():
            for (document_id, document), embedded in zip(changed, vectors, strict=True):
                storing.put(self._catalog, document_id, document, embedded, path=path)
        return changes

    def remove(self, document_id: str, *, if_match: str | None = None) -> None:
        """Remove a document. Raises DocumentNotFound, and PreconditionFailed as `put` does."""
        if self._catalog.digest(document_id) is not None:
            self._check_match(document_id, if_match)
        storing.remove(self._catalog, document_id)

    def _check_match(self, document_id: str, if_match: str | None) -> None:
        found = self._catalog.digest(document_id)
        if if_match is not None and (found or ABSENT) != if_match:
            raise PreconditionFailed(document_id, if_match, found)

    def _changes(self, items: Sequence[Item], path: Path | None) -> list[Change]:
        """What each item does to what is stored and to the items before it."""
        known: dict[str, tuple[str, Path | None] | None] = {}
        changes: list[Change] = []
        for document_id, document in items:
            before = known[document_id] if document_id in known else self._catalog.state(document_id)
            known[document_id] = after = (document_digest(document_id, document), path)
            changes.append("added" if before is None else "unchanged" if before == after else "updated")
        return changes

    def _vectors(self, items: Sequence[Item]) -> list[DocumentVectors]:
        """The vectors of documents: those that are stored where the texts are the same, the others embedded."""
        stored = [self._stored(document_id, document) for document_id, document in items]
        missing = [item[1] for item, found in zip(items, stored, strict=True) if found is None]
        made = iter(embed_documents(missing, self._embedder))
        return [next(made) if found is None else found for found in stored]

    def _stored(self, document_id: str, document: Document) -> DocumentVectors | None:
        stored = self._catalog.paragraphs(document_id)
        same = [paragraph_texts(p) for p in stored] == [paragraph_texts(p) for p in document.paragraphs]
        return self._catalog.vectors(document_id) if stored and same else None


def remove_from(data: Path, document_ids: Sequence[str], *, wait: float = WAIT_SECONDS) -> None:
    """Remove documents from a data folder, all or none, whatever model it was made with. Raises DocumentNotFound."""
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index; run `wherefrom index PATH ...`")
    with WriteLock(data, wait).held(), closing(Catalog(Connection(path))) as catalog:
        schema.check_schema(catalog.connection.sqlite, path)
        with catalog.connection.transaction():
            for document_id in document_ids:
                storing.remove(catalog, document_id)
