"""A copy of a collection's catalog as one file, made while it is used, and the way back."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from wherefrom.index.errors import IndexDamaged, IndexUnusable
from wherefrom.index.storage import integrity, schema
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.connection import Connection, translating_errors
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock, unwritable

PAGES_PER_STEP = 4096
RESTORE_FOLDER = "restore"
EXPECTED_IN_EMPTY_FOLDER = {"models", "writer.lock", "writer.json", RESTORE_FOLDER}
"""What may lie in a folder that counts as empty."""

Progress = Callable[[int, int], None]
"""Called with the pages copied and those there are."""


def backup(data: Path, destination: Path, progress: Progress | None = None) -> int:
    """Copy the catalog to a file that is not there yet, checked and on the disk when this returns.

    It is the state of one moment, whatever is written meanwhile. Returns the number of documents.
    """
    if not (data / CATALOG).exists():
        raise IndexUnusable(f"{data} holds no index to back up")
    if destination.exists():
        raise IndexUnusable(f"{destination} is there already; name a file that is not")
    aside = destination.with_name(f"{destination.name}.{uuid4().hex[:8]}.partial")
    try:
        documents = _copy(data / CATALOG, aside, progress)
        _sync(aside)
        aside.rename(destination)
        _sync(destination.parent)
    except OSError as error:
        raise unwritable(destination, error) from error
    finally:
        aside.unlink(missing_ok=True)
    return documents


def restore(source: Path, data: Path, *, replace: bool = False, wait: float = WAIT_SECONDS) -> int:
    """Make a data folder of a backup, checked whole; one that holds something is refused unless `replace` is said.

    A process that reads the folder sees the restored state in one step; one that is writing to it keeps us out
    (IndexLocked). Returns the number of documents.
    """
    if not source.is_file():
        raise IndexUnusable(f"{source} is not a backup: there is no such file")
    try:
        data.mkdir(parents=True, exist_ok=True)
        held = {path.name for path in data.iterdir()} - EXPECTED_IN_EMPTY_FOLDER
    except OSError as error:
        raise unwritable(data, error) from error
    if held and not replace:
        raise IndexUnusable(f"{data} is not empty; name another folder, or say --replace to lose what it holds")
    with WriteLock(data, wait).held():
        aside = data / RESTORE_FOLDER
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        try:
            documents = _copy(source, aside / CATALOG, None)
            _put_in_place(aside / CATALOG, data / CATALOG)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return documents


def overwrite(old: Connection, made: Path) -> None:
    """Copy a catalog over another as one SQLite transaction, so that readers of the old one are not torn.

    Renaming it into place would leave a reader's write-ahead log beside a file that it does not belong to.
    """
    with old.translating_errors():
        later = int(schema.read_manifest(old.sqlite)["revision"]) + 1
    new = Connection(made)
    try:
        with new.transaction() as db:
            db.execute("UPDATE manifest SET value = value + ? WHERE key = 'revision'", (later,))
        with old.translating_errors():
            new.sqlite.backup(old.sqlite)
    finally:
        new.close()


def _put_in_place(made: Path, path: Path) -> None:
    """Put a catalog where another may be; one that is damaged beyond copying over it is moved aside."""
    if path.exists() and not _overwritten(made, path):
        for suffix in ("", "-wal", "-shm"):
            lost = path.with_name(path.name + suffix)
            if lost.exists():
                lost.rename(path.with_name(f"damaged-{uuid4().hex[:8]}-{lost.name}"))
    if not path.exists():
        _sync(made)
        made.rename(path)
        _sync(path.parent)


def _overwritten(made: Path, path: Path) -> bool:
    try:
        old = Connection(path)
        try:
            overwrite(old, made)
        finally:
            old.close()
    except (IndexDamaged, KeyError, ValueError):
        return False
    return True


def _copy(source: Path, destination: Path, progress: Progress | None) -> int:
    """Copy a catalog to a file of its own and check it whole."""
    target = Connection(destination, create=True)
    try:
        with translating_errors(source):
            _fill(target, source, progress)
        schema.check_schema(target.sqlite, source)
        integrity.check(target)
        with target.translating_errors():
            target.sqlite.execute("PRAGMA journal_mode = DELETE")
            return int(schema.read_manifest(target.sqlite)["documents"])
    finally:
        target.close()


def _fill(target: Connection, source: Path, progress: Progress | None) -> None:
    origin = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    try:
        schema.check_application(origin, source)
        origin.execute("BEGIN")
        schema.read_manifest(origin)  # from here on the origin is held at one state
        origin.backup(target.sqlite, pages=PAGES_PER_STEP, progress=_told(progress))
    finally:
        origin.close()


def _told(progress: Progress | None) -> Callable[[int, int, int], object] | None:
    """What SQLite calls with the pages that remain, for what is called with those that are done."""
    return None if progress is None else lambda _, remaining, total: progress(total - remaining, total)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
