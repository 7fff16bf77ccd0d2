"""Queries over all documents in PostgreSQL: a page of a list, and the values of a field with their counts.

Titles, publishers and values are compared as bytes of UTF-8, which is the order of the embedded engine. Their keys are
computed when a document is stored, since PostgreSQL has no casefolding of its own.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.cluster.database.document_rows import CURRENT, summaries
from wherefrom.index.collection.document_query import (
    CountedField,
    DocumentQuery,
    DocumentSelection,
    Place,
    SortKey,
    ValueCounts,
    fold,
    most_frequent_fields,
    texts_of_extra,
    with_words,
)

NUL = r"position('\u0000' IN metadata) > 0"
"""The condition that metadata may have a NUL character, which PostgreSQL does not read from JSON."""
EXTRA_VALUES = f"""SELECT DISTINCT version, field.key AS name, item.value #>> '{{}}' AS value
    FROM (SELECT version, metadata::json -> 'extra' AS extra FROM
        (SELECT version, metadata FROM versions WHERE {CURRENT} AND NOT {NUL} OFFSET 0) AS read) AS held,
    json_each(CASE json_typeof(extra) WHEN 'object' THEN extra END) AS field,
    json_array_elements(
        CASE json_typeof(field.value) WHEN 'array' THEN field.value ELSE json_build_array(field.value) END
    ) AS item
    WHERE json_typeof(item.value) IN ('string', 'number', 'boolean')"""  # noqa: S608 - our own parts
"""The values of extra fields of the other documents; of a field with several, each once."""
SORT_COLUMNS: Mapping[SortKey, str] = {
    "document_id": "convert_to(document_id, 'UTF8')",
    "title": "sort_title",
    "publisher": "sort_publisher",
    "published": "sort_published",
}


def select(db: Database, query: DocumentQuery, condition: str, values: Sequence[object]) -> DocumentSelection:
    """Return the documents that a query selects, apart from its filters, among those that meet a condition."""
    conditions = [CURRENT, f"({condition})", *["position(%s::bytea IN searched) > 0"] * len(query.words)]
    parameters = [*values, *(word.encode() for word in query.words)]
    where = " AND ".join(conditions)
    (total,) = db.execute(f"SELECT count(*) FROM versions WHERE {where}".encode(), parameters).fetchone() or (0,)  # noqa: S608
    key = SORT_COLUMNS[query.sort_key]
    selection = f"SELECT document_id, {key} AS key FROM versions WHERE {where}"  # noqa: S608 - our own parts
    after = "true"
    if query.after is not None:
        after, place = _after(query, query.after)
        parameters += place
    selection = f"SELECT document_id, key FROM ({selection}) AS selected WHERE {after}"  # noqa: S608
    limit = None if query.limit is None else query.limit + 1
    found = db.execute(f"{selection} ORDER BY {_order(query)} LIMIT %s".encode(), [*parameters, limit]).fetchall()
    shown = found if query.limit is None else found[: query.limit]
    last = Place(key=shown[-1][1].decode(), document_id=shown[-1][0]) if shown and len(shown) < len(found) else None
    ids = [document_id for document_id, _ in shown]
    by_id = {each.document_id: each for each in summaries(db, f"{CURRENT} AND document_id = ANY(%s)", (ids,))}
    return DocumentSelection(documents=tuple(by_id[each] for each in ids), total=int(total), last=last)


def count_values(
    db: Database, name: CountedField, *, words: Sequence[str] = (), limit: int | None = None
) -> ValueCounts:
    """Return at most `limit` values of a field that hold all of the words, in the form of `fold`, with their counts."""
    counts = f"""SELECT value, count(*) FROM version_values JOIN versions USING (version)
        WHERE {CURRENT} AND name = %s GROUP BY value"""  # noqa: S608 - a constant
    values = {value.decode(): int(count) for value, count in db.execute(counts, (name,))}
    matching = {value: count for value, count in values.items() if all(word in fold(value) for word in words)}
    without = f"""SELECT count(*) FROM versions WHERE {CURRENT} AND NOT EXISTS (
        SELECT 1 FROM version_values AS held WHERE held.version = versions.version AND name = %s)"""  # noqa: S608
    (missing,) = db.execute(without, (name,)).fetchone() or (0,)
    return ValueCounts.most_frequent(matching, without=int(missing), limit=limit)


def count_extra_values(
    db: Database, *, words: Sequence[str] = (), limit: int | None = None
) -> Mapping[str, ValueCounts]:
    """Return the values of each extra field as `count_values` does, for the fields that the most documents have.

    Values are spelled as in the text of a condition: numbers and booleans as in JSON.
    """
    (documents,) = db.execute(f"SELECT count(*) FROM versions WHERE {CURRENT}".encode()).fetchone() or (0,)  # noqa: S608
    named = f"SELECT name, count(DISTINCT version) FROM ({EXTRA_VALUES}) AS held GROUP BY name"  # noqa: S608 - our own parts
    having = Counter({str(name): int(count) for name, count in db.execute(named.encode())})
    others = f"SELECT metadata FROM versions WHERE {CURRENT} AND {NUL}"  # noqa: S608 - constants
    with_nul = [texts_of_extra(json.loads(row[0]).get("extra", {})) for row in db.execute(others.encode())]
    having.update(name for extra in with_nul for name in extra)
    counts: dict[str, Counter[str]] = {name: Counter() for name in most_frequent_fields(having)}
    grouped = f"""SELECT name, value, count(*) FROM ({EXTRA_VALUES}) AS held WHERE name = ANY(%s)
        GROUP BY name, value"""  # noqa: S608 - our own parts
    for name, value, count in db.execute(grouped.encode(), ([name for name in counts if "\0" not in name],)):
        counts[name][value] += int(count)
    for extra in with_nul:
        for name in extra.keys() & counts.keys():
            counts[name].update(extra[name])
    return {
        name: ValueCounts.most_frequent(with_words(values, words), without=int(documents) - having[name], limit=limit)
        for name, values in counts.items()
    }


def _after(query: DocumentQuery, place: Place) -> tuple[str, list[object]]:
    """Return the condition that a document comes after a place, and its parameters."""
    key, document_id = place.key.encode(), place.document_id
    if query.sort_key == "document_id":
        return f"document_id {'<' if query.descending else '>'} %s", [document_id]
    if not key:
        return "key = ''::bytea AND document_id > %s", [document_id]
    beyond = "<" if query.descending else ">"
    return f"(key = ''::bytea OR key {beyond} %s OR (key = %s AND document_id > %s))", [key, key, document_id]


def _order(query: DocumentQuery) -> str:
    direction = "DESC" if query.descending else "ASC"
    if query.sort_key == "document_id":
        return f"document_id {direction}"
    return f"key = ''::bytea, key {direction}, document_id"
