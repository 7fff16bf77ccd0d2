"""Which paragraphs the filters of a question let answer."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import chain, islice

import numpy as np

from wherefrom.index.arrays import Array, Mask
from wherefrom.index.errors import InvalidQuestion, UnknownFilterValue
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.segments.segment import UNDATED
from wherefrom.index.segments.segment_set import LiveSegment
from wherefrom.index.types import Filters

CLOSE = 0.4
NEIGHBOURS = 10_000
"""Ids that a wrong one is compared with; comparing takes 10 microseconds each."""


def apply_filters(filters: Filters, snapshot: Snapshot) -> tuple[Mask | None, tuple[str, ...]]:
    """Which rows may answer (null for all), and warnings. Raises UnknownFilterValue, InvalidQuestion."""
    if filters == Filters():
        return None, ()
    _check_range(filters)
    parts = snapshot.segment_set.segments
    _check_publishers(filters.publisher, parts)
    _check_ids(filters.document_id, parts)
    chosen = np.concatenate([_chosen(filters, part) for part in parts])
    published = np.concatenate([part.segment.documents.published for part in parts])
    allowed = chosen & _in_range(filters, published)
    return allowed[snapshot.document_rows], tuple(_undated(filters, published[chosen]))


def _undated(filters: Filters, published: Array) -> Iterable[str]:
    undated = int(np.count_nonzero(published == UNDATED))
    if undated and (filters.published_from or filters.published_to):
        yield f"{undated} document{'s' * (undated != 1)} without a publication date left out of the date range"


def _chosen(filters: Filters, part: LiveSegment) -> Mask:
    """The documents of a part that are alive, of these publishers and of these ids."""
    documents, chosen = part.segment.documents, part.live_documents
    if filters.publisher:
        wanted = [at for at, name in enumerate(documents.publisher_names) if name in filters.publisher]
        chosen = chosen & np.isin(documents.publishers, wanted)
    if filters.document_id:
        named = np.zeros(len(documents), dtype=bool)
        named[[at for each in filters.document_id if (at := part.find(each)) is not None]] = True
        chosen = chosen & named
    return chosen


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


def _check_publishers(wanted: Sequence[str], parts: Sequence[LiveSegment]) -> None:
    known = set(chain.from_iterable(map(_publishers, parts))) if wanted else set()
    for name in wanted:
        if name not in known:
            raise UnknownFilterValue("filters.publisher", name, _close(name, sorted(known)))


def _publishers(part: LiveSegment) -> Iterator[str]:
    """The publishers of documents that are alive."""
    documents = part.segment.documents
    for number in np.unique(documents.publishers[part.live_documents]).tolist():
        if number >= 0:
            yield documents.publisher_names[number]


def _check_ids(wanted: Sequence[str], parts: Sequence[LiveSegment]) -> None:
    for document_id in wanted:
        if all(part.find(document_id) is None for part in parts):
            near = sorted(set(chain.from_iterable(_near(document_id, part) for part in parts)))
            raise UnknownFilterValue("filters.document_id", document_id, _close(document_id, near))


def _near(document_id: str, part: LiveSegment) -> Iterator[str]:
    """Ids that are alive and may be close: those around this one where they are ordered, or the first."""
    first = 0 if part.positions is not None else max(part.segment.documents.before(document_id) - NEIGHBOURS // 2, 0)
    for at in islice(np.flatnonzero(part.live_documents[first:]), NEIGHBOURS):
        yield part.segment.documents.ids[first + int(at)].decode()


def _close(value: str, values: Sequence[str]) -> tuple[str, ...]:
    by_case = {known.casefold(): known for known in values}
    return tuple(by_case[match] for match in get_close_matches(value.casefold(), by_case, n=3, cutoff=CLOSE))
