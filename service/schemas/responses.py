"""The bodies that HTTP adds around the library's own types."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from fastapi import Response

from wherefrom.index.engine import Change
from wherefrom.index.types import Answer, DocumentSummary, Dropped, MediaType, Paragraph, Span, Verdict
from wherefrom.service.schemas.serialization import answer_bytes, json_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerList:
    """One answer a question, in the order asked."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentList:
    """Every document of the collection."""

    documents: tuple[DocumentSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentParagraph:
    """A paragraph and where it stands in the source."""

    number: int
    text: str
    segments: tuple[Span, ...]
    line_start: int
    line_end: int

    @classmethod
    def of(cls, paragraph: Paragraph) -> Self:
        """Leave the sentences out."""
        return cls(
            number=paragraph.number,
            text=paragraph.text,
            segments=paragraph.segments,
            line_start=paragraph.line_start,
            line_end=paragraph.line_end,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDetail:
    """A document with its paragraphs, where the list has their count."""

    document_id: str
    etag: str
    title: str | None
    publisher: str | None
    agency: str | None
    authors: tuple[str, ...]
    published: date | None
    url: str | None
    source: str
    source_sha256: str
    encoding: str
    media_type: MediaType
    bytes: int
    paragraphs: tuple[DocumentParagraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a change did to the collection, and the document as it is now."""

    change: Change
    document: DocumentSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """A source as it was read; `text` is decoded, and every offset counts its code points."""

    document_id: str
    title: str | None
    publisher: str | None
    agency: str | None
    authors: tuple[str, ...]
    published: date | None
    url: str | None
    source: str
    source_sha256: str
    encoding: str
    media_type: MediaType
    bytes: int
    text: str
    paragraphs: tuple[DocumentParagraph, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictList:
    """One verdict a citation, in the order given."""

    results: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The process lives, or answers questions."""

    status: Literal["live", "ready"]


def answer_response(answer: Answer) -> Response:
    """Answer with an answer."""
    return Response(answer_bytes(answer), media_type="application/json")


def json_response(body: object) -> Response:
    """Answer with a body that is JSON already; nothing checks it a second time."""
    return Response(json_bytes(body), media_type="application/json")
