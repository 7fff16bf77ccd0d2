"""Keeps the newest snapshot of a catalog: loads the base, applies changes as delta segments, merges in the background.

The cost of a change depends on the change alone: its documents become a delta segment beside the base, and the ones
that they replace are marked as deleted. The documents of the segments are checked against the catalog's corpus hash, so
that search structures of other documents are never used.
"""

import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.engine import Progress
from wherefrom.index.errors import WherefromError
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.segments import base_store
from wherefrom.index.segments.base_format import Base
from wherefrom.index.segments.segment_builder import SegmentBuilder
from wherefrom.index.segments.segment_set import SegmentSet
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection

logger = logging.getLogger(__name__)

MAX_DELTA_ROWS = 10_000
"""Number of rows beside the base, or deleted, from which the base is built again: every question scans all of them."""
MIN_MERGE_ROWS = 1_000
"""Number of changed rows up to which nothing is merged while questions are answered."""
MERGE_FRACTION = 10
"""The base is built again when 1 / MERGE_FRACTION of its rows have changed."""


class SnapshotRefresher:
    """The current snapshot of a data folder's catalog. Thread-safe."""

    def __init__(self, data: Path, model: ModelIdentity, cleaner: str) -> None:
        self._data = data
        self._model = model
        self._cleaner = cleaner
        self._loading = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._merged_base: Base | None = None
        self._merge_thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._behind: tuple[int, float] | None = None
        """The revision of an outdated snapshot, and the time of the last write when it was found outdated."""

    def at(self, catalog: Catalog) -> Snapshot | None:
        """Return the snapshot of the state that a catalog is held at; `None` if a newer one is loaded already."""
        revision = catalog.revision()
        if self._is_behind(revision):
            with self._loading:
                if self._is_behind(revision):
                    self._load(catalog)
        snapshot = self._snapshot
        return snapshot if snapshot is not None and snapshot.revision == revision else None

    def save(self, catalog: Catalog, progress: Progress | None = None) -> None:
        """Build the base again if so much has changed that the next start would take long."""
        with self._loading:
            segment_set = self._load(catalog).segment_set
            if _changed_rows(segment_set) > min(_base_rows(segment_set) // MERGE_FRACTION, MAX_DELTA_ROWS):
                base = base_store.build(catalog, self._data / base_store.DERIVED_FOLDER, progress)
                self._replace(SegmentSet.of_base(base.segment), catalog.manifest())

    def lag(self, catalog: Catalog) -> tuple[int, float]:
        """Return by how many revisions, and for how many seconds, the snapshot is behind a catalog; loads nothing.

        The time counts from the last write before the first call that finds the snapshot behind.
        """
        snapshot = self._snapshot
        served = snapshot.revision if snapshot is not None else 0
        revisions = catalog.revision() - served
        if revisions <= 0:
            return 0, 0.0
        behind = self._behind
        if behind is None or behind[0] != served:
            behind = self._behind = (served, _last_write(catalog.connection.path))
        return revisions, max(time.time() - behind[1], 0.0)

    def close(self) -> None:
        """Stop a running merge, and wait until its thread has ended."""
        self._closed.set()
        if self._merge_thread is not None:
            self._merge_thread.join()

    def _is_behind(self, revision: int) -> bool:
        """Return whether there is no snapshot of this or a later revision, or a merged base to switch to."""
        merged = self._merged_base
        merge_ready = merged is not None and merged.revision <= revision
        return self._snapshot is None or self._snapshot.revision < revision or merge_ready

    def _load(self, catalog: Catalog) -> Snapshot:
        manifest = catalog.manifest()
        schema.check_manifest(manifest, catalog.connection.path, self._model, self._cleaner)
        merged = self._merged_base
        if merged is not None and merged.revision > int(manifest["revision"]):
            merged = None  # the catalog is held at an earlier state; a question of a later one takes the base
        else:
            self._merged_base = None
        snapshot = self._snapshot
        if merged is None and snapshot is not None:
            if snapshot.revision >= int(manifest["revision"]):
                return snapshot
            advanced = self._advance(snapshot.segment_set, snapshot.revision, catalog, manifest)
            if advanced is not None:
                return self._replace(advanced, manifest)
        derived = self._data / base_store.DERIVED_FOLDER
        base = merged or base_store.load(derived, manifest) or base_store.empty(self._model.dimension)
        segment_set = self._advance(SegmentSet.of_base(base.segment), base.revision, catalog, manifest)
        if segment_set is None:
            segment_set = SegmentSet.of_base(base_store.build(catalog, derived).segment)
        return self._replace(segment_set, manifest)

    def _advance(
        self, segment_set: SegmentSet, revision: int, catalog: Catalog, manifest: Mapping[str, str]
    ) -> SegmentSet | None:
        """Apply the changes after a revision; return `None` if they are too many, or the corpus hashes differ."""
        put, removed = catalog.changed_since(revision)
        # Counted first: a delta that is too large would be built and thrown away, with its memory.
        if len(put) > MAX_DELTA_ROWS or catalog.changed_rows(revision, 2 * MAX_DELTA_ROWS + 1) > 2 * MAX_DELTA_ROWS:
            return None
        builder = SegmentBuilder(self._model.dimension)
        builder.add_all(map(catalog.indexed, put))
        advanced = segment_set.updated([*put, *removed], builder.build() if put else None)
        return advanced if f"{advanced.corpus:064x}" == manifest["corpus"] else None

    def _replace(self, segment_set: SegmentSet, manifest: Mapping[str, str]) -> Snapshot:
        snapshot = self._snapshot = Snapshot.of(segment_set, manifest)
        threshold = max(min(_base_rows(segment_set) // MERGE_FRACTION, MAX_DELTA_ROWS), MIN_MERGE_ROWS)
        if _changed_rows(segment_set) > threshold and not self._closed.is_set():
            self._start_merge()
        return snapshot

    def _start_merge(self) -> None:
        if self._merge_thread is None or not self._merge_thread.is_alive():
            self._merge_thread = threading.Thread(target=self._merge, name="wherefrom-merge", daemon=True)
            self._merge_thread.start()

    def _merge(self) -> None:
        try:
            catalog = Catalog(Connection(self._data / CATALOG))
            try:
                self._merged_base = base_store.build(
                    catalog, self._data / base_store.DERIVED_FOLDER, self._stop_if_closed
                )
            finally:
                catalog.close()
        except _Closed:
            logger.debug("The merge was stopped, since the collection was closed")
        except WherefromError as error:
            logger.warning("The search structures could not be merged: %s", error)

    def _stop_if_closed(self, _done: int, _total: int) -> None:
        if self._closed.is_set():
            raise _Closed


class _Closed(Exception):
    """The collection was closed while a base was built."""


def _base_rows(segment_set: SegmentSet) -> int:
    return len(segment_set.segments[0].segment)


def _changed_rows(segment_set: SegmentSet) -> int:
    """Return the number of rows in delta segments, and of deleted rows."""
    return segment_set.delta_rows + segment_set.deleted_rows


def _last_write(catalog: Path) -> float:
    """Return when a catalog was last written to, as a time of `time.time`."""
    files = (catalog.with_name(f"{catalog.name}-wal"), catalog)
    times = [file.stat().st_mtime for file in files if file.exists()]
    return max(times, default=time.time())
