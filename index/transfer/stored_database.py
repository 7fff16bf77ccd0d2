"""Reads the documents of a cluster's database in the form of `stored_documents`."""

from collections.abc import Iterator
from contextlib import contextmanager

from wherefrom.index.cluster import maintenance
from wherefrom.index.cluster.database import integrity
from wherefrom.index.cluster.database.catalog import ClusterCatalog
from wherefrom.index.transfer.stored_documents import StoredDocument, identity_of, read_document


class StoredDatabase:
    """One state of a database, unaffected by concurrent writes. For one thread."""

    def __init__(self, catalog: ClusterCatalog) -> None:
        self._catalog = catalog
        self.identity = identity_of(catalog.manifest())

    def documents(self) -> Iterator[StoredDocument]:
        """Yield every document, ordered by id; each is compared with its digests. Raises IndexDamaged."""
        connection = self._catalog.connection
        for document_id in self._catalog.ids():
            integrity.check_document(connection.db, self._catalog.version(document_id))
            yield read_document(self._catalog, document_id, str(connection.path))


@contextmanager
def open_database(dsn: str) -> Iterator[StoredDatabase]:
    """Hold one state of a database made with any model. Raises IndexUnusable, EngineUnavailable."""
    with maintenance.open_catalog(dsn) as catalog, catalog.connection.snapshot():
        yield StoredDatabase(catalog)
