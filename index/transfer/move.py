"""Moves a collection to another engine while the data folder that holds it is in use."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.embedded import EmbeddedEngine
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.engine import Engine
from wherefrom.index.errors import IndexMismatch, IndexUnusable, StorageReadOnly
from wherefrom.index.files.folder_removal import remove_folder
from wherefrom.index.storage import integrity
from wherefrom.index.storage.catalog_pool import open_for_reading
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.transfer.engine_copy import Together, check_copy, remove_others, synchronize
from wherefrom.index.transfer.partial_folder import partial_folder, put_in_place
from wherefrom.index.transfer.stored_documents import CollectionIdentity, OnDocument, open_collection

MAX_ROUNDS = 5
"""Maximum number of rounds that copy concurrent changes before the last round, which holds the write lock."""
OnTotal = Callable[[int], None]
"""Called with the number of documents."""


def move_to_folder(
    data: Path,
    target: Path,
    embedder: Embedder,
    on_document: OnDocument | None = None,
    on_total: OnTotal | None = None,
    *,
    wait: float = WAIT_SECONDS,
) -> CollectionIdentity:
    """Copy a data folder to a new one, completely or not at all; return the identity of the copy.

    The documents are copied to TARGET.partial, where an interrupted move continues. Embeds nothing. Raises
    IndexUnusable, IndexMismatch, and IndexDamaged if the copy differs.
    """
    with open_collection(data) as collection:
        collection.check_model(embedder.identity, CLEANER_VERSION)
    if target.resolve().is_relative_to(data.resolve()):
        raise IndexUnusable(f"{target} is inside of {data}; name a folder elsewhere")
    with partial_folder(target, continued=True) as partial:
        with closing(_open_target(partial, embedder)) as engine:
            identity = move_to_engine(
                data, engine, embedder, on_document, on_total, wait=wait, together=engine.transaction
            )
            engine.refresh()
        with closing(open_for_reading(partial)) as copy:
            integrity.check(copy.connection)
        put_in_place(partial, target)
    return identity


def move_to_engine(
    data: Path,
    engine: Engine,
    embedder: Embedder,
    on_document: OnDocument | None = None,
    on_total: OnTotal | None = None,
    *,
    wait: float = WAIT_SECONDS,
    together: Together | None = None,
) -> CollectionIdentity:
    """Make an engine hold exactly the documents of a data folder, and check the copy; return the copy's identity.

    Documents that the engine has already are not copied again, and others are removed. Concurrent changes of the data
    folder are copied in further rounds, the last one with its write lock held, unless it cannot be written to.
    `embedder` is that of the engine. Every batch is stored inside `together`, by default `engine.writing`.
    """
    with open_collection(data) as collection:
        collection.check_model(embedder.identity, CLEANER_VERSION)
        if on_total:
            on_total(collection.identity.documents)
        remove_others(engine, collection)
        synchronize(engine, collection, collection.ids(), on_document, together=together)
        revision = collection.revision
    for _ in range(MAX_ROUNDS):
        copied, revision = revision, _copy_changes(data, engine, revision, together)
        if copied == revision:
            break
    with _writers_kept_out(data, wait):
        _copy_changes(data, engine, revision, together)
        with open_collection(data) as collection:
            check_copy(engine, collection)
            return collection.identity


@contextmanager
def _writers_kept_out(data: Path, wait: float) -> Iterator[None]:
    """Hold the write lock of a data folder; one on a read-only disk has no writers, and no place for a lock."""
    with ExitStack() as held:
        with suppress(StorageReadOnly):
            held.enter_context(WriteLock(data, wait).held())
        yield


def _copy_changes(data: Path, engine: Engine, revision: int, together: Together | None) -> int:
    """Copy the changes of a data folder since a revision, and return the revision of the copy."""
    with open_collection(data) as collection:
        put, removed = collection.changed_since(revision)
        for document_id in removed:
            if engine.has(document_id):
                engine.remove(document_id)
        synchronize(engine, collection, put, together=together)
        return collection.revision


def _open_target(partial: Path, embedder: Embedder) -> EmbeddedEngine:
    """Open the folder to fill; the remains of an earlier move with another model are deleted."""
    try:
        return EmbeddedEngine.open(partial, embedder)
    except IndexMismatch:
        remove_folder(partial)
        return EmbeddedEngine.open(partial, embedder)
