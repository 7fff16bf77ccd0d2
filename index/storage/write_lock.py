"""The right to write to a data folder: one process has it at a time, and says who it is while it does."""

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from wherefrom.index.errors import IndexLocked, IndexUnusable, StorageFull, StorageReadOnly

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"
WAIT_SECONDS = 5.0
POLL_SECONDS = 0.02
READ_ONLY_ERRNOS = (errno.EROFS, errno.EACCES, errno.EPERM)


class WriteLock:
    """A data folder's lock, taken for as long as a change takes; whoever holds it may take it again."""

    def __init__(self, data: Path, wait: float = WAIT_SECONDS) -> None:
        self._data = data
        self._wait = wait
        self._lock = FileLock(data / LOCK_FILE, thread_local=False)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock. Raises IndexLocked, naming who has it, where it is not given back while we wait.

        Raises StorageReadOnly where nobody may write to the folder, and StorageFull where the disk is full.
        """
        self._take()
        try:
            yield
        finally:
            if self._lock.lock_counter == 1:
                with suppress(OSError):
                    (self._data / HOLDER_FILE).unlink()
            self._lock.release()

    def _take(self) -> None:
        try:
            self._lock.acquire(timeout=self._wait, poll_interval=POLL_SECONDS)
        except Timeout as error:
            reason = f"{_holder(self._data)} is writing to it; waited {self._wait:g} s, try again when it is done"
            raise IndexLocked(f"{self._data}: {reason}") from error
        except OSError as error:
            raise unwritable(self._data, error) from error
        if self._lock.lock_counter == 1:
            with suppress(OSError):  # who it is is for people; the lock holds without it
                (self._data / HOLDER_FILE).write_text(json.dumps(_ourselves()))


def unwritable(path: Path, error: OSError) -> IndexUnusable:
    """The error for a place that cannot be written to, by why it cannot."""
    if error.errno in READ_ONLY_ERRNOS:
        return StorageReadOnly(f"{path} cannot be written to: {error.strerror}")
    if error.errno == errno.ENOSPC:
        return StorageFull(f"{path} cannot be written to: the disk is full; make room and try again")
    return IndexUnusable(f"{path} cannot be written to: {error.strerror}")


def _ourselves() -> dict[str, str | int]:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    return {"pid": os.getpid(), "program": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]), "since": since}


def _holder(data: Path) -> str:
    """Who holds the lock, as far as it has said."""
    try:
        told = json.loads((data / HOLDER_FILE).read_text())
        return f"another process ({told['program']}, pid {told['pid']}, since {told['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
