"""Maintenance of a cluster's database without a model and without Milvus: list, count, verify, remove."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from wherefrom.index import verify
from wherefrom.index.cluster.database import integrity
from wherefrom.index.cluster.database.catalog import ClusterCatalog
from wherefrom.index.cluster.database.connections import Session
from wherefrom.index.cluster.engine import WRITE_LOCK
from wherefrom.index.collection.audits import Audit
from wherefrom.index.engine import Progress
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.storage.write_lock import WAIT_SECONDS


@contextmanager
def open_catalog(dsn: str) -> Iterator[ClusterCatalog]:
    """Open the documents of a database embedded with any model. Raises IndexUnusable."""
    with Session(dsn) as session, session.translating_errors():
        if session.db.execute("SELECT to_regclass('collection') IS NULL").fetchone() == (True,):
            raise IndexUnusable("the database holds no index; run `wherefrom index PATH ...`")
        yield ClusterCatalog(session)


def verify_database(dsn: str, progress: Progress | None = None) -> Audit:
    """Verify the documents of a database embedded with any model."""
    with open_catalog(dsn) as catalog:
        return verify.verify_catalog(catalog, progress, check=lambda: integrity.check(catalog.connection))


def database_bytes(dsn: str) -> int:
    """Return the size of a database on its disk."""
    with open_catalog(dsn) as catalog:
        row = catalog.connection.db.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


def remove_from(dsn: str, document_ids: Sequence[str], *, wait: float = WAIT_SECONDS) -> None:
    """Remove documents, all or none; an id may be repeated. Raises DocumentNotFound."""
    with open_catalog(dsn) as catalog:
        catalog.connection.lock(WRITE_LOCK, wait)
        with catalog.connection.transaction():
            for document_id in dict.fromkeys(document_ids):
                catalog.remove(document_id)


def has_files(dsn: str) -> bool:
    """Return whether a database holds documents that were read from files; true if it cannot be read.

    If it cannot be read, opening it for writing reports the reason.
    """
    try:
        with open_catalog(dsn) as catalog:
            return next(catalog.paths(), None) is not None
    except IndexUnusable:
        return True
