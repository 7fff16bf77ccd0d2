"""Pages of the list of documents: searched by words, sorted, and continued at a cursor.

A cursor names the last document of a page by its place in the order, so that documents which are added or removed
between two requests neither repeat nor hide others.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from itertools import dropwhile
from typing import get_args

from wherefrom.index.library import Library
from wherefrom.index.types import DocumentSummary, Filters
from wherefrom.service.errors import UnknownCursor
from wherefrom.service.schemas.requests import DocumentSort, ListQuery
from wherefrom.service.schemas.responses import DocumentList

MAX_KEY_CHARACTERS = 200
"""Characters of a title or publisher that count for the order; a cursor holds as many."""
DESCENDING = "-"
SEPARATOR = "\0"
NOT_GIVEN = "is not one that this list gave"
SORT_KEYS: Mapping[str, Callable[[DocumentSummary], str]] = {
    "document_id": lambda document: document.document_id,
    "title": lambda document: (document.title or "").casefold()[:MAX_KEY_CHARACTERS],
    "publisher": lambda document: (document.publisher or "").casefold()[:MAX_KEY_CHARACTERS],
    "published": lambda document: document.published.isoformat() if document.published else "",
}
"""What documents are sorted by; those without a value, whose key is empty, come last in either direction."""


def list_documents(library: Library, query: ListQuery) -> DocumentList:
    """Return a page of the documents that match. Raises UnknownFilterValue, InvalidQuestion, UnknownCursor."""
    filters = query.as_filters()
    documents = library.documents() if filters == Filters() else library.documents_matching(filters)
    matching = _sorted(_with_words(documents, query.q), query.sort)
    page = matching if query.cursor is None else _after(matching, query.sort, query.cursor)
    shown = page[: query.limit]
    return DocumentList(
        documents=tuple(shown),
        total=len(matching),
        cursor=_cursor(shown[-1], query.sort) if len(shown) < len(page) else None,
    )


def _with_words(documents: Iterable[DocumentSummary], text: str) -> list[DocumentSummary]:
    words = text.casefold().split()
    return (
        [document for document in documents if all(map(_searched(document).__contains__, words))]
        if words
        else [*documents]
    )


def _searched(document: DocumentSummary) -> str:
    values = (document.title, document.publisher, document.agency, *document.authors, document.url)
    return "\n".join((document.document_id, document.source, *filter(None, values))).casefold()


def _sorted(documents: Iterable[DocumentSummary], sort: DocumentSort) -> list[DocumentSummary]:
    key = SORT_KEYS[sort.removeprefix(DESCENDING)]
    by_id = sorted(documents, key=lambda document: document.document_id)
    with_value = [document for document in by_id if key(document)]
    with_value.sort(key=key, reverse=sort.startswith(DESCENDING))
    return with_value + [document for document in by_id if not key(document)]


def _after(documents: Iterable[DocumentSummary], sort: DocumentSort, cursor: str) -> list[DocumentSummary]:
    """Return the documents that come after the one that the cursor names, which may be gone."""
    key, descending = SORT_KEYS[sort.removeprefix(DESCENDING)], sort.startswith(DESCENDING)
    last_key, last_id = _parse(cursor, sort)

    def is_before(document: DocumentSummary) -> bool:
        value = key(document)
        if value == last_key:
            return document.document_id <= last_id
        return value != "" and (last_key == "" or (value > last_key if descending else value < last_key))

    return list(dropwhile(is_before, documents))


def _cursor(document: DocumentSummary, sort: DocumentSort) -> str:
    place = SEPARATOR.join((sort, SORT_KEYS[sort.removeprefix(DESCENDING)](document), document.document_id))
    return urlsafe_b64encode(place.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _parse(cursor: str, sort: DocumentSort) -> tuple[str, str]:
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("utf-8", "surrogatepass")
        given_sort, *key, document_id = place.split(SEPARATOR)
    except ValueError:
        raise UnknownCursor(NOT_GIVEN) from None
    if given_sort not in get_args(DocumentSort):
        raise UnknownCursor(NOT_GIVEN)
    if given_sort != sort:
        raise UnknownCursor(f"continues a list with sort={given_sort}, not sort={sort}")
    return SEPARATOR.join(key), document_id
