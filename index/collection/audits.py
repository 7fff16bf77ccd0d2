"""Checks of citations and stored documents: a claim and its verdict, an audit and its mismatches."""

from dataclasses import dataclass
from typing import Self

from wherefrom.index.types import Citation, ExtractedCitation, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The checked part of a citation; `text_sha256` is `None` unless the text was extracted from the source."""

    document_id: str
    cited_text: str
    source_sha256: str
    segments: tuple[Span, ...]
    text_sha256: str | None = None

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """Return the checked part of a citation."""
        return cls(
            document_id=citation.document_id,
            cited_text=citation.cited_text,
            source_sha256=citation.source_sha256,
            segments=citation.segments,
            text_sha256=citation.text_sha256 if isinstance(citation, ExtractedCitation) else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a claim holds, why not, and the text found at its segments."""

    valid: bool
    reason: str | None
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A source, or a citation into it, that does not hold any more; numbers are 1-based, `None` for the whole."""

    document_id: str
    source: str
    paragraph: int | None
    sentence: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The counts of checked items and the mismatches; `damaged` names search structures, which can be rebuilt."""

    documents: int
    paragraphs: int
    sentences: int
    headings: int
    mismatches: tuple[Mismatch, ...]
    damaged: tuple[str, ...] = ()
