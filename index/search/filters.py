"""Applies the filters of a question to a snapshot."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np

from wherefrom.index.arrays import Array, Mask
from wherefrom.index.errors import InvalidQuestion, UnknownFilterValue
from wherefrom.index.search.close_values import close_matches
from wherefrom.index.search.field_filters import SegmentFields, check_fields, matching_fields, without_language
from wherefrom.index.search.first_stage import SnapshotScope
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.search.word_filters import apply_word_filters
from wherefrom.index.segments.segment import UNDATED
from wherefrom.index.segments.segment_set import LiveSegment
from wherefrom.index.types import Filters, WordFilters

NO_FILTERS = Filters()
NO_WORD_FILTERS = WordFilters()
MAX_COMPARED_IDS = 10_000
"""Maximum number of ids that an unknown id is compared with, at 10 microseconds each."""


def apply_filters(
    filters: Filters, words: WordFilters, snapshot: Snapshot, *, newest_copies: bool = False
) -> SnapshotScope:
    """Return the rows that the filters allow. Raises UnknownFilterValue, InvalidQuestion."""
    if filters == NO_FILTERS:
        scope = SnapshotScope(snapshot=snapshot, newest_copies=newest_copies)
    else:
        scope = _apply_document_filters(filters, snapshot, newest_copies=newest_copies)
    if words == NO_WORD_FILTERS:
        return scope
    allowed = apply_word_filters(words, snapshot)
    return replace(scope, allowed=allowed if scope.allowed is None else allowed & scope.allowed)


def _apply_document_filters(filters: Filters, snapshot: Snapshot, *, newest_copies: bool) -> SnapshotScope:
    check_range(filters)
    segments = snapshot.segment_set.segments
    _check_publishers(filters.publisher, segments)
    _check_ids(filters.document_id, segments)
    check_fields(filters, SegmentFields(segments))
    in_segments = [_matching(filters, segment) for segment in segments]
    matching = np.concatenate(in_segments)
    published = np.concatenate([segment.segment.documents.published for segment in segments])
    documents = matching & _in_range(filters, published)
    return SnapshotScope(
        snapshot=snapshot,
        allowed=documents[snapshot.document_rows],
        warnings=(*_undated_warning(filters, published[matching]), *_language_warning(filters, segments)),
        newest_copies=newest_copies,
    )


def _language_warning(filters: Filters, segments: Sequence[LiveSegment]) -> Iterable[str]:
    """Yield a warning if documents that pass the other filters are left out because they declare no language."""
    if filters.language:
        others = replace(filters, language=())
        unknown = sum(without_language(segment, _matching(others, segment)) for segment in segments)
        yield from language_warning(unknown)


def _undated_warning(filters: Filters, published: Array) -> Iterable[str]:
    undated = int(np.count_nonzero(published == UNDATED))
    if filters.published_from or filters.published_to:
        yield from undated_warning(undated)


def language_warning(documents: int) -> Iterable[str]:
    """Yield a warning with the number of documents that a filter by language left out; nothing if it is 0."""
    if documents:
        yield f"{documents} document{'s' * (documents != 1)} without a language left out"


def undated_warning(documents: int) -> Iterable[str]:
    """Yield a warning with the number of undated documents that a date range left out; nothing if it is 0."""
    if documents:
        yield f"{documents} document{'s' * (documents != 1)} without a publication date left out of the date range"


def _matching(filters: Filters, segment: LiveSegment) -> Mask:
    """Return the mask of the live documents of a segment that pass the filters by publisher, id and field."""
    documents, matching = segment.segment.documents, segment.live_documents
    if filters.publisher:
        wanted = [number for number, name in enumerate(documents.publisher_names) if name in filters.publisher]
        matching = matching & np.isin(documents.publishers, wanted)
    if filters.document_id:
        named = np.zeros(len(documents), dtype=bool)
        named[[at for each in filters.document_id if (at := segment.find(each)) is not None]] = True
        matching = matching & named
    return matching & matching_fields(filters, segment)


def _in_range(filters: Filters, published: Array) -> Mask:
    inside = np.ones(len(published), dtype=bool)
    if filters.published_from is not None:
        inside &= published >= filters.published_from.toordinal()
    if filters.published_to is not None:
        inside &= (published <= filters.published_to.toordinal()) & (published != UNDATED)
    return inside


def check_range(filters: Filters) -> None:
    """Raise InvalidQuestion if the start of the date range is after its end."""
    start, end = filters.published_from, filters.published_to
    if start and end and start > end:
        raise InvalidQuestion("filters.published_from", f"{start} is after published_to, {end}")


def _check_publishers(wanted: Sequence[str], segments: Sequence[LiveSegment]) -> None:
    known = set(chain.from_iterable(map(_publishers, segments))) if wanted else set()
    for name in wanted:
        if name not in known:
            raise UnknownFilterValue("filters.publisher", name, close_matches(name, sorted(known)))


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
            raise UnknownFilterValue("filters.document_id", document_id, close_matches(document_id, nearby))


def _nearby_ids(document_id: str, segment: LiveSegment) -> Iterator[str]:
    """Yield live ids that may be similar: those around this one where ids are ordered, or the first ones."""
    documents = segment.segment.documents
    first = 0 if segment.positions is not None else max(documents.before(document_id) - MAX_COMPARED_IDS // 2, 0)
    for at in islice(np.flatnonzero(segment.live_documents[first:]), MAX_COMPARED_IDS):
        yield documents.ids[first + int(at)].decode()
