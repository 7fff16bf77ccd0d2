"""JSON forms of the library's types, shared by HTTP, MCP and `--json`.

Keys have the order of the dataclass fields, which is part of the contract. Some are left out when they are empty:
`scores`, `shared_words`, `explanation`, `checks` and `rejections`, which need `explain`; `follow_up`, which needs a
context; `recency`, which is there if dates count; `warnings`; and `extractor`, `text_sha256` and `pages`, which only
documents with an extracted text have.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache

from pydantic_core import PydanticSerializationError, to_json

from wherefrom.index.types import Answer, Document, Passage
from wherefrom.service.schemas.responses import shown_paragraphs, shown_subheads

DECIMALS = 6
TOOK_MS_DECIMALS = 3
OMITTED_IF_EMPTY = (
    "scores",
    "shared_words",
    "warnings",
    "explanation",
    "follow_up",
    "recency",
    "extractor",
    "text_sha256",
    "pages",
    "checks",
    "rejections",
)
EMPTY = (None, ())
DESCRIPTIVE_FIELDS = ("title", "publisher", "agency", "authors", "published", "url")
OPTIONAL_FIELDS = ("language", "extra")
"""Fields that `inspect` shows only if the document has a value."""


def as_json(value: object) -> object:
    """Convert dataclasses to values for `json.dumps`, with dates as ISO strings and floats rounded to 6 decimals."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return {name: as_json(getattr(value, name)) for name in _present_fields(value)}


def answer_as_json(answer: Answer) -> dict[str, object]:
    """Return the JSON form of an answer, as in `POST /v1/ask` and `wherefrom ask --json`."""
    took_ms = round(answer.took_ms, TOOK_MS_DECIMALS)
    return {name: as_json(getattr(answer, name)) for name in _present_fields(answer)} | {"took_ms": took_ms}


def answer_bytes(answer: Answer) -> bytes:
    """Encode the JSON form of an answer, as `answer_as_json` returns it, without converting its citations in Python.

    Citations, most of an answer, have no floats to round: pydantic's encoder writes their dataclasses directly.
    """
    try:
        return to_json(_answer_fields(answer))
    except (PydanticSerializationError, UnicodeError):  # a lone surrogate, which UTF-8 cannot encode
        return json_bytes(answer_as_json(answer))


def document_as_json(document: Document) -> dict[str, object]:
    """Return the JSON form of a document with its dropped texts, as `wherefrom inspect --json` prints it."""
    return {
        "source": document.source,
        "encoding": document.encoding,
        "errors": document.errors,
        "source_sha256": document.source_sha256,
        "media_type": document.media_type,
        "document": {name: as_json(getattr(document.metadata, name)) for name in shown_fields(document)},
        "origins": as_json(document.metadata.origins),
        "paragraphs": [
            {"kind": p.kind, "text": p.text, "segments": as_json(p.segments)}
            for p in shown_paragraphs(document.paragraphs, document.headings)
        ],
        "subheads": as_json(shown_subheads(document.headings)),
        "dropped": as_json(document.dropped),
        **_extraction_fields(document),
        **({"warnings": list(document.warnings)} if document.warnings else {}),
    }


def _extraction_fields(document: Document) -> dict[str, object]:
    extraction = document.extraction
    if extraction is None:
        return {}
    return {"extractor": as_json(extraction.extractor), "text_sha256": extraction.text_sha256}


def shown_fields(document: Document) -> list[str]:
    """Return the names of the metadata fields to show: DESCRIPTIVE_FIELDS, and OPTIONAL_FIELDS that have a value."""
    return [*DESCRIPTIVE_FIELDS, *(name for name in OPTIONAL_FIELDS if getattr(document.metadata, name))]


def json_bytes(body: object) -> bytes:
    """Encode as compact JSON in UTF-8; a lone surrogate, which UTF-8 cannot encode, becomes its JSON escape."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def _answer_fields(answer: Answer) -> dict[str, object]:
    fields: dict[str, object] = {
        "question": answer.question,
        "status": answer.status,
        "no_answer_reason": answer.no_answer_reason,
        "confidence": round(answer.confidence, DECIMALS),
        "threshold": round(answer.threshold, DECIMALS),
        "answer": answer.answer,
        "passages": [_passage_fields(passage) for passage in answer.passages],
        "index": answer.index,
        "effort": answer.effort,
        "took_ms": round(answer.took_ms, TOOK_MS_DECIMALS),
    }
    if answer.warnings:
        fields["warnings"] = answer.warnings
    if answer.explanation:
        fields["explanation"] = as_json(answer.explanation)
    if answer.follow_up:
        fields["follow_up"] = answer.follow_up
    return fields


def _passage_fields(passage: Passage) -> dict[str, object]:
    fields: dict[str, object] = {
        "rank": passage.rank,
        "passage_id": passage.passage_id,
        "text": passage.text,
        "confidence": round(passage.confidence, DECIMALS),
        "highlights": passage.highlights,
        "citation": passage.citation,
        "also_in": passage.also_in,
    }
    if passage.scores:
        fields["scores"] = as_json(passage.scores)
    if passage.shared_words:
        fields["shared_words"] = passage.shared_words
    return fields


def _present_fields(value: object) -> list[str]:
    """Return the names of the fields to show: all but those in OMITTED_IF_EMPTY that are empty."""
    kind: type = type(value)
    return [name for name in _field_names(kind) if name not in OMITTED_IF_EMPTY or getattr(value, name) not in EMPTY]


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no JSON form")
    return tuple(field.name for field in fields(kind))
