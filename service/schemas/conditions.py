"""Converts conditions on metadata, in the forms of other APIs, to the filters of a question.

A new filter is one line in `KEYS`: the key in a condition, and the filter that it sets. Any other key is the name of an
extra field of documents. Filters can express values of one key joined by "or", and everything else joined by "and".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Literal

from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.field_conditions import FieldCondition
from wherefrom.index.types import Filters
from wherefrom.service.schemas.extra_conditions import conditions_from_json
from wherefrom.service.schemas.fields import unknown_name

Operator = Literal["eq", "in", "gt", "gte", "lt", "lte"]
Join = Literal["and", "or"]
Parts = Mapping[str, tuple[str | FieldCondition, ...] | date]
"""Values of fields of `Filters`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A filter that is a list of values, of which a document has one."""

    filter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Two filters that are the first and the last day allowed."""

    first: str
    last: str


KEYS: Mapping[str, Values | Days] = {
    "document_id": Values(filter="document_id"),
    "file_id": Values(filter="document_id"),
    "publisher": Values(filter="publisher"),
    "agency": Values(filter="agency"),
    "author": Values(filter="author"),
    "language": Values(filter="language"),
    "published": Days(first="published_from", last="published_to"),
}
EXTRA = "extra"
FIRST_DAYS = frozenset(kind.first for kind in KEYS.values() if isinstance(kind, Days))


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions as a request has them; `field` is their name in it. Every method raises InvalidQuestion."""

    field: str

    def compare(self, key: str, operator: Operator, value: object) -> Parts:
        """Return the filters for one comparison."""
        if key not in KEYS and not get_close_matches(key, KEYS):
            return {EXTRA: (self._extra(key, operator, value),)}
        if unknown := unknown_name((key,), KEYS, "key"):
            raise self._invalid(f"{key!r}: {unknown.message()}")
        kind = KEYS[key]
        return (
            self._values(kind, key, operator, value)
            if isinstance(kind, Values)
            else self._days(kind, key, operator, value)
        )

    def join(self, how: Join, parts: Sequence[Parts]) -> Parts:
        """Return the filters for several groups of conditions."""
        return self._any_of(parts) if how == "or" and len(parts) > 1 else self._all_of(parts)

    def filters(self, parts: Parts) -> Filters:
        """Return the library's own type."""
        return Filters(**parts)  # type: ignore[arg-type]

    def _values(self, kind: Values, key: str, operator: Operator, value: object) -> Parts:
        if operator not in ("eq", "in"):
            raise self._invalid(f"{key!r} has no order; it can be compared with eq and in")
        values = value if isinstance(value, list) and operator == "in" else [value]
        if not values or not all(isinstance(each, str) for each in values):
            raise self._invalid(f"{key!r} must be compared with strings")
        return {kind.filter: tuple(values)}

    def _extra(self, key: str, operator: Operator, value: object) -> FieldCondition:
        """Return the condition on an extra field, whose value is a string, a number or a boolean."""
        if operator in ("gt", "lt"):
            raise self._invalid(f"{key!r} can be compared with eq, in, gte and lte")
        wanted = {"gte": {"from": value}, "lte": {"to": value}}.get(operator, value)
        try:
            (condition,) = conditions_from_json({key: wanted})
        except ValueError:  # nothing to compare with
            raise self._invalid(f"{key!r} must be compared with a value") from None
        except InvalidQuestion as error:
            raise self._invalid(error.reason) from error
        return condition

    def _days(self, kind: Days, key: str, operator: Operator, value: object) -> Parts:
        if operator == "in":
            raise self._invalid(f"{key!r} can be compared with eq, gt, gte, lt and lte")
        try:
            day = _day(value)
            if operator in ("gt", "lt"):
                day += timedelta(days=1 if operator == "gt" else -1)
        except (ValueError, OverflowError, OSError):  # OSError: a time that the platform cannot convert
            reason = "must be compared with a day like 2016-02-29, or with seconds since 1970"
            raise self._invalid(f"{key!r} {reason}") from None
        first, last = {kind.first: day}, {kind.last: day}
        return first | last if operator == "eq" else first if operator.startswith("gt") else last

    def _all_of(self, parts: Iterable[Parts]) -> Parts:
        joined: dict[str, tuple[str | FieldCondition, ...] | date] = {}
        for name, value in (item for part in parts for item in part.items()):
            present = joined.get(name)
            if present is None:
                joined[name] = value
            elif isinstance(present, date) and isinstance(value, date):
                joined[name] = max(present, value) if name in FIRST_DAYS else min(present, value)
            elif isinstance(present, tuple) and isinstance(value, tuple):
                if name == EXTRA:
                    joined[name] = present + value
                    continue
                joined[name] = tuple(each for each in present if each in value)
                if not joined[name]:
                    raise self._invalid(f"no document can meet both conditions on {name}")
        return joined

    def _any_of(self, parts: Sequence[Parts]) -> Parts:
        names = {name for part in parts for name in part}
        values = [value for part in parts for value in part.values()]
        alternatives = [each for value in values if isinstance(value, tuple) for each in value]
        if names == {EXTRA}:
            raise self._invalid("conditions on extra fields cannot be joined by or; compare one with in")
        if len(names) != 1 or len(values) != len(parts) or not all(isinstance(value, tuple) for value in values):
            raise self._invalid("only values of one key can be joined by or, and no days")
        return {names.pop(): tuple(dict.fromkeys(alternatives))}

    def _invalid(self, reason: str) -> InvalidQuestion:
        return InvalidQuestion(self.field, reason)


def _day(value: object) -> date:
    """Return the day of an ISO 8601 date or time, or of seconds since 1970. Raise ValueError, OverflowError."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).date()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC).date()
    raise ValueError
