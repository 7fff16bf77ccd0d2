"""Applies the filters by agency, author, title, language and extra fields to the documents of a segment."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

import numpy as np

from wherefrom.index.arrays import Array, Mask
from wherefrom.index.errors import InvalidQuestion, UnknownFilterValue
from wherefrom.index.field_conditions import FieldCondition, FieldValue, Scalar
from wherefrom.index.search.close_values import close_matches
from wherefrom.index.segments.document_fields import DocumentFields, extra_key, key, number_of
from wherefrom.index.segments.segment_set import LiveSegment
from wherefrom.index.text.analyzer import words
from wherefrom.index.types import Filters

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
INTEGER = re.compile(r"-?\d{1,300}", re.ASCII)
NUMBER_PARTS = 2
"""Number of elements by which a key represents a number that a 64-bit float can hold: its kind and its digits."""
BOOLEANS = {"true": True, "false": False}
Segments = Sequence[LiveSegment]


def matching_fields(filters: Filters, segment: LiveSegment) -> Mask:
    """Return the mask of the live documents that pass; the filters must have passed `check_fields`."""
    fields, matching = segment.segment.documents.fields, segment.live_documents
    for values in (_keys("agency", filters.agency), _keys("author", filters.author), language_keys(filters)):
        if values:
            matching = matching & _having(chain.from_iterable(map(fields.documents, values)), len(matching))
    if filters.title:
        titles = [_having_all([fields.documents(each) for each in title_keys(title)]) for title in filters.title]
        matching = matching & _having(chain.from_iterable(titles), len(matching))
    for condition in filters.extra:
        matching = matching & _passing(condition, fields, len(matching))
    return matching


class KnownFields(Protocol):
    """The keys (see `document_fields`) that live documents have."""

    def has_any(self, keys: Sequence[str]) -> bool:
        """Return whether a live document has one of some keys."""

    def having(self, *prefix: str) -> bool:
        """Return whether a live document has a key whose first elements are these and which has further ones."""

    def values(self, prefix: Sequence[str], *, near: str) -> Iterator[Sequence[Scalar]]:
        """Yield the last elements of keys that begin with `prefix`: those around the key `near`."""

    def extra_names(self) -> Iterator[str]:
        """Yield the names of extra fields that live documents have."""


class SegmentFields:
    """The keys of the live documents of segments; see `KnownFields`."""

    def __init__(self, segments: Segments) -> None:
        self._segments = segments

    def has_any(self, keys: Sequence[str]) -> bool:
        """Return whether a live document has one of some keys."""
        return any(
            _is_live(each, each.segment.documents.fields.documents(key)) for each in self._segments for key in keys
        )

    def having(self, *prefix: str) -> bool:
        """Return whether a live document has a key whose first elements are these and which has further ones."""
        return any(_is_live(each, each.segment.documents.fields.having(*prefix)) for each in self._segments)

    def values(self, prefix: Sequence[str], *, near: str) -> Iterator[Sequence[Scalar]]:
        """Yield the last elements of keys that begin with `prefix`: those around the key `near`."""
        for each in self._segments:
            for parts, documents in each.segment.documents.fields.values(prefix, near=near):
                if _is_live(each, documents):
                    yield parts

    def extra_names(self) -> Iterator[str]:
        """Yield the names of extra fields that live documents have."""
        return chain.from_iterable(_extra_names(each) for each in self._segments)


def check_fields(filters: Filters, known: KnownFields) -> None:
    """Raise UnknownFilterValue for a value that no live document has, InvalidQuestion for one that none can have."""
    for name, values in (("agency", filters.agency), ("author", filters.author)):
        for value in values:
            _check(f"filters.{name}", value, [key(name, value)], (name,), known)
    for value, language_key in zip(filters.language, language_keys(filters), strict=True):
        _check("filters.language", value, [language_key], ("language",), known)
    for title in filters.title:
        if not words(title):
            raise InvalidQuestion("filters.title", f"{title!r} holds no word")
        for word in words(title):
            _check("filters.title", word, [key("title", word)], ("title",), known)
    for condition in filters.extra:
        _check_condition(condition, known)


def without_language(segment: LiveSegment, matching: Mask) -> int:
    """Return the number of matching documents that have no language."""
    with_language = _having([segment.segment.documents.fields.having("language")], len(matching))
    return int(np.count_nonzero(matching & ~with_language))


def _check_condition(condition: FieldCondition, known: KnownFields) -> None:
    name, field = condition.name, f"filters.extra.{condition.name}"
    if not known.having("extra", name):
        raise UnknownFilterValue("filters.extra", name, close_matches(name, sorted(set(known.extra_names()))))
    minimum, maximum = condition.minimum, condition.maximum
    if minimum is not None or maximum is not None:
        if minimum is not None and maximum is not None and minimum > maximum:
            raise InvalidQuestion(field, f"{minimum:g} is above the upper bound, {maximum:g}")
        if not known.having("extra", name, "number"):
            raise InvalidQuestion(field, "no document has a number in this field")
    for value in condition.values:
        _check(field, str(_shown(value.value)), value_keys(name, value), ("extra", name), known)


def _check(field: str, value: str, keys: Sequence[str], prefix: Sequence[str], known: KnownFields) -> None:
    """Raise UnknownFilterValue unless a live document has one of the keys; close values share the keys' prefix."""
    if known.has_any(keys):
        return
    values = {_readable(parts) for parts in known.values(prefix, near=keys[0])}
    raise UnknownFilterValue(field, value, close_matches(value, sorted(values)))


