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
UNFINISHED = (REBUILD_FOLDER, RESTORE_FOLDER, IMPORT_FOLDER)


def check_is_kept(path: Path, data: Path) -> None:
    """Raise IndexUnusable if a path has a name in the data folder that the next start would take for a leftover."""
    if path.parent.resolve() == data.resolve() and (path.name in UNFINISHED or is_leftover(path)):
        raise IndexUnusable(f"{path} would be deleted: in a data folder, unfinished work has this name; name another")


def remove_unfinished(data: Path) -> None:
    """Delete leftovers, unless another process is writing or the folder cannot be written to."""
    unfinished = [data / name for name in UNFINISHED]
    try:
        if not any(path.exists() for path in unfinished) and not any(map(is_leftover, data.iterdir())):
            return
        with WriteLock(data, wait=0).held():
            for path in unfinished:
                remove_folder(path)
            remove_leftovers(data)
    except (IndexUnusable, OSError):  # another process is writing, or the folder cannot be listed or written to
        return
