"""Response bodies that HTTP and MCP add around the library's own types."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Self

from wherefrom.index.collection.audits import Verdict
from wherefrom.index.collection.document_query import ValueCounts
from wherefrom.index.engine import Change
from wherefrom.index.extraction import ExtractedPage, ExtractorVersion
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.types import (
    Answer,
    DecodingErrors,
    DocumentSummary,
    Dropped,
    Heading,
    MediaType,
    Paragraph,
    Span,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerList:
    """One answer for each question, in the order of the questions."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentList:
    """A page of the documents that match a request, `total` in all; `cursor` asks for the next page, if any."""

    documents: tuple[DocumentSummary, ...]
    total: int
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterValues:
    """The values that filters take, with the number of documents that have each; fields not asked for are left out.

    `extra` has the fields that were given with documents, by name; it is there only if it is asked for.
    """

    documents: int
    publisher: ValueCounts | None = None
    agency: ValueCounts | None = None
    author: ValueCounts | None = None
    language: ValueCounts | None = None
    month: ValueCounts | None = None
    extra: Mapping[str, ValueCounts] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentParagraph:
    """A paragraph and where it stands in the source.

    Of the kind "question" is a question that the paragraphs below it answer: it has no number and is never searched.
    """

    number: int | None
    kind: Literal["text", "question"]
    text: str
    segments: tuple[Span, ...]
    line_start: int
    line_end: int

    @classmethod
    def of(cls, paragraph: Paragraph | Heading) -> Self:
        """Return a paragraph without its sentences, or a question."""
        return cls(
            number=paragraph.number if isinstance(paragraph, Paragraph) else None,
            kind="text" if isinstance(paragraph, Paragraph) else "question",
            text=paragraph.text,
            segments=paragraph.segments,
            line_start=paragraph.line_start,
            line_end=paragraph.line_end,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSubhead:
    """A subhead and where it stands in the source, above the paragraph with the number `above`; never searched."""

    text: str
    segments: tuple[Span, ...]
    line_start: int
    line_end: int
    above: int

    @classmethod
    def of(cls, heading: Heading) -> Self:
        """Return a heading without its kind."""
        return cls(**{name: getattr(heading, name) for name in cls.__slots__})


def shown_paragraphs(paragraphs: Iterable[Paragraph], headings: Iterable[Heading]) -> tuple[DocumentParagraph, ...]:
    """Return the paragraphs and the questions above them, in the order of the source."""
    questions = [heading for heading in headings if heading.kind == "question"]
    blocks: list[Paragraph | Heading] = [*paragraphs, *questions]
    blocks.sort(key=lambda block: block.segments[0].start)
    return tuple(DocumentParagraph.of(block) for block in blocks)


def shown_subheads(headings: Iterable[Heading]) -> tuple[DocumentSubhead, ...]:
    """Return the subheads among the headings."""
    return tuple(DocumentSubhead.of(heading) for heading in headings if heading.kind == "subhead")


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
    language: str | None = None
    extra: Mapping[str, ExtraValue] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    source: str
    source_sha256: str
    encoding: str
    errors: DecodingErrors
    media_type: MediaType
    bytes: int
    paragraphs: tuple[DocumentParagraph, ...]
    subheads: tuple[DocumentSubhead, ...]
    extractor: ExtractorVersion | None = None
    text_sha256: str | None = None

    @classmethod
    def of(cls, summary: DocumentSummary, paragraphs: Iterable[Paragraph], headings: Sequence[Heading]) -> Self:
        """Return a document's summary with its paragraphs, questions and subheads."""
        shared_fields = set(DocumentSummary.__slots__) - {"paragraphs"}
        return cls(
            **{name: getattr(summary, name) for name in shared_fields},
            paragraphs=shown_paragraphs(paragraphs, headings),
            subheads=shown_subheads(headings),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The effect of a change, and the document as it is now; `warnings` say what of its article may be missing."""

    change: Change
    document: DocumentSummary
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """A source as it was read; offsets count code points of `text`, which is the decoded source.

    Of a source that is not text itself, such as a PDF, `text` is what `extractor` made of it, and `text_sha256` is its
    hash as UTF-8. `pages` are there if the source has pages; boxes are in points from a page's left and top edges.
    """

    document_id: str
    title: str | None
    publisher: str | None
    agency: str | None
    authors: tuple[str, ...]
    published: date | None
    url: str | None
    language: str | None
    extra: Mapping[str, ExtraValue]
    origins: Mapping[str, str]
    source: str
    source_sha256: str
    encoding: str
    errors: DecodingErrors
    media_type: MediaType
    bytes: int
    text: str
    paragraphs: tuple[DocumentParagraph, ...]
    subheads: tuple[DocumentSubhead, ...]
    dropped: tuple[Dropped, ...]
    extractor: ExtractorVersion | None = None
    text_sha256: str | None = None
    pages: tuple[ExtractedPage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictList:
    """One verdict for each citation, in the order given."""

    results: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A question that is answered, and the document that answers it."""

    question: str
    document_id: str
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionList:
    """Questions that the collection answers, each from another document."""

    questions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether the process is alive, or ready to answer questions.

    Where answers are behind what is stored, there is by how many changes, and for how many seconds.
    """

    status: Literal["live", "ready"]
    revisions_behind: int | None = None
    seconds_behind: float | None = None
