"""Removes folders so that a process killed meanwhile leaves none that looks complete.

A folder is renamed to deleted-* before its files are deleted. Leftovers of a killed process are deleted later.
"""

import shutil
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

PREFIX = "deleted-"


def remove_folder(folder: Path) -> None:
    """Rename a folder, then delete it; does nothing if it does not exist. Files that cannot be deleted are left."""
    renamed = folder.with_name(f"{PREFIX}{uuid4().hex}")
    try:
        folder.rename(renamed)
    except OSError:
        return
    shutil.rmtree(renamed, ignore_errors=True)


def is_leftover(path: Path) -> bool:
    """Return whether a path has the name of a folder whose deletion was interrupted."""
    return path.name.startswith(PREFIX)


def remove_leftovers(parent: Path) -> None:
    """Delete the folders in `parent` whose deletion was interrupted."""
    with suppress(OSError):
        for path in parent.iterdir():
            if is_leftover(path):
                shutil.rmtree(path, ignore_errors=True)
