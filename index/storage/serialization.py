"""The catalog's JSON columns: metadata, given metadata, headings, dropped ranges, and the positions of paragraphs."""

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
"""What the functions below can raise on a text that they did not write."""


class UnreadableValue(Exception):
    """A stored value is not one that this program writes; `connection.translating_errors` makes it IndexDamaged."""


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
    """Deserialize what `dump_metadata` returned. Raises UnreadableValue."""
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
    """Deserialize what `dump_given` returned. Raises UnreadableValue."""
    try:
        fields: dict[str, Any] = {"authors": (), "published": None} | json.loads(stored)
        fields["authors"] = tuple(fields["authors"])
        fields["published"] = fields["published"] and date.fromisoformat(fields["published"])
        fields["extra"] = _load_extra(fields.get("extra", {}))
        return Given(**fields)
    except PARSE_ERRORS as error:
        raise UnreadableValue("the given metadata of a document cannot be read") from error


def dump_corrections(corrections: Corrections) -> str:
    """Serialize what was corrected of a document, as canonical JSON."""
    values = {name: corrections[name] for name in CORRECTABLE_FIELDS if name in corrections}
    return compact_json({name: each.isoformat() if isinstance(each, date) else each for name, each in values.items()})


def load_corrections(stored: str) -> Corrections:
    """Deserialize what `dump_corrections` returned. Raises UnreadableValue."""
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
    """Return the fields that are left out when empty, so that documents without them keep their digests."""
    fields = {"language": metadata.language, "extra": dict(sorted(metadata.extra.items()))}
    return {name: value for name, value in fields.items() if value}


def _load_extra(extra: dict[str, Any]) -> dict[str, ExtraValue]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in extra.items()}


def dump_headings(headings: Iterable[Heading]) -> str:
    """Serialize the headings of a document, in order, as canonical JSON."""
    return compact_json([(h.kind, h.text, _pairs(h.segments), h.line_start, h.line_end, h.above) for h in headings])


def load_headings(stored: str) -> tuple[Heading, ...]:
    """Deserialize what `dump_headings` returned. Raises UnreadableValue."""
    try:
        return tuple(
            Heading(kind=kind, text=text, segments=_spans(pairs), line_start=first, line_end=last, above=above)
            for kind, text, pairs, first, last, above in json.loads(stored)
        )
    except PARSE_ERRORS as error:
        raise UnreadableValue("the headings of a document cannot be read") from error


def dump_dropped(dropped: Iterable[Dropped]) -> str:
    """Serialize the ranges of the source that cleaning dropped, as canonical JSON."""
    return compact_json([(each.start, each.end, each.rule) for each in dropped])


def load_dropped(stored: str) -> tuple[Dropped, ...]:
    """Deserialize what `dump_dropped` returned. Raises UnreadableValue."""
    try:
        return tuple(Dropped(start=start, end=end, rule=rule) for start, end, rule in json.loads(stored))
    except PARSE_ERRORS as error:
        raise UnreadableValue("the dropped ranges of a document cannot be read") from error


def dump_place(paragraph: Paragraph) -> str:
    """Serialize the position of a paragraph, which is all but its number and text, as canonical JSON."""
    sentences = [(s.start, s.end, _pairs(s.segments)) for s in paragraph.sentences]
    return compact_json([_pairs(paragraph.segments), sentences, paragraph.line_start, paragraph.line_end])


def load_paragraph(number: int, text: str, place: str) -> Paragraph:
    """Return a paragraph from its number, its text and what `dump_place` returned. Raises UnreadableValue."""
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
    """Serialize a value as JSON without spaces and with keys in their order: digests are computed over this text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pairs(spans: Iterable[Span]) -> list[Pair]:
    return [(span.start, span.end) for span in spans]


def _spans(pairs: Iterable[Pair]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end) for start, end in pairs)
