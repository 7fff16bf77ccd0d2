"""The catalog's JSON columns: metadata, given metadata, corrections, headings, dropped spans, paragraph positions."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from wherefrom.index.collection.corrections import CORRECTABLE_FIELDS, CorrectableField, Corrections
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.types import Dropped, Given, Heading, Metadata, Paragraph, Sentence, Span

Pair = tuple[int, int] | list[int]
"""The start and end of a span."""
PARSE_ERRORS = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""The errors that the `load_` functions can raise on JSON that this program did not write."""


class UnreadableValue(Exception):
    """A stored value was not written by this program; `connection.translating_errors` turns this into IndexDamaged."""


def dump_metadata(metadata: Metadata) -> str:
    """Serialize metadata as canonical JSON."""
    return compact_json(
        {
            "title": metadata.title,
            "publisher": metadata.publisher,
            "agency": metadata.agency,
            "authors": metadata.authors,
            "published": metadata.published and metadata.published.isoformat(),
            "url": metadata.url,
            **_optional(metadata),
            "origins": dict(sorted(metadata.origins.items())),
            "evidence": {name: _pairs(spans) for name, spans in sorted(metadata.evidence.items())},
        }
    )


def load_metadata(stored: str) -> Metadata:
    """Deserialize the result of `dump_metadata`. Raises UnreadableValue."""
    try:
        fields: dict[str, Any] = json.loads(stored)
        fields["authors"] = tuple(fields["authors"])
        fields["published"] = fields["published"] and date.fromisoformat(fields["published"])
        fields.setdefault("origins", {})
        fields["evidence"] = {name: _spans(pairs) for name, pairs in fields["evidence"].items()}
        fields["extra"] = _load_extra(fields.get("extra", {}))
        return Metadata(**fields)
    except PARSE_ERRORS as error:
        raise UnreadableValue("the metadata of a document cannot be read") from error


def dump_given(given: Given) -> str:
    """Serialize the metadata that a caller gave, as canonical JSON."""
    return compact_json(
        {
            "title": given.title,
            "url": given.url,
            "publisher": given.publisher,
            "authors": given.authors,
            "published": given.published and given.published.isoformat(),
            **_optional(given),
        }
    )


def load_given(stored: str) -> Given:
    """Deserialize the result of `dump_given`. Raises UnreadableValue."""
    try:
        fields: dict[str, Any] = {"authors": (), "published": None} | json.loads(stored)
        fields["authors"] = tuple(fields["authors"])
        fields["published"] = fields["published"] and date.fromisoformat(fields["published"])
        fields["extra"] = _load_extra(fields.get("extra", {}))
        return Given(**fields)
    except PARSE_ERRORS as error:
        raise UnreadableValue("the given metadata of a document cannot be read") from error


def dump_corrections(corrections: Corrections) -> str:
    """Serialize the corrections of a document as canonical JSON."""
    values = {name: corrections[name] for name in CORRECTABLE_FIELDS if name in corrections}
    return compact_json({name: each.isoformat() if isinstance(each, date) else each for name, each in values.items()})


def load_corrections(stored: str) -> Corrections:
    """Deserialize the result of `dump_corrections`. Raises UnreadableValue."""
    try:
        fields: dict[CorrectableField, Any] = json.loads(stored)
        if "authors" in fields:
            fields["authors"] = tuple(fields["authors"])
        if fields.get("published"):
            fields["published"] = date.fromisoformat(fields["published"])
        known: Corrections = {name: fields.pop(name) for name in CORRECTABLE_FIELDS if name in fields}
    except PARSE_ERRORS as error:
        raise UnreadableValue("the corrections of a document cannot be read") from error
    if fields:
        raise UnreadableValue("the corrections of a document have an unknown field")
    return known


def _optional(metadata: Metadata | Given) -> dict[str, object]:
    """Return the non-empty fields of those that are omitted when empty, so that digests without them do not change."""
    fields = {"language": metadata.language, "extra": dict(sorted(metadata.extra.items()))}
    return {name: value for name, value in fields.items() if value}


def _load_extra(extra: dict[str, Any]) -> dict[str, ExtraValue]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in extra.items()}


def dump_headings(headings: Iterable[Heading]) -> str:
    """Serialize the headings of a document, in order, as canonical JSON."""
    return compact_json([(h.kind, h.text, _pairs(h.segments), h.line_start, h.line_end, h.above) for h in headings])


def load_headings(stored: str) -> tuple[Heading, ...]:
    """Deserialize the result of `dump_headings`. Raises UnreadableValue."""
    try:
        return tuple(
            Heading(kind=kind, text=text, segments=_spans(pairs), line_start=first, line_end=last, above=above)
            for kind, text, pairs, first, last, above in json.loads(stored)
        )
    except PARSE_ERRORS as error:
        raise UnreadableValue("the headings of a document cannot be read") from error


def dump_dropped(dropped: Iterable[Dropped]) -> str:
    """Serialize the spans of the source that cleaning dropped, as canonical JSON."""
    return compact_json([(each.start, each.end, each.rule) for each in dropped])


def load_dropped(stored: str) -> tuple[Dropped, ...]:
    """Deserialize the result of `dump_dropped`. Raises UnreadableValue."""
    try:
        return tuple(Dropped(start=start, end=end, rule=rule) for start, end, rule in json.loads(stored))
    except PARSE_ERRORS as error:
        raise UnreadableValue("the dropped ranges of a document cannot be read") from error


def dump_place(paragraph: Paragraph) -> str:
    """Serialize the position of a paragraph, that is all fields except number and text, as canonical JSON."""
    sentences = [(s.start, s.end, _pairs(s.segments)) for s in paragraph.sentences]
    return compact_json([_pairs(paragraph.segments), sentences, paragraph.line_start, paragraph.line_end])


def load_paragraph(number: int, text: str, place: str) -> Paragraph:
    """Return a paragraph from its number, its text and the result of `dump_place`. Raises UnreadableValue."""
    try:
        segments, sentences, line_start, line_end = json.loads(place)
        return Paragraph(
            number=number,
            text=text,
            segments=_spans(segments),
            sentences=tuple(Sentence(start=s, end=e, segments=_spans(pairs)) for s, e, pairs in sentences),
            line_start=line_start,
            line_end=line_end,
        )
    except PARSE_ERRORS as error:
        raise UnreadableValue("the position of a paragraph cannot be read") from error


def compact_json(value: object) -> str:
    """Serialize a value as JSON without spaces and with keys in insertion order; digests are computed over it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pairs(spans: Iterable[Span]) -> list[Pair]:
    return [(span.start, span.end) for span in spans]


def _spans(pairs: Iterable[Pair]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end) for start, end in pairs)
