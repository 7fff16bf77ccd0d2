"""Connections to a SQLite file: durable transactions, consistent reads, and SQLite's errors translated into our own."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from wherefrom.index.errors import IndexDamaged, IndexLocked, IndexUnusable, StorageFull, StorageReadOnly

BUSY_TIMEOUT_SECONDS = 10.0
DAMAGED = (
    "{path} is damaged ({detail}); nothing was changed. Restore the data folder from a backup,"
    " or move it away and run `wherefrom index` on the articles again"
)


class Connection:
    """A connection to a SQLite file, for one thread at a time. A committed transaction is on disk.

    `sqlite` is the underlying connection. Where neither the file nor its folder can be written to, the file is opened
    read-only.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open a file; create it if it does not exist and `create` is true.

        Raises IndexDamaged, IndexLocked, StorageFull, StorageReadOnly or another IndexUnusable.
        """
        self.path = path
        with self.translating_errors():
            try:
                self.sqlite = _connect(path, "mode=rwc" if create else "mode=rw")
            except sqlite3.OperationalError:
                if not path.exists() or _is_writable(path.parent):
                    raise
                self.sqlite = _connect_read_only(path)

    def close(self) -> None:
        """Close the connection."""
        self.sqlite.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit all changes made inside, or none if an exception is raised; a nested one is part of the outer one."""
        if self.sqlite.in_transaction:
            yield self.sqlite
            return
        with self.translating_errors():
            self.sqlite.execute("BEGIN IMMEDIATE")
            try:
                yield self.sqlite
            except BaseException:
                self._roll_back()
                raise
            self.sqlite.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the file, whatever is written meanwhile; may be nested."""
        if self.sqlite.in_transaction:
            yield self.sqlite
            return
        with self.translating_errors():
            self.sqlite.execute("BEGIN")
            try:
                yield self.sqlite
            finally:
                self._roll_back()

    def _roll_back(self) -> None:
        if self.sqlite.in_transaction:  # SQLite rolls back by itself if the disk is full
            self.sqlite.execute("ROLLBACK")

    def translating_errors(self) -> AbstractContextManager[None]:
        """Translate SQLite's errors into our own, which name the file and say what to do."""
        return translating_errors(self.path)


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_SECONDS
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Connect to a file in a folder that cannot be written to, where SQLite cannot create the log's index.

    Raises StorageReadOnly if the write-ahead log holds changes, since they cannot be read without that index.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StorageReadOnly(f"{path} has changes in {log.name}, which can only be read in a folder that is writable")
    return _connect(path, "mode=ro&immutable=1")


@contextmanager
def translating_errors(path: Path) -> Iterator[None]:
    """Translate SQLite's errors on a file into our own, which name the file and say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(path, error) from error


def damaged(path: Path, detail: str) -> IndexDamaged:
    """Return the error for a file whose content is not what was written."""
    return IndexDamaged(DAMAGED.format(path=path, detail=detail))


def _translate(path: Path, error: sqlite3.Error) -> IndexUnusable:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_BUSY"):
        return IndexLocked(f"{path}: another process is writing to it; try again")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or not name:
        return damaged(path, str(error))
    if name.startswith("SQLITE_FULL"):
        return StorageFull(f"{path}: the disk is full; nothing was changed: make room and try again")
    if name.startswith("SQLITE_READONLY"):
        return StorageReadOnly(f"{path} cannot be written to; nothing was changed")
    return IndexUnusable(f"{path}: {error}; nothing was changed")
