"""Removes folders so that a process which is killed meanwhile leaves none that looks whole.

A folder is renamed to deleted-* before its files are deleted. What a killed process has left goes at the next start.
"""

import shutil
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

PREFIX = "deleted-"


def remove_folder(folder: Path) -> None:
    """Rename a folder, then delete it; nothing happens if there is none. What cannot be deleted stays."""
    renamed = folder.with_name(f"{PREFIX}{uuid4().hex}")
    try:
        folder.rename(renamed)
    except OSError:
        return
    shutil.rmtree(renamed, ignore_errors=True)


def is_leftover(path: Path) -> bool:
    """Return whether a path is a folder that was to be deleted."""
    return path.name.startswith(PREFIX)


def remove_leftovers(parent: Path) -> None:
    """Delete the folders in `parent` whose deletion was interrupted."""
    with suppress(OSError):
        for path in parent.iterdir():
            if is_leftover(path):
                shutil.rmtree(path, ignore_errors=True)
