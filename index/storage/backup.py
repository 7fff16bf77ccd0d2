"""Backs up a collection's catalog to a single file while it is in use, and restores it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

from wherefrom.index.errors import IndexDamaged, IndexUnusable
from wherefrom.index.files.folder_removal import is_leftover, remove_folder
from wherefrom.index.storage import integrity, row_checks, schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection, connect_for_reading, translating_errors
from wherefrom.index.storage.leftovers import IMPORT_FOLDER, RESTORE_FOLDER, check_is_kept
from wherefrom.index.storage.write_lock import HOLDER_FILE, LOCK_FILE, WAIT_SECONDS, WriteLock, unwritable

PAGES_PER_STEP = 4096
"""Number of SQLite pages copied between two calls of `progress`."""
SQLITE_HEADER = b"SQLite format 3\0"
WRITE_ERRORS = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC")
"""The errors of copying that are errors of the copy, not of the file that is copied."""
IGNORED_NAMES = {"models", LOCK_FILE, HOLDER_FILE, RESTORE_FOLDER, IMPORT_FOLDER}
"""Names that a folder may contain and still count as empty."""

Progress = Callable[[int, int], None]
"""A callback that gets the number of pages copied and their total."""


def backup(data: Path, destination: Path, progress: Progress | None = None) -> int:
    """Copy the catalog of a data folder to a new file, check the copy, and flush it to disk.

    The copy is one consistent state, isolated from concurrent writes. Returns the number of documents. Raises
    IndexUnusable if there is no catalog, it is damaged, or the destination exists or cannot be written.
    """
    if not (data / CATALOG).exists():
        raise IndexUnusable(f"{data} holds no index to back up")
    if destination.exists():
        raise IndexUnusable(f"{destination} already exists; name a new file")
    if not destination.parent.is_dir():
        raise IndexUnusable(f"{destination} cannot be written: {destination.parent} is no folder")
    check_is_kept(destination, data)
    partial = destination.with_name(f"{destination.name}.{uuid4().hex[:8]}.partial")
    try:
        partial.touch()
        documents = _copy_checked(data / CATALOG, partial, progress)
        _fsync(partial)
        partial.rename(destination)
        _fsync(destination.parent)
    except OSError as error:
        raise unwritable(destination, error) from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):  # on a read-only disk there is none
                partial.with_name(partial.name + suffix).unlink(missing_ok=True)
    return documents


def restore(source: Path, data: Path, *, replace: bool = False, wait: float = WAIT_SECONDS) -> int:
    """Check a backup completely and restore it into a data folder, which must be empty unless `replace` is true.

    Processes that read the folder see the restored state in a single step. `wait` is the time limit in seconds for
    waiting for a process that writes to the folder. Returns the number of documents. Raises IndexLocked if that process
    does not finish in time, IndexDamaged if the backup is damaged, and IndexUnusable if there is no backup, or the
    folder is not empty or cannot be written to.
    """
    if source.is_dir():
        raise IndexUnusable(f"{source} is not a backup: it is a folder; `wherefrom import` reads exports")
    if not source.is_file():
        raise IndexUnusable(f"{source} is not a backup: there is no such file")
    with source.open("rb") as file:
        if file.read(len(SQLITE_HEADER)) != SQLITE_HEADER:
            raise IndexUnusable(f"{source} is not a backup: it is not a SQLite database")
    prepare_folder(data, replace=replace)
    with WriteLock(data, wait).held():
        temporary = data / RESTORE_FOLDER
        remove_folder(temporary)
        temporary.mkdir()
        try:
            documents = _copy_checked(source, temporary / CATALOG, None)
            put_in_place(temporary / CATALOG, data / CATALOG)
        except IndexDamaged as error:
            reason = f"{source} is damaged ({error.detail or error}); nothing was restored: restore another backup"
            raise IndexDamaged(reason) from error
        finally:
            remove_folder(temporary)
    return documents


def prepare_folder(data: Path, *, replace: bool) -> None:
    """Create a data folder for a new index; an existing one must be empty unless `replace` is true.

    Raises IndexUnusable.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in data.iterdir() if not is_leftover(path)} - IGNORED_NAMES
    except OSError as error:
        raise unwritable(data, error) from error
    if names and not replace:
        raise IndexUnusable(
            f"{data} is not empty; name another folder, or overwrite it with --replace: its current index is lost"
        )


def check_catalog(catalog: Connection) -> None:
    """Check a catalog from another origin completely, row by row. Raises IndexDamaged."""
    integrity.check(catalog)
    row_checks.check(Catalog(catalog))


def overwrite(target: Connection, source: Path) -> None:
    """Replace the contents of an open catalog by those of another in one SQLite transaction: readers see either state.

    The revision of the source is raised above that of the target. The file cannot be renamed into place instead: the
    write-ahead log of a reader would then belong to another file than the one beside it.
    """
    with target.translating_errors():
        next_revision = int(schema.read_manifest(target.sqlite)["revision"]) + 1
    replacement = Connection(source)
    try:
        with replacement.transaction() as db:
            db.execute("UPDATE manifest SET value = value + ? WHERE key = 'revision'", (next_revision,))
        with target.translating_errors():
            replacement.sqlite.backup(target.sqlite)
    finally:
        replacement.close()


def put_in_place(new: Path, path: Path) -> None:
    """Put a catalog at a path, over an existing one; one that is empty or too damaged is renamed to damaged-*."""
    if path.exists() and not _try_overwrite(path, new):
        for suffix in ("", "-wal", "-shm"):
            old = path.with_name(path.name + suffix)
            if old.exists():
                old.rename(path.with_name(f"damaged-{uuid4().hex[:8]}-{old.name}"))
    if not path.exists():
        _fsync(new)
        new.rename(path)
        _fsync(path.parent)


def _try_overwrite(path: Path, source: Path) -> bool:
    """Overwrite a catalog; return whether that was possible."""
    try:
        target = Connection(path)
        try:
            with target.translating_errors():
                if schema.is_blank(target.sqlite):
                    return False
            overwrite(target, source)
        finally:
            target.close()
    except (IndexDamaged, KeyError, ValueError):
        return False
    return True


def _copy_checked(source: Path, destination: Path, progress: Progress | None) -> int:
    """Copy a catalog to a new file, check the copy completely, and return the number of documents."""
    target = Connection(destination, create=True)
    try:
        _copy_pages(source, target, progress)
        check_catalog(target)
        with target.translating_errors():
            target.sqlite.execute("PRAGMA journal_mode = DELETE")
            return int(schema.read_manifest(target.sqlite)["documents"])
    finally:
        target.close()


def _copy_pages(source: Path, target: Connection, progress: Progress | None) -> None:
    """Copy all pages of one state of a file. Raises IndexUnusable, naming the file that has the problem."""
    with translating_errors(source), closing(connect_for_reading(source)) as origin:
        origin.execute("BEGIN")
        schema.check_schema(origin, source)
        schema.check_tables(origin, source)  # the first read starts the transaction: all later reads see one state
        try:
            origin.backup(target.sqlite, pages=PAGES_PER_STEP, progress=_sqlite_progress(progress))
        except sqlite3.Error as error:
            if not getattr(error, "sqlite_errorname", "").startswith(WRITE_ERRORS):
                raise
            with target.translating_errors():
                raise


def _sqlite_progress(progress: Progress | None) -> Callable[[int, int, int], object] | None:
    """Adapt a callback to SQLite, which passes the number of remaining pages."""
    return None if progress is None else lambda _, remaining, total: progress(total - remaining, total)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
