"""Conversions from the catalog's rows to documents and paragraphs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, get_args

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, ParagraphVectors, load_paragraph_vectors
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.storage.digests import vectors_digest
from wherefrom.index.storage.extractions import dump_extraction, load_extraction
from wherefrom.index.storage.serialization import (
    UnreadableValue,
    dump_dropped,
    dump_given,
    dump_headings,
    dump_metadata,
    load_given,
    load_metadata,
)
from wherefrom.index.types import Document, DocumentSummary, MediaType, Source

SOURCE_COLUMNS = "document_id, source, path, source_sha256, encoding, errors, media_type, given, metadata, extraction"
"""The columns that `source_of` takes, in order."""
MEDIA_TYPES = frozenset(get_args(MediaType))


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedParagraph:
    """The searchable content of a paragraph.

    `vector`, shape (dimension,), and `sentences`, shape (sentences, dimension), are float32 unit vectors; `tokens` are
    packed by `late_interaction.pack`.
    """

    number: int
    text: str
    vector: Matrix
    sentences: Matrix
    tokens: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """The searchable content of a document: the metadata that filters use, and its paragraphs in order."""

    document_id: str
    digest: str
    publisher: str | None
    published: date | None
    agency: str | None = None
    authors: tuple[str, ...] = ()
    title: str | None = None
    language: str | None = None
    extra: Mapping[str, ExtraValue] = field(default_factory=dict)
    rows: tuple[IndexedParagraph, ...]


def row_of(number: int, text: str, paragraph: bytes, sentences: bytes, tokens: bytes) -> IndexedParagraph:
    """Return the searchable content of a paragraph from its columns."""
    vectors = vectors_of(paragraph, sentences, tokens)
    return IndexedParagraph(
        number=number,
        text=text,
        vector=vectors.paragraph,
        sentences=vectors.sentences,
        tokens=vectors.tokens,
    )


def vectors_of(paragraph: bytes, sentences: bytes, tokens: bytes) -> ParagraphVectors:
    """Return the vectors of a paragraph from their columns. Raises UnreadableValue."""
    try:
        return load_paragraph_vectors(paragraph, sentences, tokens)
    except (ValueError, TypeError) as error:
        raise UnreadableValue("the vectors of a paragraph cannot be read") from error


def source_of(row: Sequence[Any]) -> Source:
    """Return the source of a document from its SOURCE_COLUMNS."""
    document_id, source, path, source_sha256, encoding, errors, media_type, given, metadata, extraction = row
    extractor, text_sha256 = load_extraction(extraction)
    return Source(
        document_id=document_id,
        source=source,
        path=Path(path) if path else None,
        source_sha256=source_sha256,
        encoding=encoding,
        errors="replace" if errors == "replace" else "strict",
        media_type=media_type if media_type in MEDIA_TYPES else "text/plain",
        given=load_given(given),
        metadata=load_metadata(metadata),
        extractor=extractor,
        text_sha256=text_sha256,
    )


def document_columns(document: Document, digest: str, vectors: DocumentVectors) -> tuple[object, ...]:
    """Return the columns of a document that every engine stores, from its source's SHA-256 to the source itself."""
    return (
        document.source_sha256,
        document.encoding,
        document.errors,
        document.media_type,
        document.extraction and dump_extraction(document.extraction),
        dump_given(document.given),
        dump_metadata(document.metadata),
        dump_headings(document.headings),
        dump_dropped(document.dropped),
        digest,
        vectors_digest(paragraph.stored() for paragraph in vectors),
        document.raw,
    )


def summary_of(source: Source, digest: str, size: int, paragraphs: int) -> DocumentSummary:
    """Return the summary of a document; its digest is its etag, and `size` is the size of its source in bytes."""
    metadata = source.metadata
    return DocumentSummary(
        document_id=source.document_id,
        etag=digest,
        title=metadata.title,
        publisher=metadata.publisher,
        agency=metadata.agency,
        authors=metadata.authors,
        published=metadata.published,
        url=metadata.url,
        language=metadata.language,
        extra=metadata.extra,
        origins=metadata.origins,
        source=source.source,
        source_sha256=source.source_sha256,
        encoding=source.encoding,
        errors=source.errors,
        media_type=source.media_type,
        bytes=size,
        paragraphs=paragraphs,
        extractor=source.extractor,
        text_sha256=source.text_sha256,
    )
