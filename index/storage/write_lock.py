"""The write lock of a data folder: one process holds it at a time, and a file names the holder."""

import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from wherefrom.index.errors import IndexLocked, IndexUnusable, StorageFull, StorageReadOnly

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"
WAIT_SECONDS = 5.0
"""Default time limit in seconds for waiting for another process."""
POLL_SECONDS = 0.02
READ_ONLY_ERRNOS = (errno.EROFS, errno.EACCES, errno.EPERM)


class WriteLock:
    """The write lock of a data folder, held during a change. Reentrant: its holder may acquire it again."""

    def __init__(self, data: Path, wait: float = WAIT_SECONDS) -> None:
        self._data = data
        self._wait = wait
        self._lock = FileLock(data / LOCK_FILE, thread_local=False)
        self.observer: Callable[[float], None] | None = None
        """Called with the time in seconds that each change waited, successfully or not."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises IndexLocked, naming the holder, if another process does not release it in time; StorageReadOnly if the
        folder cannot be written to; and StorageFull if the disk is full.
        """
        self._acquire()
        try:
            yield
        finally:
            if self._lock.lock_counter == 1:
                with suppress(OSError):
                    (self._data / HOLDER_FILE).unlink()
            self._lock.release()

    def _acquire(self) -> None:
        started = None if self._lock.is_locked else time.perf_counter()
        try:
            self._lock.acquire(timeout=self._wait, poll_interval=POLL_SECONDS)
        except Timeout as error:
            reason = f"{_holder(self._data)} is writing to it; waited {self._wait:g} s, try again when it is done"
            raise IndexLocked(f"{self._data}: {reason}") from error
        except OSError as error:
            raise unwritable(self._data, error) from error
        finally:
            if started is not None and self.observer is not None:
                self.observer(time.perf_counter() - started)
        if self._lock.lock_counter == 1:
            with suppress(OSError):  # the file only informs people; the lock works without it
                (self._data / HOLDER_FILE).write_text(json.dumps(_this_process()))


def unwritable(path: Path, error: OSError) -> IndexUnusable:
    """Return the error for a path that cannot be written to, depending on the cause."""
    if error.errno in READ_ONLY_ERRNOS:
        return StorageReadOnly(f"{path} cannot be written to: {error.strerror}")
    if error.errno == errno.ENOSPC:
        return StorageFull(f"{path} cannot be written to: the disk is full; make room and try again")
    return IndexUnusable(f"{path} cannot be written to: {error.strerror}")


def _this_process() -> dict[str, str | int]:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    return {"pid": os.getpid(), "program": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]), "since": since}


def _holder(data: Path) -> str:
    """Return a description of the process that holds the lock, with the details from the holder file."""
    try:
        holder = json.loads((data / HOLDER_FILE).read_text())
        return f"another process ({holder['program']}, pid {holder['pid']}, since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
