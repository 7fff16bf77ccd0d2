"""Translates filters into conditions: SQL on versions, and filter expressions of Milvus."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.database.document_rows import can_be_id
from wherefrom.index.cluster.database.fields import as_double, key_hash, number_name, publisher_key
from wherefrom.index.errors import UnknownFilterValue
from wherefrom.index.field_conditions import FieldCondition, Scalar
from wherefrom.index.search.close_values import close_matches
from wherefrom.index.search.field_filters import check_fields, language_keys, title_keys, value_keys
from wherefrom.index.search.filters import MAX_COMPARED_IDS, check_range, language_warning, undated_warning
from wherefrom.index.segments.document_fields import MAX_VALUES, key
from wherefrom.index.types import Filters

WITHOUT_LANGUAGE = """NOT EXISTS (
    SELECT 1 FROM version_values AS held WHERE held.version = versions.version AND name = 'language')"""
INDEXED_CHARACTERS = 300
"""Number of leading characters of a key that PostgreSQL's index holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition on versions: in SQL with its parameters, and as an expression of Milvus, empty for every version."""

    sql: str = "true"
    values: tuple[object, ...] = ()
    expression: str = ""

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(
            sql=f"{self.sql} AND {other.sql}",
            values=(*self.values, *other.values),
            expression=" and ".join(filter(None, [self.expression, other.expression])),
        )


EVERYTHING = Condition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """The versions of a revision, as a condition on the table `versions`."""

    revision: int
    sql: str = field(default="born <= %s AND (died IS NULL OR died > %s)", init=False)

    @property
    def values(self) -> tuple[object, ...]:
        """The parameters of the condition."""
        return self.revision, self.revision


def condition_of(db: Database, filters: Filters, visible: Visible) -> tuple[Condition, tuple[str, ...]]:
    """Return the condition of filters, and warnings about documents that they leave out for lack of a value.

    Raises UnknownFilterValue, InvalidQuestion.
    """
    check_range(filters)
    known = DatabaseFields(db, visible)
    _check_publishers(known, filters.publisher)
    _check_ids(db, visible, filters.document_id)
    check_fields(filters, known)
    undated = replace(filters, published_from=None, published_to=None)
    unspoken = replace(undated, language=())
    warnings: list[str] = []
    if undated != filters:
        left_out = _all(db, undated, visible)
        warnings += undated_warning(_count(db, visible, f"{left_out.sql} AND published = 0", left_out.values))
    if filters.language:
        left_out = _all(db, unspoken, visible)
        warnings += language_warning(
            _count(
                db,
                visible,
                f"{left_out.sql} AND {WITHOUT_LANGUAGE}",
                left_out.values,
            )
        )
    return _all(db, filters, visible), tuple(warnings)


def _all(db: Database, filters: Filters, visible: Visible) -> Condition:
    condition = EVERYTHING
    for each in _conditions(db, filters, visible):
        condition = condition & each
    return condition


def _conditions(db: Database, filters: Filters, visible: Visible) -> Iterator[Condition]:
    for keys in (
        [publisher_key(each) for each in filters.publisher],
        [key("agency", each) for each in filters.agency],
        [key("author", each) for each in filters.author],
        language_keys(filters),
    ):
        if keys:
            yield _any_of(keys)
    if filters.title:
        yield _either([_all_of(title_keys(each)) for each in filters.title])
    if filters.document_id:
        yield _with_ids(db, filters.document_id, visible)
    if filters.published_from is not None:
        yield _published(">=", filters.published_from.toordinal())
    if filters.published_to is not None:
        yield _published("<=", filters.published_to.toordinal()) & _published(">", 0)
    for condition in filters.extra:
        if condition.values:
            yield _any_of([each for value in condition.values for each in value_keys(condition.name, value)])
        if condition.minimum is not None or condition.maximum is not None:
            yield _in_range(db, condition)


def _any_of(keys: Sequence[str]) -> Condition:
    hashes = [key_hash(each) for each in keys]
    return Condition(
        sql="keys && %s::bigint[]", values=(hashes,), expression=f"ARRAY_CONTAINS_ANY(keys, {json.dumps(hashes)})"
    )


def _all_of(keys: Sequence[str]) -> Condition:
    hashes = [key_hash(each) for each in keys]
    return Condition(
        sql="keys @> %s::bigint[]", values=(hashes,), expression=f"ARRAY_CONTAINS_ALL(keys, {json.dumps(hashes)})"
    )


def _either(conditions: Sequence[Condition]) -> Condition:
    return Condition(
        sql=f"({' OR '.join(each.sql for each in conditions)})",
        values=tuple(value for each in conditions for value in each.values),
        expression=f"({' or '.join(each.expression for each in conditions)})",
    )


def _with_ids(db: Database, ids: Sequence[str], visible: Visible) -> Condition:
    query = f"SELECT version FROM versions WHERE document_id = ANY(%s) AND {visible.sql}"  # noqa: S608 - a constant
    versions = [row[0] for row in db.execute(query.encode(), (list(ids), *visible.values))]
    return Condition(
        sql="document_id = ANY(%s)", values=(list(ids),), expression=f"version in {json.dumps(sorted(versions))}"
    )


def _published(comparison: str, ordinal: int) -> Condition:
    return Condition(
        sql=f"published {comparison} %s", values=(ordinal,), expression=f"published {comparison} {ordinal}"
    )


