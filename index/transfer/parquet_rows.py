"""Converts a document to rows of the tables of an export, and back."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, ParagraphVectors
from wherefrom.index.extraction import ExtractedPage, Extraction, ExtractorVersion
from wherefrom.index.storage import serialization
from wherefrom.index.storage.digests import vectors_digest
from wherefrom.index.storage.extractions import load_page, page_rows
from wherefrom.index.storage.serialization import UnreadableValue, compact_json
from wherefrom.index.transfer.parquet_schema import DOCUMENTS, PARAGRAPHS, SENTENCES, SHOWN_COLUMNS, VECTORS
from wherefrom.index.transfer.stored_documents import StoredDocument
from wherefrom.index.types import DecodingErrors, Document, MediaType, Paragraph, RawSource, Sentence, Span

Row = dict[str, Any]
"""The values of a row by column; a vector is float32 of shape (dimension,)."""


class WrongValue(Exception):
    """A row has a value that is invalid in an export."""

    def __init__(self, table: str, column: str, reason: str) -> None:
        super().__init__(reason)
        self.table = table
        self.column = column
        self.reason = reason


def rows_of(stored: StoredDocument) -> Mapping[str, list[Row]]:
    """Return the rows of a document by table."""
    paragraphs = stored.document.paragraphs
    return {
        DOCUMENTS: [_document_row(stored)],
        PARAGRAPHS: [
            {
                "document_id": stored.document_id,
                "number": paragraph.number,
                "text": paragraph.text,
                "segments": _structs(paragraph.segments),
                "line_start": paragraph.line_start,
                "line_end": paragraph.line_end,
                "sentences": len(paragraph.sentences),
            }
            for paragraph in paragraphs
        ],
        SENTENCES: [
            {
                "document_id": stored.document_id,
                "paragraph": paragraph.number,
                "number": number,
                "start": sentence.start,
                "end": sentence.end,
                "segments": _structs(sentence.segments),
            }
            for paragraph in paragraphs
            for number, sentence in enumerate(paragraph.sentences, 1)
        ],
        VECTORS: [
            {
                "document_id": stored.document_id,
                "paragraph": paragraph.number,
                "sentence": number,
                "vector": vector,
                "tokens": vectors.tokens if number == 0 else None,
            }
            for paragraph, vectors in zip(paragraphs, stored.vectors or (), strict=True)
            for number, vector in enumerate((vectors.paragraph, *vectors.sentences))
        ],
    }


def _document_row(stored: StoredDocument) -> Row:
    document, extraction = stored.document, stored.document.extraction
    return {
        "document_id": stored.document_id,
        "source": document.source,
        "path": None if stored.path is None else str(stored.path),
        "media_type": document.media_type,
        "encoding": document.encoding,
        "errors": document.errors,
        "raw": document.raw,
        "source_sha256": document.source_sha256,
        "extractor": extraction and extraction.extractor.name,
        "extractor_version": extraction and extraction.extractor.version,
        "extracted_text": extraction and extraction.text,
        "text_sha256": extraction and extraction.text_sha256,
        "pages": extraction and compact_json(page_rows(extraction)),
        **_shown(stored),
        "metadata": serialization.dump_metadata(document.metadata),
        "given": serialization.dump_given(document.given),
        "corrections": serialization.dump_corrections(stored.corrections) if stored.corrections else None,
        "headings": serialization.dump_headings(document.headings),
        "dropped": serialization.dump_dropped(document.dropped),
        "paragraphs": len(document.paragraphs),
        "digest": stored.digest,
        "vectors_sha256": vectors_digest(each.stored() for each in stored.vectors or ()),
    }


def _shown(stored: StoredDocument) -> Row:
    metadata = stored.metadata
    return {name: getattr(metadata, name) for name in SHOWN_COLUMNS} | {"authors": list(metadata.authors)}


def _structs(spans: Sequence[Span]) -> list[Row]:
    return [{"start": span.start, "end": span.end} for span in spans]


def raw_source_of(row: Row) -> RawSource:
    """Return the source of a document, to be extracted again. Raises WrongValue."""
    return RawSource(
        name=row["source"],
        raw=row["raw"],
        media_type=_one_of(row, "media_type", get_args(MediaType)),
        given=_parsed(row, "given", serialization.load_given),
    )


def path_of(row: Row) -> Path | None:
    """Return the file that a document was read from, if there is one."""
    return Path(row["path"]) if row["path"] else None


def corrections_of(row: Row) -> Any:  # noqa: ANN401 - Corrections
    """Return the corrections of a document. Raises WrongValue."""
    return {} if row["corrections"] is None else _parsed(row, "corrections", serialization.load_corrections)


def stored_document(
    row: Row, paragraphs: Sequence[Row], sentences: Sequence[Row], vectors: Sequence[Row]
) -> StoredDocument:
    """Return a document from its rows, compared with its digests. Raises WrongValue."""
    raw_source = raw_source_of(row)
    errors: DecodingErrors = _one_of(row, "errors", get_args(DecodingErrors))
    document = Document(
        source=row["source"],
        raw=row["raw"],
        source_sha256=row["source_sha256"],
        encoding=row["encoding"],
        errors=errors,
        media_type=raw_source.media_type or "text/plain",
        given=raw_source.given,
        metadata=_parsed(row, "metadata", serialization.load_metadata),
        paragraphs=_paragraphs(row, paragraphs, sentences),
        headings=_parsed(row, "headings", serialization.load_headings),
        dropped=_parsed(row, "dropped", serialization.load_dropped),
        extraction=_extraction(row),
    )
    stored = StoredDocument(
        document_id=row["document_id"],
        path=path_of(row),
        document=document,
        corrections=corrections_of(row),
        vectors=_vectors(row, vectors),
        digest=row["digest"],
    )
    for column, value in _shown(stored).items():
        if row[column] != value:
            raise WrongValue(DOCUMENTS, column, f"{stored.document_id} has {value!r} in its metadata")
    if stored.computed_digest() != stored.digest:
        raise WrongValue(DOCUMENTS, "digest", f"the value of {stored.document_id} does not match its contents")
    if vectors_digest(each.stored() for each in stored.vectors or ()) != row["vectors_sha256"]:
        raise WrongValue(DOCUMENTS, "vectors_sha256", f"the value of {stored.document_id} does not match its vectors")
    return stored


def _extraction(row: Row) -> Extraction | None:
    if row["extractor"] is None:
        return None
    for column in ("extractor_version", "extracted_text", "text_sha256", "pages"):
        if row[column] is None:
            raise WrongValue(DOCUMENTS, column, f"{row['document_id']} has an extractor, but no value here")
    return Extraction(
        text=row["extracted_text"],
        text_sha256=row["text_sha256"],
        extractor=ExtractorVersion(name=row["extractor"], version=row["extractor_version"]),
        pages=_parsed(row, "pages", _load_pages),
    )


def _load_pages(stored: str) -> tuple[ExtractedPage, ...]:
    try:
        return tuple(load_page((number, first, last, layout)) for number, first, last, layout in json.loads(stored))
    except serialization.PARSE_ERRORS as error:
        raise UnreadableValue("the pages cannot be read") from error


def _paragraphs(row: Row, paragraphs: Sequence[Row], sentences: Sequence[Row]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a document; their numbers and those of their sentences count from 1."""
    remaining = iter(sentences)
    result = []
    for expected, paragraph in enumerate(paragraphs, 1):
        if paragraph["number"] != expected:
            raise WrongValue(PARAGRAPHS, "number", f"{row['document_id']} has no paragraph {expected}")
        own = [next(remaining, {}) for _ in range(paragraph["sentences"])]
        for number, sentence in enumerate(own, 1):
            if sentence.get("paragraph") != expected:
                raise WrongValue(SENTENCES, "paragraph", f"{row['document_id']} has no sentence {expected}.{number}")
            if sentence["number"] != number:
                raise WrongValue(SENTENCES, "number", f"{row['document_id']} has no sentence {expected}.{number}")
        result.append(
            Paragraph(
                number=expected,
                text=paragraph["text"],
                segments=_spans(paragraph["segments"]),
                sentences=tuple(
                    Sentence(start=each["start"], end=each["end"], segments=_spans(each["segments"])) for each in own
                ),
                line_start=paragraph["line_start"],
                line_end=paragraph["line_end"],
            )
        )
    if next(remaining, None) is not None:
        raise WrongValue(PARAGRAPHS, "sentences", f"{row['document_id']} has more sentences than are counted")
    return tuple(result)