def _is_live(segment: LiveSegment, documents: Array) -> bool:
    return bool(segment.live_documents[documents].any())


def _extra_names(segment: LiveSegment) -> Iterator[str]:
    fields = segment.segment.documents.fields
    return (name for name in fields.extra_names() if _is_live(segment, fields.having("extra", name)))


def _readable(parts: Sequence[Scalar]) -> str:
    """Return a known value as text: the end of its key."""
    if len(parts) > 1 and parts[0] == "number":
        return str(number_of(str(parts[1])) if len(parts) == NUMBER_PARTS else parts[-1])
    return str(_shown(parts[-1]))


def _shown(value: Scalar) -> Scalar:
    return str(value).lower() if isinstance(value, bool) else value


def _passing(condition: FieldCondition, fields: DocumentFields, documents: int) -> Mask:
    name = condition.name
    passing = np.ones(documents, dtype=bool)
    if condition.values:
        keys = chain.from_iterable(value_keys(name, value) for value in condition.values)
        passing &= _having(map(fields.documents, keys), documents)
    if condition.minimum is not None or condition.maximum is not None:
        passing &= _having([fields.in_range(name, condition.minimum, condition.maximum)], documents)
    return passing


def value_keys(name: str, value: FieldValue) -> list[str]:
    """Return the keys that represent a value of an extra field; a document with the value has one of them."""
    if value.kind != "text":
        return [extra_key(name, value.value)]
    text = str(value.value)
    readings: list[Scalar] = [text]
    if NUMBER.fullmatch(text):
        readings.append(int(text) if INTEGER.fullmatch(text) else float(text))
    if text in BOOLEANS:
        readings.append(BOOLEANS[text])
    return [extra_key(name, reading) for reading in readings]


def _keys(field: str, values: Sequence[str]) -> list[str]:
    return [key(field, value) for value in values]


def language_keys(filters: Filters) -> list[str]:
    """Return the keys of the languages that filters allow, in the order of the filters."""
    return [key("language", value.replace("_", "-").lower()) for value in filters.language]


def title_keys(title: str) -> list[str]:
    """Return the keys of the words of a value; a document whose title has all these words has all these keys."""
    return _keys("title", words(title))


def _having(positions: Iterable[Array], documents: int) -> Mask:
    having = np.zeros(documents, dtype=bool)
    for each in positions:
        having[each] = True
    return having


def _having_all(positions: Sequence[Array]) -> list[Array]:
    common = positions[0]
    for each in positions[1:]:
        common = np.intersect1d(common, each, assume_unique=True)
    return [common]
