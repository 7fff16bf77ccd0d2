"""Deletes leftovers of killed processes in a data folder: unfinished rebuilds, restores, imports and deletions.

All of these run under the write lock, so its holder knows that none is running.
"""

from pathlib import Path

from wherefrom.index.errors import IndexUnusable
from wherefrom.index.files.folder_removal import is_leftover, remove_folder, remove_leftovers
from wherefrom.index.storage.write_lock import WriteLock

REBUILD_FOLDER = "rebuild"
"""The folder, inside the data folder, in which a rebuild builds the new index."""
RESTORE_FOLDER = "restore"
"""The folder, inside the data folder, in which a backup is checked before it replaces the catalog."""
IMPORT_FOLDER = "import"
"""The folder, inside the data folder, in which an import builds the new index."""


def remove_unfinished(data: Path) -> None:
    """Delete leftovers, unless another process is writing or the folder cannot be written to."""
    unfinished = [data / name for name in (REBUILD_FOLDER, RESTORE_FOLDER, IMPORT_FOLDER)]
    try:
        if not any(path.exists() for path in unfinished) and not any(map(is_leftover, data.iterdir())):
            return
        with WriteLock(data, wait=0).held():
            for path in unfinished:
                remove_folder(path)
            remove_leftovers(data)
    except (IndexUnusable, OSError):  # another process is writing, or the folder cannot be listed or written to
        return
