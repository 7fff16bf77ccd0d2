"""A pool of reading connections to a data folder's catalog: one per thread at a time, reused."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from wherefrom.index.errors import IndexUnusable
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection, damaged

HEADER_BYTES = 100
SQLITE_MAGIC = b"SQLite format 3\0"


def open_for_reading(data: Path) -> Catalog:
    """Open the catalog of a data folder without checking its model. Raises IndexUnusable, IndexMismatch."""
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index; run `wherefrom index PATH ...`")
    catalog = Catalog(Connection(path))
    try:
        with catalog.connection.snapshot() as db:
            schema.check_schema(db, path)
            schema.check_complete(schema.read_manifest(db), path)
    except BaseException:
        catalog.close()
        raise
    return catalog


def has_indexed_files(data: Path) -> bool:
    """Return whether a data folder may have documents that were read from files; true if it cannot be read."""
    if not (data / CATALOG).exists():
        return False
    try:
        with closing(open_for_reading(data)) as catalog, catalog.connection.translating_errors():
            return catalog.has_files()
    except IndexUnusable:  # opening it for writing will report the problem
        return True


class CatalogPool:
    """Reading connections to one catalog. Thread-safe."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._path = data / CATALOG
        self._file, self._size = _file_identity_and_size(self._path)
        self._idle: list[Catalog] = []  # `append` and `pop` of a list are atomic
        self._closed = False

    def add(self, catalog: Catalog) -> None:
        """Add an open connection."""
        self._idle.append(catalog)

    @contextmanager
    def reader(self) -> Iterator[Catalog]:
        """Hold a connection with a snapshot of the current state, for one thread. Raises as `check_open` does."""
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
        """Raise IndexUnusable if the pool is closed, or if another file is at the catalog's path.

        Raises IndexDamaged if the file is shorter than before and than the size in its header.
        """
        if self._closed:
            raise IndexUnusable(f"{self._data} was closed")
        file, size = _file_identity_and_size(self._path)
        if file != self._file:
            raise IndexUnusable(f"{self._path} was moved or deleted while it was open; start again")
        if size < self._size and size < (
            expected := _expected_bytes(self._path, self._size)
        ):  # a restore may shorten it too
            raise damaged(self._path, f"it was cut to {size} bytes while it was open, where it had {expected}")
        self._size = size

    def close(self) -> None:
        """Close every connection; one in use is closed when it is returned."""
        self._closed = True
        self._close_idle()

    def _close_idle(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()


def _expected_bytes(path: Path, otherwise: int) -> int:
    """Return the size in bytes by a SQLite file's header, or `otherwise` if the header cannot be read."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError:
        return otherwise
    if len(header) < HEADER_BYTES or not header.startswith(SQLITE_MAGIC):
        return otherwise
    page_bytes = int.from_bytes(header[16:18]) or 1
    return (65_536 if page_bytes == 1 else page_bytes) * int.from_bytes(header[28:32])


def _file_identity_and_size(path: Path) -> tuple[tuple[int, int] | None, int]:
    """Return the device and inode of the file at a path, `None` if there is none, and its size in bytes."""
    try:
        status = path.stat()
    except OSError:
        return None, 0
    return (status.st_dev, status.st_ino), status.st_size
