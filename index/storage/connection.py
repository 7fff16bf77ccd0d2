"""Connections to a SQLite file: durable transactions, consistent reads, and translation of SQLite's errors."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from wherefrom.index.errors import IndexDamaged, IndexLocked, IndexUnusable, StorageFull, StorageReadOnly
from wherefrom.index.storage.serialization import UnreadableValue

BUSY_TIMEOUT_SECONDS = 10.0
DAMAGED = (
    "{path} is damaged ({detail}){outcome}. Restore the data folder from a backup,"
    " or move it away and run `wherefrom index` on the articles again"
)
NOTHING_CHANGED = "; nothing was changed"
"""The outcome in the message of an error before a commit."""
UNKNOWN_OUTCOME = "; it is not certain that the change was stored: read the document again"
"""The outcome in the message of an error of the commit: the change may be on disk despite the error."""


class Connection:
    """A connection to a SQLite file, for one thread at a time. A committed transaction is on disk.

    `sqlite` is the underlying connection. If the folder cannot be written to and the file not opened for writing, the
    file is opened read-only.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open a file; create it if it does not exist and `create` is true.

        Raises IndexDamaged, IndexLocked, StorageFull, StorageReadOnly or another IndexUnusable.
        """
        self.path = path
        if not create:
            _check_not_empty(path)
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
        """Commit all changes made inside, or none on an exception; a nested transaction is part of the outer one.

        Errors before the commit say that nothing was changed; an error of the commit says so only if it is certain.
        """
        if self.sqlite.in_transaction:
            yield self.sqlite
            return
        with translating_errors(self.path, NOTHING_CHANGED):
            self.sqlite.execute("BEGIN IMMEDIATE")
            try:
                yield self.sqlite
            except BaseException:
                self._roll_back()
                raise
        with translating_errors(self.path, UNKNOWN_OUTCOME):
            try:
                self.sqlite.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the file, isolated from concurrent writes; may be nested."""
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
        if self.sqlite.in_transaction:  # SQLite itself rolls back if the disk is full
            self.sqlite.execute("ROLLBACK")

    def translating_errors(self) -> AbstractContextManager[None]:
        """Translate SQLite's errors into our own, which name the file and a remedy."""
        return translating_errors(self.path)


def _check_not_empty(path: Path) -> None:
    """Raise IndexDamaged for an empty file: SQLite would take it for a new one, and delete the log beside it."""
    with suppress(OSError):  # opening the file will report the problem
        if not path.stat().st_size:
            raise damaged(path, "it is empty")


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

    Raises StorageReadOnly if the write-ahead log has changes, since they cannot be read without that index.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StorageReadOnly(f"{path} has changes in {log.name}, which can only be read in a folder that is writable")
    return _connect(path, "mode=ro&immutable=1")


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """Connect to a file that may be of another origin or on a read-only disk; nothing in it is changed.

    Raises IndexDamaged if it is empty, sqlite3.Error, and StorageReadOnly like `_connect_read_only`.
    """
    _check_not_empty(path)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if not path.exists() or _is_writable(path.parent):
            raise
        return _connect_read_only(path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translating_errors(path: Path, outcome: str = "") -> Iterator[None]:
    """Translate SQLite's errors on a file into our own, which name the file and a remedy.

    `outcome` is the state of a change for the messages: NOTHING_CHANGED, UNKNOWN_OUTCOME, or empty for reading.
    """
    try:
        yield
    except UnreadableValue as error:
        raise damaged(path, str(error), outcome) from error
    except sqlite3.Error as error:
        raise _translate(path, error, outcome) from error


def damaged(path: Path, detail: str, outcome: str = "") -> IndexDamaged:
    """Return the error for a file whose content differs from what was written."""
    detail = " ".join(detail.split())  # SQLite's check has several lines
    error = IndexDamaged(DAMAGED.format(path=path, detail=detail, outcome=outcome))
    error.detail = detail
    return error


def _translate(path: Path, error: sqlite3.Error, outcome: str) -> IndexUnusable:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_BUSY"):
        return IndexLocked(f"{path}: another process is writing to it; try again")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or not name:
        return damaged(path, str(error), outcome)
    if name.startswith("SQLITE_IOERR_SHMSIZE"):  # no room for the index of the write-ahead log, as at opening
        return StorageFull(f"{path}: the disk is full{outcome}: make room and try again")
    if name.startswith("SQLITE_FULL"):  # a commit that does not fit on the disk is incomplete and thus never read
        return StorageFull(f"{path}: the disk is full{NOTHING_CHANGED if outcome else ''}: make room and try again")
    if name.startswith("SQLITE_READONLY"):
        return StorageReadOnly(f"{path} cannot be written to{NOTHING_CHANGED if outcome else ''}")
    return IndexUnusable(f"{path}: {error}{outcome}")
