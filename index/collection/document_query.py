"""Queries for lists of documents, and their results: an ordered selection, and counts of metadata values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self, get_args
from unicodedata import normalize

from wherefrom.index.types import DocumentSummary, Filters

MAX_KEY_CHARACTERS = 200
"""Number of leading characters of a title or publisher that determine the order."""
MAX_EXTRA_FIELDS = 30
"""Maximum number of extra fields whose values are counted: those that the most documents have."""
SortKey = Literal["document_id", "title", "publisher", "published"]
DocumentSort = Literal[
    "document_id", "-document_id", "title", "-title", "publisher", "-publisher", "published", "-published"
]
"""The sort order of a list of documents; "-" makes it descending."""
DESCENDING = "-"
CountedField = Literal["publisher", "agency", "author", "language", "month"]
"""A field of metadata whose values are counted; "month" is the year and month of the publication date."""

FilterField = Literal["publisher", "agency", "author", "language", "month", "extra"]
"""A field that filters can use: a CountedField, or "extra" for the extra fields that were given with documents."""


def fold(text: str) -> str:
    """Return a text as it is searched in lists of documents and values: in Unicode's form NFKC, casefolded."""
    return normalize("NFKC", text).casefold()


def sort_key(value: str | None) -> str:
    """Return the sort key of a title, publisher or date; empty for `None`."""
    return (value or "").casefold()[:MAX_KEY_CHARACTERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position in an order of documents: the sort key of a document, and its id, which breaks ties."""

    key: str
    document_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuery:
    """The documents to list, their order, and their maximum number.

    Each of `words`, in the form of `fold`, must occur in the id, title, publisher, agency, authors, source or URL.
    Documents without a sort value come last in either direction. `after` is the place of the document before the first
    one.
    """

    filters: Filters = field(default_factory=Filters)
    words: Sequence[str] = ()
    sort: DocumentSort = "document_id"
    after: Place | None = None
    limit: int | None = None

    @property
    def sort_key(self) -> SortKey:
        """The sort key without the direction."""
        name = self.sort.removeprefix(DESCENDING)
        return next(key for key in get_args(SortKey) if key == name)

    @property
    def descending(self) -> bool:
        """Whether the order is descending."""
        return self.sort.startswith(DESCENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSelection:
    """The selected documents; `total` is the number of matches, `last` the place of the last if others follow it."""

    documents: tuple[DocumentSummary, ...]
    total: int
    last: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCount:
    """A value of a field, as the filters take it, and the number of documents that have it."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCounts:
    """The values of a field, the most frequent first; `total` counts all of them, `without` documents without one."""

    values: tuple[ValueCount, ...]
    total: int
    without: int

    @classmethod
    def most_frequent(cls, documents: Mapping[str, int], *, without: int, limit: int | None) -> Self:
        """Return at most `limit` values by descending number of documents; ties are ordered by value."""
        ordered = sorted(documents.items(), key=lambda item: (-item[1], item[0]))[:limit]
        values = tuple(ValueCount(value=value, documents=count) for value, count in ordered)
        return cls(values=values, total=len(documents), without=without)


def texts_of_extra(extra: Mapping[str, object]) -> Mapping[str, frozenset[str]]:
    """Return the values of each extra field, read from JSON, as the text of a condition has them.

    Fields without any are left out. Numbers and booleans are spelled as in JSON. SQLite and PostgreSQL cannot do
    this: the one cuts a text at a NUL character and rounds long numbers, the other refuses the character.
    """
    held = {name: value if isinstance(value, list) else [value] for name, value in extra.items()}
    texts = {
        name: frozenset(each if isinstance(each, str) else json.dumps(each) for each in values if _is_scalar(each))
        for name, values in held.items()
    }
    return {name: values for name, values in texts.items() if values}


def most_frequent_fields(documents: Mapping[str, int]) -> list[str]:
    """Return the names of at most MAX_EXTRA_FIELDS fields by descending number of documents, then by name."""
    return sorted(documents, key=lambda name: (-documents[name], name))[:MAX_EXTRA_FIELDS]


def with_words(documents: Mapping[str, int], words: Sequence[str]) -> Mapping[str, int]:
    """Return the values, with their numbers of documents, that hold all of the words in the form of `fold`."""
    return {value: count for value, count in documents.items() if all(word in fold(value) for word in words)}


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)
