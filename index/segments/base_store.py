"""Stores base segments on disk: built in a temporary folder, renamed into place, and loaded again at start-up.

A lost or damaged base is built again from the catalog: no text is embedded again, and answers do not change.
"""

import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from wherefrom.index.engine import Progress
from wherefrom.index.files.folder_removal import remove_folder, remove_leftovers
from wherefrom.index.segments import base_format
from wherefrom.index.segments.base_format import FORMAT, Base
from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.segment_builder import SegmentBuilder
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import damaged
from wherefrom.index.storage.rows import IndexedDocument

logger = logging.getLogger(__name__)

DERIVED_FOLDER = "derived"
"""The folder of base segments in a data folder."""
TEMPORARY_PREFIX = "tmp-"
ABANDONED_SECONDS = 3600
"""Age from which a temporary folder counts as abandoned and is deleted."""


def check_not_emptied(data: Path) -> None:
    """Raise IndexDamaged if a data folder has bases beside an empty catalog, which would be taken for a new one."""
    path = data / CATALOG
    if path.exists() and not path.stat().st_size and _base_folders(data / DERIVED_FOLDER):
        raise damaged(path, "it is empty")


def load(folder: Path, manifest: Mapping[str, str]) -> Base | None:
    """Return the newest base that may have been built from a catalog with this manifest, or `None`.

    Damaged bases are deleted, with a warning, and so are the temporary folders of processes that were killed.
    """
    remove_leftovers(folder)
    _remove_abandoned(folder)
    bases = [base for base_folder in _base_folders(folder) if (base := _load(base_folder, manifest)) is not None]
    return max(bases, key=lambda base: base.revision, default=None)


def build(catalog: Catalog, folder: Path, progress: Progress | None = None) -> Base:
    """Build a base from everything in a catalog and save it; if it cannot be saved, build it in memory."""
    with catalog.connection.snapshot():
        manifest = catalog.manifest()
        try:
            return write_base(_documents(catalog, manifest, progress), manifest, folder)
        except (OSError, RuntimeError) as error:  # FAISS reports a failed write as a RuntimeError
            logger.warning("%s could not be saved and will be built again at the next start: %s", folder, error)
            builder = SegmentBuilder(int(manifest["dimension"]), in_memory)
            builder.add_all(_documents(catalog, manifest, progress))
            return Base(segment=builder.build(), revision=int(manifest["revision"]))


def write_base(documents: Iterable[IndexedDocument], manifest: Mapping[str, str], folder: Path) -> Base:
    """Build a base from documents ordered by id, and save it in `folder` in place of all others.

    Raises OSError or RuntimeError if it cannot be saved.
    """
    temporary = folder / f"{TEMPORARY_PREFIX}{uuid4().hex}"
    try:
        temporary.mkdir(parents=True)
        base = base_format.write(documents, manifest, temporary)
        _put_in_place(temporary, folder / f"{FORMAT}-{schema.generation(manifest)}-{temporary.name[-8:]}")
    finally:
        remove_folder(temporary)
    return base


def empty(dimension: int) -> Base:
    """Return the base of an empty collection."""
    return Base(segment=SegmentBuilder(dimension).build(), revision=0)


def find_damage(folder: Path) -> Iterator[str]:
    """Check all bytes of every base, and yield a message for each base that is damaged."""
    for base_folder in _base_folders(folder):
        try:
            base_format.check(base_folder, whole=True)
        except (OSError, ValueError, KeyError) as error:
            if not base_folder.exists():  # another process has replaced it meanwhile
                continue
            yield f"{base_folder} is damaged ({error}); delete it, it is built again from the catalog"


def _base_folders(folder: Path) -> list[Path]:
    """Return the folders of all bases in this format."""
    try:
        return sorted(
            base_folder
            for base_folder in folder.iterdir()
            if base_folder.name.startswith(f"{FORMAT}-") and base_folder.is_dir()
        )
    except OSError:
        return []


def _load(base_folder: Path, manifest: Mapping[str, str]) -> Base | None:
    try:
        return base_format.read(base_folder, manifest)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        if not base_folder.exists():  # another process has replaced it meanwhile
            return None
        logger.warning("%s is damaged and is built again from the catalog: %s", base_folder, error)
        remove_folder(base_folder)
        return None


def _documents(catalog: Catalog, manifest: Mapping[str, str], progress: Progress | None) -> Iterator[IndexedDocument]:
    total = int(manifest["documents"])
    for done, document_id in enumerate(catalog.ids(), 1):
        yield catalog.indexed(document_id)
        if progress:
            progress(done, total)


def _put_in_place(temporary: Path, base_folder: Path) -> None:
    """Flush a finished base to disk, rename it, and delete the other bases."""
    for path in (*temporary.iterdir(), temporary):
        _fsync(path)
    temporary.rename(base_folder)
    for other in base_folder.parent.iterdir():
        if other != base_folder and not _may_be_in_use(other):
            remove_folder(other)


def _remove_abandoned(folder: Path) -> None:
    """Delete temporary folders older than ABANDONED_SECONDS, which no process can be writing to."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(TEMPORARY_PREFIX) and not _may_be_in_use(path):
                remove_folder(path)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _may_be_in_use(path: Path) -> bool:
    """Return whether a process may be writing to a folder: false if it is old. True for a path that is no folder."""
    try:
        recent = time.time() - path.stat().st_mtime < ABANDONED_SECONDS
        return not path.is_dir() or (path.name.startswith(TEMPORARY_PREFIX) and recent)
    except OSError:
        return False
