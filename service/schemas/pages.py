"""Pages of lists for agents, and verdicts on whole documents."""

from dataclasses import dataclass
from datetime import date

from wherefrom.index.collection.audits import Mismatch
from wherefrom.index.types import DocumentSummary, PublisherCount
from wherefrom.service.schemas.responses import DocumentParagraph, DocumentSubhead


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """Some documents, ordered by id. `total` counts all; `cursor` is for the next page, `None` on the last one."""

    documents: tuple[DocumentSummary, ...]
    total: int
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherPage:
    """Some publishers, ordered by name. `total` counts all; `cursor` is for the next page, `None` on the last one.

    `without_publisher` is the number of documents that no filter by publisher finds.
    """

    publishers: tuple[PublisherCount, ...]
    total: int
    without_publisher: int
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphPage:
    """Some paragraphs of a document, in order, with the questions and subheads above them.

    `total` counts all that have a number; `next` is the number of the first one not shown.

    A paragraph is cited by `document_id`, its `text` as `cited_text`, `source_sha256` and its `segments`.
    """

    document_id: str
    title: str | None
    publisher: str | None
    published: date | None
    source_sha256: str
    paragraphs: tuple[DocumentParagraph, ...]
    subheads: tuple[DocumentSubhead, ...]
    total: int
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerdict:
    """Whether a document is as it was stored, and all that can be cited of it stands in its source.

    `error` says why it could not be checked, or what of it is damaged.
    """

    document_id: str
    valid: bool
    paragraphs: int
    sentences: int
    mismatches: tuple[Mismatch, ...]
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerdictList:
    """One verdict for each document, in the order given."""

    results: tuple[DocumentVerdict, ...]
