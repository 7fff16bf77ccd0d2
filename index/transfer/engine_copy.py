"""Copies stored documents with their vectors to either engine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby, zip_longest

from wherefrom.index.engine import Engine
from wherefrom.index.errors import IndexDamaged
from wherefrom.index.transfer.stored_documents import OnDocument, StoredCollection, StoredDocument

BATCH_DOCUMENTS = 256
BATCH_BYTES = 4 * 1024 * 1024
"""A batch ends with the document with which its sources reach this size."""
PAGE_DOCUMENTS = 1_000
"""Number of documents of an engine that are listed at a time."""
Together = Callable[[], AbstractContextManager[None]]
"""Opens a context in which a batch is stored, such as one transaction."""


def copy_documents(
    engine: Engine,
    documents: Iterable[StoredDocument],
    on_document: OnDocument | None = None,
    *,
    together: Together | None = None,
) -> None:
    """Store documents in an engine that has none of these ids, with their corrections; nothing is embedded.

    Every batch is stored inside `together`, by default `engine.writing`.
    """
    for batch in _batches(documents):
        with (together or engine.writing)():
            for path, group in groupby(batch, key=lambda stored: stored.path):
                same_file = list(group)
                items = [(stored.document_id, stored.document) for stored in same_file]
                engine.put(items, [stored.vectors for stored in same_file], path=path)
                for stored in same_file:
                    if stored.corrections:
                        engine.correct(stored.document_id, stored.corrections)
        for stored in batch:
            if on_document:
                on_document(stored.document_id)


def synchronize(
    engine: Engine,
    collection: StoredCollection,
    ids: Iterable[str],
    on_document: OnDocument | None = None,
    *,
    together: Together | None = None,
) -> None:
    """Copy the documents with these ids that are missing in an engine or differ from the collection's."""

    def outdated() -> Iterator[str]:
        for document_id in ids:
            if not engine.has(document_id):
                yield document_id
            elif (engine.document(document_id).etag, engine.source(document_id).path) != (
                collection.digest_and_path(document_id)
            ):
                engine.remove(document_id)  # with its corrections
                yield document_id
            elif on_document:
                on_document(document_id)

    copy_documents(engine, collection.documents(outdated()), on_document, together=together)


def remove_others(engine: Engine, collection: StoredCollection) -> None:
    """Remove the documents of an engine that are not in a collection."""
    for document_id in others(engine, collection):
        engine.remove(document_id)


def others(engine: Engine, collection: StoredCollection) -> Iterator[str]:
    """Yield the ids of the documents of an engine that are not in a collection, ordered.

    The caller may remove each document while iterating.
    """
    for document_id, _ in _summaries(engine):
        if collection.digest_and_path(document_id) is None:
            yield document_id


def differing(engine: Engine, collection: StoredCollection) -> Iterator[str]:
    """Yield the ids of the documents that both an engine and a collection have, with different contents, ordered."""
    for document_id, digest in _summaries(engine):
        stored = collection.digest_and_path(document_id)
        if stored is not None and stored[0] != digest:
            yield document_id


def check_copy(engine: Engine, collection: StoredCollection) -> None:
    """Raise IndexDamaged unless an engine has exactly the documents of a collection, with equal digests."""
    for expected, actual in zip_longest(collection.digests(), _summaries(engine)):
        if expected != actual:
            document_id = min(pair[0] for pair in (expected, actual) if pair is not None)
            raise IndexDamaged(f"the copy of {document_id} is not equal to it: the copy cannot be used; move it again")
    status, identity = engine.status(), collection.identity
    if (status.documents, status.passages) != (identity.documents, identity.paragraphs):
        raise IndexDamaged(
            f"the copy counts {status.documents:,} documents and {status.passages:,} paragraphs, not"
            f" {identity.documents:,} and {identity.paragraphs:,}: the copy cannot be used; move it again"
        )


def _summaries(engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield the id and the digest of every document of an engine, ordered by id."""
    after = ""
    while page := engine.documents(after=after, limit=PAGE_DOCUMENTS):
        for summary in page:
            yield summary.document_id, summary.etag
        after = page[-1].document_id


def _batches(documents: Iterable[StoredDocument]) -> Iterator[Sequence[StoredDocument]]:
    batch: list[StoredDocument] = []
    size = 0
    for stored in documents:
        batch.append(stored)
        size += len(stored.document.raw)
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
