"""What may be asked: a question's bounds, and which paragraphs its filters let answer."""

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np

from index.errors import InvalidQuestion, UnknownFilterValue
from index.records import Source
from index.snapshot import Snapshot
from index.types import Filters
from index.vectors import Mask

MAX_QUESTION = 2_000
MAX_TOP_K = 100
CLOSE = 0.4


def check_question(question: str, most: int = MAX_QUESTION) -> str:
    """The question without white space around it, of at most so many characters. Raises InvalidQuestion."""
    asked = question.strip()
    if not asked:
        raise InvalidQuestion("question", "must not be empty")
    if len(asked) > most:
        raise InvalidQuestion("question", f"must have at most {most:,} characters, not {len(asked):,}")
    if any("\ud800" <= character <= "\udfff" for character in asked):
        raise InvalidQuestion("question", "must be Unicode text, without lone surrogates")
    return asked


def check_limits(top_k: int, max_per_document: int | None) -> None:
    """Raise InvalidQuestion for counts out of bounds."""
    if not 1 <= top_k <= MAX_TOP_K:
        raise InvalidQuestion("top_k", f"must be between 1 and {MAX_TOP_K}, not {top_k}")
    if max_per_document is not None and max_per_document < 1:
        raise InvalidQuestion("max_per_document", f"must be at least 1, not {max_per_document}")


def apply_filters(filters: Filters, snapshot: Snapshot) -> tuple[Mask | None, tuple[str, ...]]:
    """Which rows may answer (null for all), and warnings. Raises UnknownFilterValue, InvalidQuestion."""
    if filters == Filters():
        return None, ()
    _check_range(filters)
    _check_known("publisher", filters.publisher, (source.metadata.publisher for source in snapshot.documents))
    _check_known("document_id", filters.document_id, (source.document_id for source in snapshot.documents))
    chosen = [source for source in snapshot.documents if _is_chosen(filters, source)]
    dated = [source for source in chosen if _is_in_range(filters, source)]
    allowed = {source.document_id for source in dated}
    documents = np.array([source.document_id in allowed for source in snapshot.documents], dtype=bool)
    return documents[snapshot.document_rows], tuple(_undated(filters, chosen))


def _undated(filters: Filters, chosen: Iterable[Source]) -> Iterable[str]:
    undated = sum(source.metadata.published is None for source in chosen)
    if undated and (filters.published_from or filters.published_to):
        yield f"{undated} document{'s' * (undated != 1)} without a publication date left out of the date range"


def _is_chosen(filters: Filters, source: Source) -> bool:
    if filters.publisher and source.metadata.publisher not in filters.publisher:
        return False
    return not filters.document_id or source.document_id in filters.document_id


def _is_in_range(filters: Filters, source: Source) -> bool:
    published = source.metadata.published
    if filters.published_from is None and filters.published_to is None:
        return True
    if published is None:
        return False
    too_early = filters.published_from is not None and published < filters.published_from
    too_late = filters.published_to is not None and published > filters.published_to
    return not too_early and not too_late


def _check_range(filters: Filters) -> None:
    start, end = filters.published_from, filters.published_to
    if start and end and start > end:
        raise InvalidQuestion("filters.published_from", f"{start} is after published_to, {end}")


def _check_known(field: str, wanted: Iterable[str], known: Iterable[str | None]) -> None:
    values = sorted({value for value in known if value is not None})
    for value in wanted:
        if value not in values:
            raise UnknownFilterValue(f"filters.{field}", value, _close(value, values))


def _close(value: str, values: list[str]) -> tuple[str, ...]:
    by_case = {known.casefold(): known for known in values}
    return tuple(by_case[match] for match in get_close_matches(value.casefold(), by_case, n=3, cutoff=CLOSE))
