"""What the catalog stores as JSON: metadata, what a caller said, what was dropped, and where paragraphs stand."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from wherefrom.index.types import Dropped, Given, Metadata, Paragraph, Sentence, Span

Pair = tuple[int, int] | list[int]


def dump_metadata(metadata: Metadata) -> str:
    """Metadata as canonical JSON."""
    return compact_json(
        {
            "title": metadata.title,
            "publisher": metadata.publisher,
            "agency": metadata.agency,
            "authors": metadata.authors,
            "published": metadata.published and metadata.published.isoformat(),
            "url": metadata.url,
            "origins": dict(sorted(metadata.origins.items())),
            "evidence": {name: _pairs(spans) for name, spans in sorted(metadata.evidence.items())},
        }
    )


def load_metadata(stored: str) -> Metadata:
    """The metadata that `dump_metadata` wrote."""
    fields: dict[str, Any] = json.loads(stored)
    fields["authors"] = tuple(fields["authors"])
    fields["published"] = fields["published"] and date.fromisoformat(fields["published"])
    fields.setdefault("origins", {})
    fields["evidence"] = {name: _spans(pairs) for name, pairs in fields["evidence"].items()}
    return Metadata(**fields)


def dump_given(given: Given) -> str:
    """What a caller said of a document, as canonical JSON."""
    return compact_json(
        {
            "title": given.title,
            "url": given.url,
            "publisher": given.publisher,
            "authors": given.authors,
            "published": given.published and given.published.isoformat(),
        }
    )


def load_given(stored: str) -> Given:
    """The values that `dump_given` wrote."""
    fields: dict[str, Any] = {"authors": (), "published": None} | json.loads(stored)
    fields["authors"] = tuple(fields["authors"])
    fields["published"] = fields["published"] and date.fromisoformat(fields["published"])
    return Given(**fields)


def dump_dropped(dropped: Iterable[Dropped]) -> str:
    """The dropped stretches as canonical JSON."""
    return compact_json([(stretch.start, stretch.end, stretch.rule) for stretch in dropped])


def dump_place(paragraph: Paragraph) -> str:
    """Everything of a paragraph but its number and text, as canonical JSON."""
    sentences = [(s.start, s.end, _pairs(s.segments)) for s in paragraph.sentences]
    return compact_json([_pairs(paragraph.segments), sentences, paragraph.line_start, paragraph.line_end])


def load_paragraph(number: int, text: str, place: str) -> Paragraph:
    """The paragraph whose place `dump_place` wrote."""
    segments, sentences, line_start, line_end = json.loads(place)
    return Paragraph(
        number=number,
        text=text,
        segments=_spans(segments),
        sentences=tuple(Sentence(start=s, end=e, segments=_spans(pairs)) for s, e, pairs in sentences),
        line_start=line_start,
        line_end=line_end,
    )


def compact_json(value: object) -> str:
    """A value as JSON without spaces, keys in the order given: digests are over this text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pairs(spans: Iterable[Span]) -> list[Pair]:
    return [(span.start, span.end) for span in spans]


def _spans(pairs: Iterable[Pair]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end) for start, end in pairs)
