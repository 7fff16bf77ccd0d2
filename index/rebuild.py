"""Making an index again from the sources that it stores: for another model, or newer cleaning rules."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.storage import schema
from wherefrom.index.storage.backup import overwrite
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection, damaged
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.types import RawSource

ASIDE = "rebuild"


def rebuild(
    data: Path,
    embedder: Embedder,
    on_document: Callable[[str], None] | None = None,
    *,
    wait: float = WAIT_SECONDS,
) -> int:
    """Read, clean and embed every stored source again, aside, and put the whole in the old one's place at once.

    Returns the number of documents. Whatever happens before the last step leaves the old index as it was. A process
    that has the folder open sees the new state in one step, or is told that it was opened with another model.
    """
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index to rebuild; run `wherefrom index PATH ...`")
    with WriteLock(data, wait).held():
        old = Catalog(Connection(path))
        try:
            documents = _read_again(old, data / ASIDE, embedder, on_document)
            overwrite(old.connection, data / ASIDE / CATALOG)
        finally:
            old.close()
            shutil.rmtree(data / ASIDE, ignore_errors=True)
    Library.open(data, embedder=embedder).close()
    return documents


def _read_again(old: Catalog, aside: Path, embedder: Embedder, on_document: Callable[[str], None] | None) -> int:
    shutil.rmtree(aside, ignore_errors=True)
    with old.connection.snapshot() as db, Library.open(aside, embedder=embedder) as new:
        schema.check_application(db, old.connection.path)
        sources = list(old.sources())
        for source in sources:
            raw = old.raw(source.document_id)
            if sha256(raw).hexdigest() != source.source_sha256:
                raise damaged(old.connection.path, f"the bytes of {source.document_id} are not those that were stored")
            read_before = RawSource(name=source.source, raw=raw, media_type=source.media_type, given=source.given)
            new.put(source.document_id, extract(read_before), path=source.path)
            if on_document:
                on_document(source.source)
        return len(sources)
