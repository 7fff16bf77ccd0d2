"""Connections to a data folder's catalog for reading: one per thread at a time, reused."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wherefrom.index.errors import IndexUnusable
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection


class CatalogPool:
    """Reading connections to one catalog. Thread-safe."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._path = data / CATALOG
        self._file = _file_identity(self._path)
        self._idle: list[Catalog] = []  # `append` and `pop` of a list are atomic
        self._closed = False

    def add(self, catalog: Catalog) -> None:
        """Add an open connection."""
        self._idle.append(catalog)

    @contextmanager
    def reader(self) -> Iterator[Catalog]:
        """Hold a catalog at its current state, for one thread. Raises IndexUnusable (see `check_open`)."""
        self.check_open()
        try:
            catalog = self._idle.pop()
        except IndexError:
            catalog = Catalog(Connection(self._path))
        try:
            with catalog.connection.snapshot():
                yield catalog
        finally:
            self._idle.append(catalog)
            if self._closed:
                self._close_idle()

    def check_open(self) -> None:
        """Raise IndexUnusable if the pool is closed, or if another file is at the catalog's path."""
        if self._closed:
            raise IndexUnusable(f"{self._data} was closed")
        if _file_identity(self._path) != self._file:
            raise IndexUnusable(f"{self._path} was moved or deleted while it was open; start again")

    def close(self) -> None:
        """Close every connection: those in use when they are returned."""
        self._closed = True
        self._close_idle()

    def _close_idle(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()


def _file_identity(path: Path) -> tuple[int, int] | None:
    """Return the device and inode of the file at a path, `None` if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
