"""What a list of documents is asked for, and what it returns: a selection in order, and counts of metadata values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self, get_args

from wherefrom.index.types import DocumentSummary, Filters

MAX_KEY_CHARACTERS = 200
"""Characters of a title or publisher that count for the order."""
MAX_EXTRA_FIELDS = 30
"""Extra fields whose values are counted: those that the most documents have."""
SortKey = Literal["document_id", "title", "publisher", "published"]
DocumentSort = Literal[
    "document_id", "-document_id", "title", "-title", "publisher", "-publisher", "published", "-published"
]
"""What a list of documents is sorted by; with "-" from the last to the first."""
DESCENDING = "-"
CountedField = Literal["publisher", "agency", "author", "language", "month"]
"""A field of metadata whose values are counted; "month" is the year and month of the publication date."""

FilterField = CountedField | Literal["extra"]
"""A field whose values filters take; "extra" stands for the further fields that were given with documents."""


def sort_key(value: str | None) -> str:
    """Return what a title, publisher or date is sorted by; empty without a value."""
    return (value or "").casefold()[:MAX_KEY_CHARACTERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in an order of documents: what a document is sorted by, and its id, which decides between equals."""

    key: str
    document_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuery:
    """Which documents are listed, in which order, and how many at most.

    Each of `words`, casefolded, must occur in the id, title, publisher, agency, authors, source or URL. Documents
    without a value to sort by come last in either direction. `after` is the place of the last document before.
    """

    filters: Filters = field(default_factory=Filters)
    words: Sequence[str] = ()
    sort: DocumentSort = "document_id"
    after: Place | None = None
    limit: int | None = None

    @property
    def sort_key(self) -> SortKey:
        """What is sorted by, without the direction."""
        name = self.sort.removeprefix(DESCENDING)
        return next(key for key in get_args(SortKey) if key == name)

    @property
    def descending(self) -> bool:
        """Whether the order is from the last to the first."""
        return self.sort.startswith(DESCENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSelection:
    """The documents that a query selects; `total` match, and `last` is the place of the last if others follow it."""

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
        """Return the first `limit` of the values, each with the number of its documents; equals by the value."""
        ordered = sorted(documents.items(), key=lambda item: (-item[1], item[0]))[:limit]
        values = tuple(ValueCount(value=value, documents=count) for value, count in ordered)
        return cls(values=values, total=len(documents), without=without)
