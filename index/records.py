"""Documents and paragraphs as the catalog stores them: JSON text out, dataclasses back in."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.embedder import Matrix
from index.types import Dropped, Given, MediaType, Metadata, Paragraph, Sentence, Span

Pair = tuple[int, int] | list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A paragraph as it is searched; vectors are float32 of unit length, a row a sentence."""

    number: int
    text: str
    vector: Matrix
    sentences: Matrix
    tokens: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """A document as it is searched: what filters ask for, and its paragraphs in order."""

    document_id: str
    digest: str
    publisher: str | None
    published: date | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphVectors:
    """What a model makes of a paragraph: its vector, a row a sentence, its tokens as `interaction.pack` packs them."""

    paragraph: Matrix
    sentences: Matrix
    tokens: bytes

    def stored(self) -> tuple[bytes, bytes, bytes]:
        """The three as the catalog keeps them."""
        return self.paragraph.tobytes(), self.sentences.tobytes(), self.tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a document came from: `path` is the file that it was read from, if it was one."""

    document_id: str
    source: str
    path: Path | None
    source_sha256: str
    encoding: str
    media_type: MediaType
    given: Given
    metadata: Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParagraph:
    """A paragraph with the source that it stands in."""

    source: Source
    paragraph: Paragraph


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
