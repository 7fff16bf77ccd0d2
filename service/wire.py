"""The library's types as JSON: the one form that HTTP and `--json` share.

Keys keep the order of the fields, which is the contract's. Two are left out when they say nothing:
`scores` without `explain`, and empty `warnings`.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache

from pydantic_core import PydanticSerializationError, to_json

from index.types import Answer, Document, Scores

DIGITS = 6
MILLISECOND_DIGITS = 3
SILENT_IF_EMPTY = ("scores", "warnings")
DESCRIPTION = ("title", "publisher", "agency", "authors", "published", "url")


def as_json(value: object) -> object:
    """Turn frozen data into what `json` knows: dates as ISO strings, numbers rounded to 6 decimals."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(each) for each in value]
    return {name: as_json(getattr(value, name)) for name in _told(value)}


def answer_as_json(answer: Answer) -> dict[str, object]:
    """Give an answer as `POST /v1/ask` and `wherefrom ask --json` both print it."""
    took_ms = round(answer.took_ms, MILLISECOND_DIGITS)
    return {name: as_json(getattr(answer, name)) for name in _told(answer)} | {"took_ms": took_ms}


def answer_bytes(answer: Answer) -> bytes:
    """Encode an answer, `answer_as_json` in a third of the time: citations, most of it, are encoded as they are."""
    passages = [_outline(passage) for passage in answer.passages]
    took_ms = round(answer.took_ms, MILLISECOND_DIGITS)
    try:
        return to_json(_outline(answer) | {"passages": passages, "took_ms": took_ms})
    except (PydanticSerializationError, UnicodeError):  # a lone surrogate, which UTF-8 cannot hold
        return json_bytes(answer_as_json(answer))


def document_as_json(document: Document) -> dict[str, object]:
    """Give what cleaning keeps and drops of a source, as `wherefrom inspect --json` prints it."""
    return {
        "source": document.source,
        "encoding": document.encoding,
        "source_sha256": document.source_sha256,
        "media_type": document.media_type,
        "document": {name: as_json(getattr(document.metadata, name)) for name in DESCRIPTION},
        "origins": as_json(document.metadata.origins),
        "paragraphs": [{"text": p.text, "segments": as_json(p.segments)} for p in document.paragraphs],
        "dropped": as_json(document.dropped),
    }


def json_bytes(body: object) -> bytes:
    """Encode as compact UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes its JSON escape."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def _outline(value: object) -> dict[str, object]:
    """Give what a value has to say, its numbers rounded, the data inside it as it is."""
    said = {name: getattr(value, name) for name in _told(value)}
    return {name: as_json(each) if isinstance(each, float | Scores) else each for name, each in said.items()}


def _told(value: object) -> list[str]:
    """Name the fields that have something to say."""
    kind: type = type(value)
    return [name for name in _names(kind) if name not in SILENT_IF_EMPTY or getattr(value, name)]


@cache
def _names(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no JSON form")
    return tuple(each.name for each in fields(kind))
