"""The library's types as JSON: the one form that HTTP and `--json` share.

Keys keep the order of the fields, which is the contract's. Two are left out when they say nothing:
`scores` without `explain`, and empty `warnings`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from index.kept import Kept
from index.types import Answer, AnswerText, Citation, Document, IndexInfo, Passage, Scores

DIGITS = 6
MILLISECOND_DIGITS = 3
SILENT_IF_EMPTY = ("scores", "warnings")
MOST = 16_384
"""Citations whose JSON is kept, each of some 1 KB."""
_shown: Kept[int, tuple[object, bytes]] = Kept(MOST)
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
    """Encode an answer, `answer_as_json` in a tenth of the time: citations, most of it, are encoded once and kept."""
    try:
        return _object(answer)
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


def _object(value: object) -> bytes:
    """Encode what a value has to say, each field in the form of its type."""
    kind: type = type(value)
    told: list[bytes] = []
    for name, key in _keys(kind):
        each = getattr(value, name)
        if each or name not in SILENT_IF_EMPTY:
            told += key, _milliseconds(each) if name == "took_ms" else _FORMS.get(type(each), to_json)(each)
    return b"{%b}" % b"".join(told)[1:]


def _array(values: tuple[object, ...]) -> bytes:
    return b"[%b]" % b",".join([_FORMS.get(type(each), to_json)(each) for each in values])


def _number(value: float) -> bytes:
    return to_json(round(value, DIGITS))


def _milliseconds(value: float) -> bytes:
    return to_json(round(value, MILLISECOND_DIGITS))


def _known(value: object) -> bytes:
    """Encode a value that answers show again and again: the same object each time, which is how it is known."""
    known, encoded = _shown.find(id(value)) or (None, b"")
    if known is not value:
        encoded = to_json(value)
        _shown.put(id(value), (value, encoded))
    return encoded


_FORMS: Mapping[type, Callable[[Any], bytes]] = {
    float: _number,
    tuple: _array,
    Citation: _known,
    IndexInfo: _known,
    AnswerText: _object,
    Passage: _object,
    Scores: _object,
}


@cache
def _keys(kind: type) -> tuple[tuple[str, bytes], ...]:
    """The names of a type's fields, and how an object's JSON names them behind others."""
    return tuple((name, b',"%b":' % name.encode()) for name in _names(kind))


def _told(value: object) -> list[str]:
    """Name the fields that have something to say."""
    kind: type = type(value)
    return [name for name in _names(kind) if name not in SILENT_IF_EMPTY or getattr(value, name)]


@cache
def _names(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no JSON form")
    return tuple(each.name for each in fields(kind))
