"""The base on disk: made aside, renamed into place of the one before it, and found again.

Losing or damaging it costs a build from the catalog, never an embedding and never an answer.
"""

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

from wherefrom.index.segments import base_format
from wherefrom.index.segments.base_format import FORMAT, Base
from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.segment_builder import SegmentBuilder
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.storage.rows import IndexedDocument

logger = logging.getLogger(__name__)

DERIVED_FOLDER = "derived"
"""The folder's name in a data folder."""
ABANDONED_SECONDS = 3600

Progress = Callable[[int, int], None]
"""Called with the documents done and those there are."""


def load(folder: Path, manifest: Mapping[str, str]) -> Base | None:
    """The newest base that a catalog with this manifest may have been the source of; null if there is none."""
    found = [base for home in _homes(folder) if (base := _load(home, manifest)) is not None]
    return max(found, key=lambda base: base.revision, default=None)


def build(catalog: Catalog, folder: Path, progress: Progress | None = None) -> Base:
    """Make a base of all that a catalog holds, and keep it; where it cannot be kept it is made in memory."""
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
    """Make a base of documents ordered by id, and keep it in place of all others. Raises OSError, RuntimeError."""
    aside = folder / f"tmp-{uuid4().hex}"
    try:
        aside.mkdir(parents=True)
        base = base_format.write(documents, manifest, aside)
        _put_in_place(aside, folder / f"{FORMAT}-{schema.generation(manifest)}-{aside.name[-8:]}")
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return base


def empty(dimension: int) -> Base:
    """The base of an empty collection."""
    return Base(segment=SegmentBuilder(dimension).build(), revision=0)


def find_damage(folder: Path) -> Iterator[str]:
    """Check every file of every base whole, and name what is not as it was saved."""
    for home in _homes(folder):
        try:
            base_format.check(home, whole=True)
        except (OSError, ValueError, KeyError) as error:
            yield f"{home} is damaged ({error}); delete it, it is built again from the catalog"


def _homes(folder: Path) -> list[Path]:
    try:
        return sorted(home for home in folder.iterdir() if home.name.startswith(f"{FORMAT}-") and home.is_dir())
    except OSError:
        return []


def _load(home: Path, manifest: Mapping[str, str]) -> Base | None:
    try:
        return base_format.read(home, manifest)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        logger.warning("%s is damaged and is built again from the catalog: %s", home, error)
        shutil.rmtree(home, ignore_errors=True)
        return None


def _documents(catalog: Catalog, manifest: Mapping[str, str], progress: Progress | None) -> Iterator[IndexedDocument]:
    documents = int(manifest["documents"])
    for done, document_id in enumerate(catalog.ids(), 1):
        yield catalog.indexed(document_id)
        if progress:
            progress(done, documents)


def _put_in_place(aside: Path, home: Path) -> None:
    """Rename a finished base, once all of it is on the disk, and drop the others."""
    for path in (*aside.iterdir(), aside):
        _sync(path)
    aside.rename(home)
    for other in home.parent.iterdir():
        if other != home and not _is_being_made(other):
            shutil.rmtree(other, ignore_errors=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _is_being_made(path: Path) -> bool:
    """Whether another process may be at work in a folder: one that it made aside within the hour."""
    try:
        recent = time.time() - path.stat().st_mtime < ABANDONED_SECONDS
        return not path.is_dir() or (path.name.startswith("tmp-") and recent)
    except OSError:
        return False
