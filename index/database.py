"""A connection to a SQLite file: durable transactions, steady reads, and damage reported as our own error."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexLocked, IndexUnusable, StorageFull, StorageReadOnly

BUSY_SECONDS = 10.0
DAMAGE = (
    "{path} is damaged ({detail}); nothing was changed. Restore the data folder from a backup,"
    " or move it away and run `wherefrom index` on the articles again"
)


class Database:
    """One connection, for one thread at a time; a commit is on the disk when it returns."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        uri = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        with self.reporting_damage():
            self.connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
            )
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.execute("PRAGMA foreign_keys = ON")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make everything written inside durable together, or not at all; a nested one ends with the outer."""
        if self.connection.in_transaction:
            yield self.connection
            return
        with self.reporting_damage():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self._roll_back()
                raise
            self.connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read everything inside from one state, whatever is written meanwhile; may be nested."""
        if self.connection.in_transaction:
            yield self.connection
            return
        with self.reporting_damage():
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self._roll_back()

    def _roll_back(self) -> None:
        if self.connection.in_transaction:  # SQLite has done so itself where the disk is full
            self.connection.execute("ROLLBACK")

    @contextmanager
    def reporting_damage(self) -> Iterator[None]:
        """Turn SQLite's errors into IndexUnusable, naming the file and what to do."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            if name.startswith("SQLITE_BUSY"):
                raise IndexLocked(f"{self.path}: another process is writing to it; try again") from error
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or not name:
                raise damaged(self.path, str(error)) from error
            if name.startswith("SQLITE_FULL"):
                raise StorageFull(
                    f"{self.path}: the disk is full; nothing was changed: make room and try again"
                ) from error
            if name.startswith("SQLITE_READONLY"):
                raise StorageReadOnly(f"{self.path} cannot be written to; nothing was changed") from error
            raise IndexUnusable(f"{self.path}: {error}; nothing was changed") from error


def damaged(path: Path, detail: str) -> IndexUnusable:
    """The error for a file whose content is not what was written."""
    return IndexUnusable(DAMAGE.format(path=path, detail=detail))