def _in_range(db: Database, condition: FieldCondition) -> Condition:
    """Return the condition that any of a document's numbers in an extra field is in a range."""
    name = number_name(condition.name)
    bounds = [
        (comparison, as_double(bound))
        for comparison, bound in ((">=", condition.minimum), ("<=", condition.maximum))
        if bound is not None
    ]
    (places,) = db.execute("SELECT max(place) FROM version_numbers WHERE name = %s", (name,)).fetchone() or (None,)
    alternatives = [
        "(" + " and ".join(f'numbers["{number_field(name, at)}"] {sign} {bound!r}' for sign, bound in bounds) + ")"
        for at in range((places or 0) + 1)
    ]
    compared = " AND ".join(f"value {sign} %s" for sign, _ in bounds)
    return Condition(
        sql=f"""EXISTS (SELECT 1 FROM version_numbers AS held
            WHERE held.version = versions.version AND name = %s AND {compared})""",  # noqa: S608 - our own parts
        values=(name, *(bound for _, bound in bounds)),
        expression=f"({' or '.join(alternatives)})",
    )


def number_field(name: int, place: int) -> str:
    """Return the key of a number of an extra field in Milvus; `place` is its position among the field's numbers."""
    return f"n{name & (1 << 64) - 1:016x}_{place}"


def _count(db: Database, visible: Visible, sql: str, values: Sequence[object]) -> int:
    query = f"SELECT count(*) FROM versions WHERE {visible.sql} AND {sql}"  # noqa: S608 - our own conditions
    row = db.execute(query.encode(), (*visible.values, *values)).fetchone()
    return int(row[0]) if row else 0


def _check_publishers(known: "DatabaseFields", wanted: Sequence[str]) -> None:
    for name in wanted:
        if not known.has_any([publisher_key(name)]):
            names = {str(parts[-1]) for parts in known.values(("publisher",), near=publisher_key(name))}
            raise UnknownFilterValue("filters.publisher", name, close_matches(name, sorted(names)))


def _check_ids(db: Database, visible: Visible, wanted: Sequence[str]) -> None:
    query = f"SELECT document_id FROM versions WHERE {visible.sql} AND document_id = ANY(%s)"  # noqa: S608
    possible = list(filter(can_be_id, wanted))
    known = {row[0] for row in db.execute(query.encode(), (*visible.values, possible))} if possible else set()
    for document_id in wanted:
        if document_id not in known:
            nearby: set[str] = set()
            place = document_id.partition("\0")[0]
            for comparison, direction in (("<=", "DESC"), (">", "ASC")):
                query = f"""SELECT document_id FROM versions WHERE {visible.sql} AND document_id {comparison} %s
                    ORDER BY document_id {direction} LIMIT %s"""  # noqa: S608 - our own parts
                values = (*visible.values, place, MAX_COMPARED_IDS // 2)
                nearby |= {row[0] for row in db.execute(query.encode(), values)}
            raise UnknownFilterValue("filters.document_id", document_id, close_matches(document_id, sorted(nearby)))


class DatabaseFields:
    """The keys that documents have; see `field_filters.KnownFields`.

    `has_any` reads the visible revision, the other methods the last revision.
    """

    def __init__(self, db: Database, visible: Visible) -> None:
        self._db = db
        self._visible = visible

    def has_any(self, keys: Sequence[str]) -> bool:
        """Return whether a document has one of some keys."""
        query = f"SELECT 1 FROM versions WHERE {self._visible.sql} AND keys && %s::bigint[] LIMIT 1"  # noqa: S608
        values = (*self._visible.values, [key_hash(each) for each in keys])
        return self._db.execute(query.encode(), values).fetchone() is not None

    def having(self, *prefix: str) -> bool:
        """Return whether a document has a key whose first elements are these and which has further ones."""
        return bool(self._keys(_opening(prefix), _opening(prefix), limit=1))

    def values(self, prefix: Sequence[str], *, near: str) -> Iterator[Sequence[Scalar]]:
        """Yield the last elements of keys that begin with `prefix`: those around the key `near`."""
        opening = _opening(prefix)
        for held in (
            *self._keys(opening, opening, limit=MAX_VALUES // 2, before=near),
            *self._keys(max(opening, near), opening, limit=MAX_VALUES // 2),
        ):
            yield json.loads(held)[len(prefix) :]

    def extra_names(self) -> Iterator[str]:
        """Yield the names of extra fields that documents have."""
        lowest = _opening(("extra",))
        while found := self._keys(lowest, _opening(("extra",)), limit=1):
            name = json.loads(found[0])[1]
            yield name
            lowest = _opening(("extra", name)) + "\x7f"

    def _keys(self, lowest: str, opening: str, *, limit: int, before: str | None = None) -> list[str]:
        """Return keys that begin with an opening: ascending from `lowest`, or descending from before `before`."""
        query = f"""SELECT key FROM field_keys WHERE documents > 0
            AND left(key, {INDEXED_CHARACTERS}) COLLATE "C" >= left(%s, {INDEXED_CHARACTERS})
            AND left(key, {INDEXED_CHARACTERS}) COLLATE "C" < left(%s, {INDEXED_CHARACTERS})
            ORDER BY left(key, {INDEXED_CHARACTERS}) COLLATE "C" {"ASC" if before is None else "DESC"} LIMIT %s"""  # noqa: S608
        highest = f"{opening}\x7f" if before is None else min(before, f"{opening}\x7f")
        return [row[0] for row in self._db.execute(query.encode(), (lowest, highest, limit))]


def _opening(elements: Sequence[str]) -> str:
    """Return the prefix of every key that has these first elements and further ones."""
    return json.dumps(list(elements))[:-1] + ", "
