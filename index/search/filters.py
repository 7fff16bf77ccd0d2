"""Which rows the filters of a question allow."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import chain, islice

import numpy as np

from wherefrom.index.arrays import Array, Mask
from wherefrom.index.errors import InvalidQuestion, UnknownFilterValue
from wherefrom.index.search.first_stage import SnapshotScope
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.segments.segment import UNDATED
from wherefrom.index.segments.segment_set import LiveSegment
from wherefrom.index.types import Filters

MIN_SIMILARITY = 0.4
MAX_COMPARED_IDS = 10_000
"""Ids that an unknown one is compared with, at 10 microseconds each."""


def apply_filters(filters: Filters, snapshot: Snapshot) -> SnapshotScope:
    """Return the rows that the filters allow. Raises UnknownFilterValue, InvalidQuestion."""
    if filters == Filters():
        return SnapshotScope(snapshot=snapshot, allowed=None, warnings=())
    _check_range(filters)
    segments = snapshot.segment_set.segments
    _check_publishers(filters.publisher, segments)
    _check_ids(filters.document_id, segments)
    matching = np.concatenate([_matching(filters, segment) for segment in segments])
    published = np.concatenate([segment.segment.documents.published for segment in segments])
    documents = matching & _in_range(filters, published)
    return SnapshotScope(
        snapshot=snapshot,
        allowed=documents[snapshot.document_rows],
        warnings=tuple(_undated_warning(filters, published[matching])),
    )


def _undated_warning(filters: Filters, published: Array) -> Iterable[str]:
    undated = int(np.count_nonzero(published == UNDATED))
    if undated and (filters.published_from or filters.published_to):
        yield f"{undated} document{'s' * (undated != 1)} without a publication date left out of the date range"


def _matching(filters: Filters, segment: LiveSegment) -> Mask:
    """Return the live documents of a segment that have one of the publishers and one of the ids asked for."""
    documents, matching = segment.segment.documents, segment.live_documents
    if filters.publisher:
        wanted = [number for number, name in enumerate(documents.publisher_names) if name in filters.publisher]
        matching = matching & np.isin(documents.publishers, wanted)
    if filters.document_id:
        named = np.zeros(len(documents), dtype=bool)
        named[[at for each in filters.document_id if (at := segment.find(each)) is not None]] = True
        matching = matching & named
    return matching


def _in_range(filters: Filters, published: Array) -> Mask:
    inside = np.ones(len(published), dtype=bool)
    if filters.published_from is not None:
        inside &= published >= filters.published_from.toordinal()
    if filters.published_to is not None:
        inside &= (published <= filters.published_to.toordinal()) & (published != UNDATED)
    return inside


def _check_range(filters: Filters) -> None:
    start, end = filters.published_from, filters.published_to
    if start and end and start > end:
        raise InvalidQuestion("filters.published_from", f"{start} is after published_to, {end}")


def _check_publishers(wanted: Sequence[str], segments: Sequence[LiveSegment]) -> None:
    known = set(chain.from_iterable(map(_publishers, segments))) if wanted else set()
    for name in wanted:
        if name not in known:
            raise UnknownFilterValue("filters.publisher", name, _close_matches(name, sorted(known)))


def _publishers(segment: LiveSegment) -> Iterator[str]:
    """Yield the publishers of live documents."""
    documents = segment.segment.documents
    for number in np.unique(documents.publishers[segment.live_documents]).tolist():
        if number >= 0:
            yield documents.publisher_names[number]


def _check_ids(wanted: Sequence[str], segments: Sequence[LiveSegment]) -> None:
    for document_id in wanted:
        if all(segment.find(document_id) is None for segment in segments):
            nearby = sorted(set(chain.from_iterable(_nearby_ids(document_id, segment) for segment in segments)))
            raise UnknownFilterValue("filters.document_id", document_id, _close_matches(document_id, nearby))


def _nearby_ids(document_id: str, segment: LiveSegment) -> Iterator[str]:
    """Yield live ids that may be similar: those around this one where ids are ordered, or the first ones."""
    documents = segment.segment.documents
    first = 0 if segment.positions is not None else max(documents.before(document_id) - MAX_COMPARED_IDS // 2, 0)
    for at in islice(np.flatnonzero(segment.live_documents[first:]), MAX_COMPARED_IDS):
        yield documents.ids[first + int(at)].decode()


def _close_matches(value: str, values: Sequence[str]) -> tuple[str, ...]:
    by_case = {known.casefold(): known for known in values}
    return tuple(by_case[match] for match in get_close_matches(value.casefold(), by_case, n=3, cutoff=MIN_SIMILARITY))
