"""Response bodies that HTTP and MCP add around the library's own types."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from wherefrom.index.engine import Change
from wherefrom.index.types import Answer, DecodingErrors, DocumentSummary, Dropped, MediaType, Paragraph, Span, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerList:
    """One answer for each question, in the order of the questions."""

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
        """Return a paragraph without its sentences."""
        return cls(
            number=paragraph.number,
            text=paragraph.text,
            segments=paragraph.segments,
            line_start=paragraph.line_start,
            line_end=paragraph.line_end,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDetail:
    """A document with its paragraphs instead of their number."""

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
    errors: DecodingErrors
    media_type: MediaType
    bytes: int
    paragraphs: tuple[DocumentParagraph, ...]

    @classmethod
    def of(cls, summary: DocumentSummary, paragraphs: Iterable[Paragraph]) -> Self:
        """Return a document's summary with its paragraphs."""
        shared_fields = set(DocumentSummary.__slots__) - {"paragraphs"}
        shown = tuple(DocumentParagraph.of(paragraph) for paragraph in paragraphs)
        return cls(**{name: getattr(summary, name) for name in shared_fields}, paragraphs=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The effect of a change, and the document as it is now."""

    change: Change
    document: DocumentSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """A source as it was read; offsets count code points of `text`, the decoded source."""

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
    errors: DecodingErrors
    media_type: MediaType
    bytes: int
    text: str
    paragraphs: tuple[DocumentParagraph, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictList:
    """One verdict for each citation, in the order given."""

    results: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether the process is alive, or ready to answer questions."""

    status: Literal["live", "ready"]
