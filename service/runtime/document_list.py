"""Pages of the list of documents: searched by words, sorted, and continued at a cursor.

A cursor names the last document of a page by its place in the order, so that documents which are added or removed
between two requests neither repeat nor hide others.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import get_args

from wherefrom.index.collection.document_query import CountedField, DocumentQuery, DocumentSort, Place, fold
from wherefrom.index.library import Library
from wherefrom.service.errors import UnknownCursor
from wherefrom.service.schemas.requests import ListQuery, ValuesQuery
from wherefrom.service.schemas.responses import DocumentList, FilterValues

SEPARATOR = "\0"
NOT_GIVEN = "is not one that this list gave"


def list_documents(library: Library, query: ListQuery) -> DocumentList:
    """Return a page of the documents that match. Raises UnknownFilterValue, InvalidQuestion, UnknownCursor."""
    selection = library.select(
        DocumentQuery(
            filters=query.as_filters(),
            words=fold(query.q).split(),
            sort=query.sort,
            after=None if query.cursor is None else _parse(query.cursor, query.sort),
            limit=query.limit,
        )
    )
    return DocumentList(
        documents=selection.documents,
        total=selection.total,
        cursor=None if selection.last is None else _cursor(selection.last, query.sort),
    )


def filter_values(library: Library, query: ValuesQuery) -> FilterValues:
    """Return the values that filters take, by field, with the number of documents that have each."""
    words = fold(query.q).split()
    names = query.field or get_args(CountedField)
    counts = {name: library.count_values(name, words=words, limit=query.limit) for name in names if name != "extra"}
    extra = library.count_extra_values(words=words, limit=query.limit) if "extra" in names else None
    return FilterValues(documents=library.status().documents, extra=extra, **counts)


def _cursor(place: Place, sort: DocumentSort) -> str:
    text = SEPARATOR.join((sort, place.key, place.document_id))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _parse(cursor: str, sort: DocumentSort) -> Place:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        given_sort, *key, document_id = text.split(SEPARATOR)
    except ValueError:
        raise UnknownCursor(NOT_GIVEN) from None
    if given_sort not in get_args(DocumentSort):
        raise UnknownCursor(NOT_GIVEN)
    if given_sort != sort:
        raise UnknownCursor(f"continues a list with sort={given_sort}, not sort={sort}")
    return Place(key=SEPARATOR.join(key), document_id=document_id)
