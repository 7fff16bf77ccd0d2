"""An inverted index of metadata for filters: from a field and a value to documents.

A key is a JSON array in ASCII: the field's name, and a value in the form that `field_keys` gives it. In byte order, the
keys of one field are adjacent, and its numbers ascend.
"""

import json
import math
import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wherefrom.index.arrays import Array
from wherefrom.index.field_conditions import Scalar
from wherefrom.index.segments.columns import Column, ColumnFactory
from wherefrom.index.segments.postings import Postings
from wherefrom.index.storage.rows import IndexedDocument
from wherefrom.index.text.analyzer import words
from wherefrom.index.text.language_tags import language_ranges

PREFIX = "field_"
SIGN_BIT = 1 << 63
ALL_BITS = (1 << 64) - 1
AFTER_ASCII = "\x7f"
MAX_VALUES = 10_000
"""Maximum number of values that an unknown value is compared with, at 10 microseconds each."""


def field_keys(document: IndexedDocument) -> list[str]:
    """Return the keys of a document, each once."""
    keys = [key("author", author) for author in document.authors]
    keys += [key("agency", document.agency)] if document.agency else []
    keys += [key("title", word) for word in words(document.title or "")]
    keys += [key("language", each) for each in language_ranges(document.language or "") if each]
    for name, value in document.extra.items():
        keys += [extra_key(name, each) for each in (value if isinstance(value, tuple) else (value,))]
    return list(dict.fromkeys(keys))


def key(field: str, value: str) -> str:
    """Return the key of a value of a metadata field."""
    return json.dumps([field, value])


def extra_key(name: str, value: Scalar) -> str:
    """Return the key of a value of an extra field. A number has the same key however it is written, as 1 or 1.0."""
    if isinstance(value, str):
        return json.dumps(["extra", name, "string", value])
    if isinstance(value, bool):
        return json.dumps(["extra", name, "boolean", value])
    exact = [] if _double(value) == value else [str(value)]  # an integer that a 64-bit float cannot hold
    return json.dumps(["extra", name, "number", sortable(value), *exact])


def sortable(number: float) -> str:
    """Return 16 hexadecimal digits that sort as the numbers do; those of 0.0 and -0.0 are the same."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", _double(number) + 0.0))
    return f"{bits ^ (ALL_BITS if bits & SIGN_BIT else SIGN_BIT):016x}"


def number_of(digits: str) -> float:
    """Return the number of digits that `sortable` returned, as an `int` if it is an integer."""
    bits = int(digits, 16)
    (number,) = struct.unpack(">d", struct.pack(">Q", bits ^ (SIGN_BIT if bits & SIGN_BIT else ALL_BITS)))
    return int(number) if number.is_integer() else float(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFields:
    """The keys of a segment's documents; the rows of the postings are positions of documents."""

    postings: Postings

    def documents(self, key: str) -> Array:
        """Return the documents with a key, ascending."""
        return self.postings.of(key)[0]

    def having(self, *prefix: str) -> Array:
        """Return the documents with any key that begins with these elements; may contain duplicates."""
        return self._documents(_opening(prefix), _opening(prefix))

    def in_range(self, name: str, minimum: float | None, maximum: float | None) -> Array:
        """Return the documents whose extra field is a number from `minimum` to `maximum`; may contain duplicates."""
        every = _opening(("extra", name, "number")) + '"'
        return self._documents(
            every + ("" if minimum is None else sortable(minimum)),
            every + ("" if maximum is None else sortable(maximum)),
        )

    def values(self, prefix: Sequence[str], *, near: str) -> Iterator[tuple[Sequence[Scalar], Array]]:
        """Yield the last elements of the keys that begin with `prefix`, and the documents with each.

        At most MAX_VALUES are yielded, those around the key `near`.
        """
        first, last = self._range(_opening(prefix), _opening(prefix))
        first = max(first, bisect_left(self.postings.terms, near.encode()) - MAX_VALUES // 2)
        offsets = self.postings.offsets
        for number in range(first, min(last, first + MAX_VALUES)):
            rows = self.postings.rows[int(offsets[number]) : int(offsets[number + 1])]
            yield json.loads(self.postings.terms[number])[len(prefix) :], rows

    def extra_names(self) -> Iterator[str]:
        """Yield the names of extra fields, each once."""
        number, last = self._range(_opening(("extra",)), _opening(("extra",)))
        while number < last:
            name = json.loads(self.postings.terms[number])[1]
            yield name
            number = self._range("", _opening(("extra", name)))[1]

    def _documents(self, lowest: str, highest: str) -> Array:
        first, last = self._range(lowest, highest)
        return self.postings.rows[int(self.postings.offsets[first]) : int(self.postings.offsets[max(first, last)])]

    def _range(self, lowest: str, highest: str) -> tuple[int, int]:
        """Return the range of the numbers of the keys from `lowest` to the last one that begins with `highest`."""
        terms = self.postings.terms
        return bisect_left(terms, lowest.encode()), bisect_left(terms, f"{highest}{AFTER_ASCII}".encode())


def _opening(elements: Sequence[str]) -> str:
    """Return the prefix of every key that has these first elements and further ones."""
    return json.dumps(elements)[:-1] + ", "


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def prefixed(columns: ColumnFactory) -> ColumnFactory:
    """Return a factory that prefixes the names of columns, to separate them from those of the paragraphs' postings."""

    def start(name: str, kind: str, width: int | None = None) -> Column:
        return columns(f"{PREFIX}{name}", kind, width)

    return start
