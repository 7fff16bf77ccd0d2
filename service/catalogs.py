"""Access to the catalog without a model, in the data folder or in the database of a cluster."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib.util import find_spec
from typing import Protocol

from wherefrom.index.collection.document_query import DocumentQuery, DocumentSelection
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.storage.catalog_pool import has_indexed_files, open_for_reading
from wherefrom.service.settings import InvalidSetting, Settings

CLUSTER_PACKAGES = ("psycopg", "pymilvus")


class ReadableCatalog(Protocol):
    """The part of an index that can be read without a model."""

    def manifest(self) -> Mapping[str, str]:
        """Return the model, cleaner version, corpus hash, counts and revision of the index, as strings."""

    def select(self, query: DocumentQuery) -> DocumentSelection:
        """Return the documents that a query without filters selects."""


def check_cluster_packages() -> None:
    """Raise IndexUnusable if a package is missing that the cluster engine needs."""
    missing = [name for name in CLUSTER_PACKAGES if find_spec(name) is None]
    if missing:
        raise IndexUnusable(f"the cluster engine needs {', '.join(missing)}: pip install 'wherefrom[cluster]'")


def is_cluster(settings: Settings) -> bool:
    """Return whether the index is in a cluster. Raises IndexUnusable if the packages for it are not installed."""
    if settings.engine == "embedded":
        return False
    check_cluster_packages()
    return True


def refuse_cluster(settings: Settings, instead: str) -> None:
    """Raise InvalidSetting if the index is in a cluster, for a command that works on a data folder."""
    if settings.engine != "embedded":
        raise InvalidSetting("engine", f"this command works on a data folder; {instead}")


@contextmanager
def open_catalog(settings: Settings) -> Iterator[ReadableCatalog]:
    """Open the catalog for reading. Raises IndexUnusable."""
    if is_cluster(settings):
        from wherefrom.index.cluster import maintenance  # noqa: PLC0415 - an extra

        with maintenance.open_catalog(settings.cluster()[0]) as in_database:
            yield in_database
        return
    with closing(open_for_reading(settings.data)) as catalog, catalog.connection.translating_errors():
        yield catalog


def place_and_size(settings: Settings) -> tuple[str, int]:
    """Return the name of the place of the index, and its size in bytes."""
    if is_cluster(settings):
        from wherefrom.index.cluster import maintenance  # noqa: PLC0415 - an extra

        return "PostgreSQL", maintenance.database_bytes(settings.cluster()[0])
    size = sum(file.stat().st_size for file in settings.data.rglob("*") if file.is_file())
    return str(settings.data), size


def has_files(settings: Settings) -> bool:
    """Return whether the index may have documents that were indexed from files."""
    if not is_cluster(settings):
        return has_indexed_files(settings.data)
    from wherefrom.index.cluster import maintenance  # noqa: PLC0415 - an extra

    return maintenance.has_files(settings.cluster()[0])


def remove(settings: Settings, document_ids: Sequence[str]) -> None:
    """Remove documents, all of them or none. Raises DocumentNotFound."""
    if is_cluster(settings):
        from wherefrom.index.cluster import maintenance  # noqa: PLC0415 - an extra

        maintenance.remove_from(settings.cluster()[0], document_ids, wait=settings.lock_seconds)
        return
    from wherefrom.index.storage.writer import remove_from  # noqa: PLC0415 - only needed here

    remove_from(settings.data, document_ids, wait=settings.lock_seconds)
