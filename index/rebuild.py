"""Rebuilds an index from its stored sources, for another model or newer cleaning rules."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.files.folder_removal import remove_folder
from wherefrom.index.library import Library
from wherefrom.index.storage import schema
from wherefrom.index.storage.backup import overwrite
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection, damaged
from wherefrom.index.storage.leftovers import REBUILD_FOLDER
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.types import Document, RawSource

CORRECTIONS_SINCE = 6
"""The first schema version with corrections by hand."""


def rebuild(
    data: Path,
    embedder: Embedder,
    on_document: Callable[[str], None] | None = None,
    *,
    wait: float = WAIT_SECONDS,
    extract: Callable[[RawSource], Document] = extract,
) -> int:
    """Clean and embed every stored source again in a separate folder, then replace the old index in one step.

    Return the number of documents. If anything fails before the last step, the old index is unchanged. A process that
    has the data folder open sees the complete new state, or an IndexMismatch if it opened it with another model.
    `extract` reads a source; that of an `ExtractionPool` limits time and memory.
    """
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index to rebuild; run `wherefrom index PATH ...`")
    with WriteLock(data, wait).held():
        old = Catalog(Connection(path))
        try:
            documents = _build(old, data / REBUILD_FOLDER, embedder, on_document, extract)
            overwrite(old.connection, data / REBUILD_FOLDER / CATALOG)
        finally:
            old.close()
            remove_folder(data / REBUILD_FOLDER)
    Library.open(data, embedder=embedder).close()
    return documents


def _build(
    old: Catalog,
    folder: Path,
    embedder: Embedder,
    on_document: Callable[[str], None] | None,
    extract: Callable[[RawSource], Document],
) -> int:
    """Build an index of the old catalog's sources in a folder, and return the number of documents."""
    remove_folder(folder)
    with old.connection.snapshot() as db, Library.open(folder, embedder=embedder) as new:
        has_corrections = schema.check_not_newer(db, old.connection.path) >= CORRECTIONS_SINCE
        sources = list(old.sources())
        for source in sources:
            raw = old.raw(source.document_id)
            if sha256(raw).hexdigest() != source.source_sha256:
                raise damaged(old.connection.path, f"the bytes of {source.document_id} are not those that were stored")
            raw_source = RawSource(name=source.source, raw=raw, media_type=source.media_type, given=source.given)
            new.put(source.document_id, extract(raw_source), path=source.path)
            known = old.corrections(source.document_id) if has_corrections else None
            if known is not None:
                new.correct(source.document_id, known[0])
            if on_document:
                on_document(source.source)
        return len(sources)
