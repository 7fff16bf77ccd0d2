"""A JSON file: one article, a list of articles, or an object around one list of them."""

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.scraped.json_lines import read_json_lines
from wherefrom.index.sources.containers.scraped.scraped_article import FieldTally, has_text, parse_scraped
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.json_article import json_fault
from wherefrom.index.sources.read_result import ReadResult

MAX_WRAPPERS = 3
"""Maximum depth of objects around a list of articles, such as {"response": {"docs": [...]}}."""
INNER_KEYS = ("_source", "fields", "attributes", "article", "document", "doc")
"""Keys of the article in an entry of a list, as written by search engines."""


def read_json(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the articles of a JSON file, or of JSON Lines if the first line is an object, and a note on their fields.

    An article in a list is named by its position, from 1. Raise SourceRejected if the file is not JSON or has no
    article.
    """
    if _is_lines(file):
        yield from read_json_lines(file, source)
        return
    raw = file.read(limits.MAX_SOURCE_BYTES + 1)
    if len(raw) > limits.MAX_SOURCE_BYTES:
        raise SourceRejected(source, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes; write an article a line")
    value = _loads(raw, source)
    tally = FieldTally()
    if has_text(value):
        yield parse_scraped(value, source=source, tally=tally)
    else:
        for number, entry in enumerate(_list_of_articles(value, source), 1):
            yield _parse_entry(entry, f"{source}:{number}", tally)
    yield from tally.notes(source)


def _is_lines(file: BinaryIO) -> bool:
    """Return whether the first line is a complete object and more follows."""
    line = file.readline(limits.MAX_SOURCE_BYTES + 1)
    rest = file.read(1)
    file.seek(0)
    if not rest or not line.rstrip().endswith(b"}"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _loads(raw: bytes, source: str) -> object:
    try:
        return json.loads(decode(raw, source=source).text)
    except (ValueError, RecursionError) as error:
        raise SourceRejected(source, json_fault(error)) from error


def _list_of_articles(value: object, source: str) -> list[object]:
    """Return the list of articles in a decoded file. Raise SourceRejected unless there is exactly one such list."""
    for _ in range(MAX_WRAPPERS):
        if isinstance(value, list):
            return value
        if not isinstance(value, dict):
            break
        lists = {name: part for name, part in value.items() if isinstance(part, list) and any(map(_holds_text, part))}
        if len(lists) == 1:
            return next(iter(lists.values()))
        if lists:
            names = ", ".join(sorted(lists))
            raise SourceRejected(source, f"it holds more than one list of articles ({names}); divide it")
        objects = [part for part in value.values() if isinstance(part, dict)]
        inner = [part for part in objects if any(isinstance(each, list | dict) for each in part.values())]
        if all(map(_holds_text, objects)) and objects:  # articles by their ids
            return list(objects)
        if len(inner) != 1:
            break
        value = inner[0]
    names = ", ".join(sorted(map(str, value))[:12]) if isinstance(value, dict) else ""
    found = f"; its fields are {names}" if names else ""
    raise SourceRejected(source, f"this JSON holds no article{found}: an article is an object with a text")


def _holds_text(entry: object) -> bool:
    return has_text(entry) or has_text(_inner(entry))


def _inner(entry: object) -> object:
    """Return the article under one of INNER_KEYS in an entry, else the entry itself."""
    if isinstance(entry, Mapping) and not has_text(entry):
        return next((entry[key] for key in INNER_KEYS if has_text(entry.get(key))), entry)
    return entry


def _parse_entry(entry: object, name: str, tally: FieldTally) -> ReadResult:
    try:
        return parse_scraped(_inner(entry), source=name, tally=tally)
    except SourceRejected as error:
        return error