def _vectors(row: Row, rows: Sequence[Row]) -> DocumentVectors:
    """Return the vectors of a document's paragraphs, whose rows are in the order of paragraphs and sentences."""
    groups: list[list[Row]] = []
    for each in rows:
        if each["sentence"] == 0:
            groups.append([])
        if not groups or (each["paragraph"], each["sentence"]) != (len(groups), len(groups[-1])):
            place = f"{each['paragraph']}.{each['sentence']}"
            raise WrongValue(VECTORS, "sentence", f"{row['document_id']} has a vector {place} that is out of order")
        groups[-1].append(each)
    if len(groups) != row["paragraphs"]:
        raise WrongValue(VECTORS, "paragraph", f"{row['document_id']} has vectors for {len(groups)} paragraphs")
    for first, *_ in groups:
        if first["tokens"] is None:
            raise WrongValue(VECTORS, "tokens", f"{row['document_id']} has a paragraph without token vectors")
    return [
        ParagraphVectors(
            paragraph=first["vector"],
            sentences=np.array([each["vector"] for each in further], dtype=np.float32).reshape(
                -1, len(first["vector"])
            ),
            tokens=first["tokens"],
        )
        for first, *further in groups
    ]


def _spans(structs: Sequence[Row]) -> tuple[Span, ...]:
    return tuple(Span(start=each["start"], end=each["end"]) for each in structs)


def _one_of(row: Row, column: str, values: Sequence[Any]) -> Any:  # noqa: ANN401 - one of the values
    if row[column] not in values:
        raise WrongValue(DOCUMENTS, column, f"{row['document_id']} has {row[column]!r}, which is unknown")
    return row[column]


def _parsed(row: Row, column: str, load: Any) -> Any:  # noqa: ANN401 - what `load` returns
    try:
        return load(row[column])
    except UnreadableValue as error:
        raise WrongValue(DOCUMENTS, column, f"{row['document_id']}: {error}") from error
