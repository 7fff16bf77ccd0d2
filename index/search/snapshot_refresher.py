"""Keeps the newest snapshot of a collection: loaded from its base, brought up to date change by change, merged behind.

A change costs what changed: its documents become a small segment beside the base, or are dead in it. What the segments
hold is checked against the catalog's own corpus hash, so that a base of other documents can never answer.
"""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path

from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.errors import WherefromError
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.segments import base_store
from wherefrom.index.segments.base_format import Base
from wherefrom.index.segments.base_store import Progress
from wherefrom.index.segments.segment_builder import SegmentBuilder
from wherefrom.index.segments.segment_set import SegmentSet
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection

logger = logging.getLogger(__name__)

BESIDE = 10_000
"""Rows beside a base, or dead in it, that are too many: every question looks at all of them."""
LITTLE = 1_000
"""Rows up to which nothing is merged while questions are asked."""
SHARE = 10
"""A base is made again when a tenth of it has changed."""


class Refresher:
    """The snapshot of a data folder's catalog as it is now. Many threads may ask for it at once."""

    def __init__(self, data: Path, model: ModelIdentity, cleaner: str) -> None:
        self._data = data
        self._model = model
        self._cleaner = cleaner
        self._loading = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._merged: Base | None = None
        self._merging: threading.Thread | None = None
        self._closed = threading.Event()

    def at(self, catalog: Catalog) -> Snapshot | None:
        """The snapshot of the state that a catalog is held at; null if a newer one is known already."""
        revision = catalog.revision()
        if self._is_behind(revision):
            with self._loading:
                if self._is_behind(revision):
                    self._load(catalog)
        snapshot = self._snapshot
        return snapshot if snapshot is not None and snapshot.revision == revision else None

    def save(self, catalog: Catalog, progress: Progress | None = None) -> None:
        """Make the base again where enough has changed since it was made for a start to take long without."""
        with self._loading:
            snapshot = self._load(catalog)
            if _changed(snapshot.segment_set) > min(_size(snapshot.segment_set) // SHARE, BESIDE):
                base = base_store.build(catalog, self._data / base_store.DERIVED_FOLDER, progress)
                self._take(SegmentSet.of_base(base.segment), catalog.manifest())

    def close(self) -> None:
        """Leave a merge that is under way, and wait until it has noticed."""
        self._closed.set()
        if self._merging is not None:
            self._merging.join()

    def _is_behind(self, revision: int) -> bool:
        """Whether there is no snapshot of this revision or a later one, or a merged base for it."""
        merged = self._merged
        ready = merged is not None and merged.revision <= revision
        return self._snapshot is None or self._snapshot.revision < revision or ready

    def _load(self, catalog: Catalog) -> Snapshot:
        manifest = catalog.manifest()
        schema.check_manifest(manifest, catalog.connection.path, self._model, self._cleaner)
        merged, self._merged = self._merged, None
        snapshot = self._snapshot
        if merged is None and snapshot is not None:
            if snapshot.revision >= int(manifest["revision"]):
                return snapshot
            if (segment_set := self._advance(snapshot.segment_set, snapshot.revision, catalog, manifest)) is not None:
                return self._take(segment_set, manifest)
        base = (
            merged
            or base_store.load(self._data / base_store.DERIVED_FOLDER, manifest)
            or base_store.empty(self._model.dimension)
        )
        segment_set = self._advance(SegmentSet.of_base(base.segment), base.revision, catalog, manifest)
        if segment_set is None:
            segment_set = SegmentSet.of_base(base_store.build(catalog, self._data / base_store.DERIVED_FOLDER).segment)
        return self._take(segment_set, manifest)

    def _advance(
        self, segment_set: SegmentSet, revision: int, catalog: Catalog, manifest: Mapping[str, str]
    ) -> SegmentSet | None:
        """The segment set with all that was changed after a revision; null if that is too much, or not what is there."""
        put, removed = catalog.changed_since(revision)
        if len(put) > BESIDE:
            return None
        builder = SegmentBuilder(self._model.dimension)
        for document_id in put:
            builder.add(catalog.indexed(document_id))
            if builder.rows > 2 * BESIDE:
                return None
        after = segment_set.updated([*put, *removed], builder.build() if put else None)
        return after if f"{after.corpus:064x}" == manifest["corpus"] else None

    def _take(self, segment_set: SegmentSet, manifest: Mapping[str, str]) -> Snapshot:
        snapshot = self._snapshot = Snapshot.of(segment_set, manifest)
        changed = _changed(segment_set)
        if changed > max(min(_size(segment_set) // SHARE, BESIDE), LITTLE) and not self._closed.is_set():
            self._merge_behind()
        return snapshot

    def _merge_behind(self) -> None:
        if self._merging is None or not self._merging.is_alive():
            self._merging = threading.Thread(target=self._merge, name="wherefrom-merge", daemon=True)
            self._merging.start()

    def _merge(self) -> None:
        try:
            catalog = Catalog(Connection(self._data / CATALOG))
            try:
                self._merged = base_store.build(catalog, self._data / base_store.DERIVED_FOLDER, self._go_on)
            finally:
                catalog.close()
        except _Closed:
            logger.debug("the merge was left, since the collection was closed")
        except WherefromError as error:
            logger.warning("the search structures could not be merged: %s", error)

    def _go_on(self, _done: int, _documents: int) -> None:
        if self._closed.is_set():
            raise _Closed


class _Closed(Exception):
    """The collection was closed while a base was made."""


def _size(segment_set: SegmentSet) -> int:
    """Rows of the base."""
    return len(segment_set.segments[0].segment)


def _changed(segment_set: SegmentSet) -> int:
    """Rows beside the base or dead."""
    return segment_set.delta_rows + segment_set.deleted_rows
