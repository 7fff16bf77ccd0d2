"""The segments of a collection: an immutable base segment, delta segments of later changes, live-document masks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from wherefrom.index.arrays import Mask, Rows
from wherefrom.index.segments.segment import Documents, Segment
from wherefrom.index.segments.segment_merge import merge_segments

MAX_SEGMENTS = 6
"""Segments that a set may have, the base included; when there are more, all delta segments are merged into one."""
DELTA_RANK_BITS = 18
"""Low bits of a document sort key, for the rank among delta documents: fewer than 2 ** 18 documents in all delta
segments, and fewer than 2 ** 25 in a base segment."""
CORPUS_MODULUS = 2**256


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSegment:
    """A segment with the mask of its live documents.

    `live_documents` has one bool per document. `positions` maps each document id to its position in the segment; it is
    `None` for a base segment, whose documents are ordered by id and found by binary search.
    """

    segment: Segment
    live_documents: Mask
    positions: Mapping[str, int] | None

    @classmethod
    def base(cls, segment: Segment) -> Self:
        """Wrap a segment whose documents are ordered by id; all documents are live."""
        return cls(segment=segment, live_documents=np.ones(len(segment.documents), dtype=bool), positions=None)

    @classmethod
    def delta(cls, segment: Segment) -> Self:
        """Wrap a segment whose documents are in any order; all documents are live."""
        positions = {document_id.decode(): position for position, document_id in enumerate(segment.documents.ids)}
        return cls(segment=segment, live_documents=np.ones(len(segment.documents), dtype=bool), positions=positions)

    def find(self, document_id: str) -> int | None:
        """Return the position of the live document with this id, or `None` if there is none."""
        documents = self.segment.documents
        position = documents.find(document_id) if self.positions is None else self.positions.get(document_id)
        return position if position is not None and self.live_documents[position] else None

    def without(self, deleted: Sequence[int]) -> Self:
        """Return a copy in which the documents at these positions are no longer live."""
        if not deleted:
            return self
        live_documents = self.live_documents.copy()
        live_documents[list(deleted)] = False
        return replace(self, live_documents=live_documents)

    @property
    def deleted_rows(self) -> int:
        """The number of rows that belong to deleted documents."""
        if self.live_documents.all():
            return 0
        return int(np.count_nonzero(~self.live_documents[self.segment.document_rows]))


class SegmentSet:
    """The base segment followed by the delta segments, with the digest sum of all live documents. Immutable.

    A document id is live in at most one segment.
    """

    def __init__(
        self, segments: tuple[LiveSegment, ...], corpus: int, base_positions: "BasePositions | None" = None
    ) -> None:
        self.segments = segments
        self.corpus = corpus
        self._base_positions = base_positions or BasePositions(segments[0].segment.documents)

    @classmethod
    def of_base(cls, segment: Segment) -> Self:
        """Return a set that consists of a base segment only."""
        return cls((LiveSegment.base(segment),), corpus_sum(segment.documents))

    @property
    def delta_rows(self) -> int:
        """The number of rows in all delta segments, deleted ones included."""
        return sum(len(each.segment) for each in self.segments[1:])

    @property
    def deleted_rows(self) -> int:
        """The number of rows that belong to deleted documents, in all segments."""
        return sum(each.deleted_rows for each in self.segments)

    def updated(self, removed: Iterable[str], added: Segment | None) -> "SegmentSet":
        """Return a new set: first delete the documents with the ids `removed`, then add a segment as a delta."""
        deleted: list[list[int]] = [[] for _ in self.segments]
        for document_id in dict.fromkeys(removed):  # an id that was removed and added again is listed twice
            for each, positions in zip(self.segments, deleted, strict=True):
                if (position := each.find(document_id)) is not None:
                    positions.append(position)
        corpus = self.corpus - sum(
            corpus_sum(each.segment.documents, positions)
            for each, positions in zip(self.segments, deleted, strict=True)
        )
        segments = tuple(each.without(positions) for each, positions in zip(self.segments, deleted, strict=True))
        if added is not None:
            segments = (*segments, LiveSegment.delta(added))
            corpus += corpus_sum(added.documents)
        if len(segments) > MAX_SEGMENTS:
            merged = merge_segments([(each.segment, each.live_documents) for each in segments[1:]])
            segments = (segments[0], LiveSegment.delta(merged))
        return SegmentSet(segments, corpus % CORPUS_MODULUS, self._base_positions)

    def document_sort_keys(self) -> Rows:
        """Return one int64 key per document, segment after segment; ascending keys are ascending document ids."""
        base = (np.arange(len(self.segments[0].segment.documents), dtype=np.int64) + 1) << DELTA_RANK_BITS
        ids = [document_id for each in self.segments[1:] for document_id in each.positions or ()]
        delta = np.empty(len(ids), dtype=np.int64)
        # An id occurs twice where its old version is deleted; the order of the two does not matter then.
        for rank, position in enumerate(sorted(range(len(ids)), key=ids.__getitem__), 1):
            delta[position] = (self._base_positions.before(ids[position]) << DELTA_RANK_BITS) + rank
        return np.concatenate([base, delta])


class BasePositions:
    """Insertion positions of document ids in the base segment, memoized: a binary search takes about 20 steps."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._cached: dict[str, int] = {}

    def before(self, document_id: str) -> int:
        """Return the number of base documents whose id sorts before this one."""
        cached = self._cached.get(document_id)
        if cached is None:
            cached = self._cached[document_id] = self._documents.before(document_id)
        return cached


def corpus_sum(documents: Documents, positions: Sequence[int] | None = None) -> int:
    """Return the sum of the digests of all or of the selected documents, modulo 2 ** 256.

    It is the sum that the catalog's manifest holds: see `digests.add_to_corpus`.
    """
    digests = documents.digests if positions is None else documents.digests[list(positions)]
    byte_sums: list[int] = digests.sum(axis=0, dtype=np.uint64).tolist()
    return sum(total << 8 * place for place, total in enumerate(reversed(byte_sums))) % CORPUS_MODULUS
