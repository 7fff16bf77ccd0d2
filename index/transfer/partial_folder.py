"""A folder that is written beside its destination and renamed to it when it is complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from wherefrom.index.errors import IndexUnusable
from wherefrom.index.files.folder_removal import remove_folder
from wherefrom.index.storage.write_lock import unwritable


@contextmanager
def partial_folder(destination: Path, *, continued: bool = False) -> Iterator[Path]:
    """Hold the folder DESTINATION.partial, to be filled and then given to `put_in_place`.

    It is empty at first, and deleted on exit unless it was put in place; with `continued` it holds the files of an
    earlier attempt, and stays for the next one. Raises IndexUnusable if the destination exists and is not empty, or if
    another process is filling the folder.
    """
    try:
        if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
            raise IndexUnusable(f"{destination} already exists and is not empty; name a new folder")
        destination.parent.mkdir(parents=True, exist_ok=True)
        partial = destination.with_name(f"{destination.name}.partial")
        lock = FileLock(destination.with_name(f"{partial.name}.lock"))
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexUnusable(f"{destination.name}.partial is being written by another process") from error
    except OSError as error:
        raise unwritable(destination, error) from error
    try:
        if not continued:
            remove_folder(partial)
        partial.mkdir(exist_ok=True)
        yield partial
    except OSError as error:
        raise unwritable(destination, error) from error
    finally:
        if not continued:
            remove_folder(partial)
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def put_in_place(partial: Path, destination: Path) -> None:
    """Rename a complete folder durably; the destination may be an empty folder."""
    for path in partial.rglob("*"):
        flush(path)
    flush(partial)
    partial.rename(destination)
    flush(destination.parent)


def flush(path: Path) -> None:
    """Flush a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
