"""Queries over all documents of a catalog: a page of a list, and the values of a field with their counts.

They read only ids and single values of metadata; the documents of a page are read whole afterwards.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from wherefrom.index.collection.document_query import (
    CountedField,
    DocumentQuery,
    Place,
    SortKey,
    ValueCount,
    ValueCounts,
    fold,
    most_frequent_fields,
    sort_key,
    texts_of_extra,
    with_words,
)

SORT_KEYS: Mapping[SortKey, str] = {
    "document_id": "document_id",
    "title": "sort_key(metadata -> '$.title')",
    "publisher": "sort_key(metadata -> '$.publisher')",
    "published": "ifnull(json_extract(metadata, '$.published'), '')",
}
SEARCHED = """fold(document_id || char(10) || source || char(10)
    || ifnull(json_extract(metadata, '$.title'), '') || char(10)
    || ifnull(json_extract(metadata, '$.publisher'), '') || char(10)
    || ifnull(json_extract(metadata, '$.agency'), '') || char(10)
    || ifnull((SELECT group_concat(value, char(10)) FROM json_each(metadata, '$.authors')), '') || char(10)
    || ifnull(json_extract(metadata, '$.url'), ''))"""
"""The text of a document that words are searched in."""
VALUES: Mapping[CountedField, str] = {
    "publisher": "SELECT document_id, json_extract(metadata, '$.publisher') AS value FROM documents",
    "agency": "SELECT document_id, json_extract(metadata, '$.agency') AS value FROM documents",
    "author": "SELECT DISTINCT document_id, value FROM documents, json_each(metadata, '$.authors')",
    "language": "SELECT document_id, json_extract(metadata, '$.language') AS value FROM documents",
    "month": "SELECT document_id, substr(json_extract(metadata, '$.published'), 1, 7) AS value FROM documents",
}

EXTRA = "SELECT metadata -> '$.extra' FROM documents WHERE json_type(metadata, '$.extra') = 'object'"
"""The extra fields of each document that has any, as JSON."""


def select_ids(
    db: sqlite3.Connection, query: DocumentQuery, allowed: Collection[str] | None
) -> tuple[list[str], int, Place | None]:
    """Return the ids that a query selects, in order, the total number of matches, and the last place if others follow.

    `allowed` has the ids that its filters allow, `None` for every document.
    """
    _add_functions(db)
    conditions, values = _matching(query.words, allowed)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    total = int(db.execute(f"SELECT count(*) FROM documents{where}", values).fetchone()[0])  # noqa: S608
    key = SORT_KEYS[query.sort_key]
    selection = f"SELECT document_id, {key} AS key FROM documents{where}"  # noqa: S608 - our own parts
    if query.after is not None:
        condition, place = _after(query)
        selection = f"SELECT document_id, key FROM ({selection}) WHERE {condition}"  # noqa: S608
        values = [*values, *place]
    limit = -1 if query.limit is None else query.limit + 1
    rows = db.execute(f"{selection} ORDER BY {_order(query)} LIMIT ?", [*values, limit]).fetchall()
    shown = rows if query.limit is None else rows[: query.limit]
    last = Place(key=shown[-1][1], document_id=shown[-1][0]) if shown and len(shown) < len(rows) else None
    return [row[0] for row in shown], total, last


def count_values(
    db: sqlite3.Connection, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None
) -> ValueCounts:
    """Return at most `limit` values of a field that contain all words, in the form of `fold`, with their counts."""
    _add_functions(db)
    conditions = ["value IS NOT NULL", *("instr(fold(value), ?) > 0" for _ in words)]
    counts = f"""SELECT value, count(*) AS documents FROM ({VALUES[name]}) WHERE {" AND ".join(conditions)}
        GROUP BY value"""  # noqa: S608 - our own parts
    rows = db.execute(f"{counts} ORDER BY documents DESC, value", list(words)).fetchall()
    having = f"SELECT count(DISTINCT document_id) FROM ({VALUES[name]}) WHERE value IS NOT NULL"  # noqa: S608
    documents, with_value = db.execute(f"SELECT (SELECT count(*) FROM documents), ({having})").fetchone()  # noqa: S608
    shown = rows if limit is None else rows[:limit]
    return ValueCounts(
        values=tuple(ValueCount(value=str(value), documents=count) for value, count in shown),
        total=len(rows),
        without=documents - with_value,
    )


def count_extra_values(
    db: sqlite3.Connection, *, words: Sequence[str] = (), limit: int | None = None
) -> Mapping[str, ValueCounts]:
    """Return the values of each extra field like `count_values`, for the fields that the most documents have.

    Values are spelled as in a condition of the kind "text": numbers and booleans as in JSON. At most MAX_EXTRA_FIELDS
    fields are returned.
    """
    documents = int(db.execute("SELECT count(*) FROM documents").fetchone()[0])
    having = Counter(name for extra in _extra(db) for name in extra)
    counts: dict[str, Counter[str]] = {name: Counter() for name in most_frequent_fields(having)}
    for extra in _extra(db):
        for name in extra.keys() & counts.keys():
            counts[name].update(extra[name])
    return {
        name: ValueCounts.most_frequent(with_words(values, words), without=documents - having[name], limit=limit)
        for name, values in counts.items()
    }


def _extra(db: sqlite3.Connection) -> Iterator[Mapping[str, frozenset[str]]]:
    """Yield the values of the extra fields of each document that has any."""
    return (texts_of_extra(json.loads(extra)) for (extra,) in db.execute(EXTRA))


def _matching(words: Sequence[str], allowed: Collection[str] | None) -> tuple[list[str], list[Any]]:
    """Return the conditions on documents, and the values of their parameters."""
    conditions: list[str] = []
    values: list[Any] = []
    if allowed is not None:
        conditions.append("document_id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(allowed)))
    if words:
        conditions.append(f"holds_all({SEARCHED}, ?)")
        values.append("\n".join(words))
    return conditions, values


def _after(query: DocumentQuery) -> tuple[str, list[str]]:
    """Return the condition that a document follows a place in the order of the query, and its parameters."""
    assert query.after is not None  # noqa: S101 - checked by the caller
    key, document_id = query.after.key, query.after.document_id
    if query.sort_key == "document_id":
        return f"document_id {'<' if query.descending else '>'} ?", [document_id]
    if not key:
        return "key = '' AND document_id > ?", [document_id]
    beyond = "<" if query.descending else ">"
    return f"(key = '' OR key {beyond} ? OR (key = ? AND document_id > ?))", [key, key, document_id]


def _order(query: DocumentQuery) -> str:
    direction = "DESC" if query.descending else "ASC"
    if query.sort_key == "document_id":
        return f"document_id {direction}"
    return f"key = '', key {direction}, document_id"


def _add_functions(db: sqlite3.Connection) -> None:
    """Register Python's string functions for SQL, whose own fold only the case of ASCII letters."""
    db.create_function("sort_key", 1, _sort_key_of_json, deterministic=True)
    db.create_function("fold", 1, fold, deterministic=True)
    db.create_function("holds_all", 2, _holds_all, deterministic=True)


def _sort_key_of_json(value: str | None) -> str:
    """Return the sort key of a string in JSON; it is not read with `json_extract`, which ends at a NUL character."""
    return sort_key(None if value is None else json.loads(value))


def _holds_all(text: str, words: str) -> bool:
    """Return whether a text contains all of `words`, which are separated by newlines."""
    return all(word in text for word in words.split("\n"))
