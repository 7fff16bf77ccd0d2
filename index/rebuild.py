"""Making an index again from the sources that it stores: for another model, or newer cleaning rules."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from index import schema
from index.catalog import CATALOG, Catalog
from index.database import Database
from index.embedder import Embedder
from index.errors import IndexLocked, IndexUnusable
from index.library import Library
from index.reading import read
from index.writer import LOCK

ASIDE = "rebuild"


def rebuild(data: Path, embedder: Embedder, on_document: Callable[[str], None] | None = None) -> int:
    """Read, clean and embed every stored source again, beside the old catalog, and swap them when all is done.

    Returns the number of documents. Until the swap the old catalog is untouched, whatever happens.
    """
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index to rebuild; run `wherefrom index PATH ...`")
    lock = FileLock(data / LOCK, timeout=0)
    try:
        with lock:
            documents = _copy(path, data / ASIDE, embedder, on_document)
            os.replace(data / ASIDE / CATALOG, path)  # noqa: PTH105 - named for what it is: one atomic step
            shutil.rmtree(data / ASIDE)
    except Timeout as error:
        raise IndexLocked(f"{data}: another process is writing to it; try again when it is done") from error
    Library.open(data, embedder=embedder).close()
    return documents


def _copy(path: Path, aside: Path, embedder: Embedder, on_document: Callable[[str], None] | None) -> int:
    shutil.rmtree(aside, ignore_errors=True)
    old = Catalog(Database(path))
    try:
        with old.database.snapshot() as db, Library.open(aside, embedder=embedder) as new:
            schema.check_application(db, path)
            sources = list(old.sources())
            for source in sources:
                raw = old.raw(source.document_id)
                new.put(source.document_id, read(raw, source=source.source), raw, path=source.path)
                if on_document:
                    on_document(source.source)
            return len(sources)
    finally:
        old.close()
