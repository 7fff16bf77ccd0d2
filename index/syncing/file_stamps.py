"""Detects files that are unchanged since they were last read, by the file system's metadata."""

import time
from pathlib import Path

SETTLED_SECONDS = 2.0
"""Minimum age in seconds of a file's last change at which its times will show a further change."""
Stamp = tuple[int, int, int, int, int]


class FileStamps:
    """The device, inode, size and times of files that were read. Some file systems record times in steps of 2 s."""

    def __init__(self) -> None:
        self._read: dict[Path, Stamp] = {}
        self._seen: dict[Path, Stamp] = {}

    def have_changed(self, path: Path) -> bool:
        """Return whether a file may have changed since it was read; call this before reading it."""
        stamp = _stamp(path)
        if stamp is None:
            self._seen.pop(path, None)
            return True
        self._seen[path] = stamp
        return self._read.get(path) != stamp

    def was_read(self, path: Path) -> None:
        """Record that a file was read after `have_changed`."""
        stamp = self._seen.pop(path, None)
        if stamp is None or time.time_ns() - max(stamp[3:]) < SETTLED_SECONDS * 1e9:
            self._read.pop(path, None)
        else:
            self._read[path] = stamp

    def forget(self) -> None:
        """Treat every file as changed."""
        self._read.clear()
        self._seen.clear()


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
