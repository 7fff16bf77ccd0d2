"""Reads documents from PostgreSQL: versions, their paragraphs, pages and bytes, as the types of the library.

A query selects versions with a condition; CURRENT selects those of the last revision.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wherefrom.index.cluster.database.connections import Database
from wherefrom.index.extraction import ExtractedPage
from wherefrom.index.storage import rows, serialization
from wherefrom.index.storage.extractions import LARGEST, PageRow, load_page
from wherefrom.index.types import DocumentSummary, Paragraph, Source, StoredParagraph

CURRENT = "died IS NULL"
SOURCE = "document_id, source, path, source_sha256, encoding, errors, media_type, given, metadata, extraction"
"""The columns that `source_of` takes, in its order."""
SUMMARY = f"{SOURCE}, digest, length(raw), passages"
"""The columns that `summary_of` takes, in its order."""


def can_be_id(document_id: str) -> bool:
    """Return whether a document may have this id; none has a NUL character, which PostgreSQL's strings cannot hold."""
    return "\0" not in document_id


def source_of(row: Sequence[Any]) -> Source:
    """Return the source of a document from its SOURCE columns."""
    document_id, source, path, *others = row
    return rows.source_of((document_id, source.decode(), path_of(path), *others))


def summary_of(row: Sequence[Any]) -> DocumentSummary:
    """Return the summary of a document from its SUMMARY columns."""
    *source, digest, size, paragraphs = row
    return rows.summary_of(source_of(source), digest, size, paragraphs)


def path_of(stored: bytes | None) -> str | None:
    """Return the path that `path_bytes` returned these bytes for."""
    return None if stored is None else stored.decode("utf-8", "surrogateescape")


def path_bytes(path: Path | None) -> bytes | None:
    """Return a path as it is stored."""
    return None if path is None else str(path).encode("utf-8", "surrogateescape")


def paragraph_columns(db: Database, version: int) -> list[tuple[int, str, str]]:
    """Return number, text and place of each paragraph of a version, in order."""
    query = "SELECT number, text, place FROM paragraphs WHERE version = %s ORDER BY number"
    return [(number, text.decode(), place) for number, text, place in db.execute(query, (version,))]


def paragraphs(db: Database, version: int) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a version, in order."""
    return tuple(serialization.load_paragraph(*row) for row in paragraph_columns(db, version))


def page_rows(db: Database, version: int, *, start: int = 0, end: int = LARGEST) -> list[PageRow]:
    """Return the pages with characters between two offsets of a version's text, in order."""
    query = """SELECT number, first, last, layout FROM pages
        WHERE version = %s AND first < %s AND last > %s ORDER BY number"""
    return [(row[0], row[1], row[2], row[3]) for row in db.execute(query, (version, end, start))]


def pages(db: Database, version: int) -> tuple[ExtractedPage, ...]:
    """Return the pages of a version, in order."""
    return tuple(map(load_page, page_rows(db, version)))


def text(db: Database, version: int) -> str:
    """Return the text in which the offsets of a version count: extracted from its source, or decoded."""
    query = """SELECT encoding, errors, CASE WHEN extraction IS NULL THEN raw END,
        (SELECT text FROM extracted_texts WHERE extracted_texts.version = versions.version)
        FROM versions WHERE version = %s"""
    row = db.execute(query, (version,)).fetchone()
    if row is None:
        raise serialization.UnreadableValue(f"version {version} of a document is not there")
    encoding, errors, raw, extracted = row
    return str(raw.decode(encoding, errors) if extracted is None else extracted.decode())


def stored_vectors(db: Database, version: int) -> list[tuple[bytes, bytes, bytes]]:
    """Return (paragraph, sentences, tokens) for each paragraph of a version, as `ParagraphVectors.stored` does."""
    query = """SELECT vector, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph)
        WHERE version = %s ORDER BY number"""
    return [(row[0], row[1], row[2]) for row in db.execute(query, (version,))]


def stored_paragraph(db: Database, version: int, number: int) -> StoredParagraph:
    """Return one paragraph of a version and where its document came from."""
    query = f"""SELECT {SOURCE}, number, text, place FROM versions JOIN paragraphs USING (version)
        WHERE version = %s AND number = %s"""  # noqa: S608 - our own columns
    row = db.execute(query, (version, number)).fetchone()
    if row is None:
        raise serialization.UnreadableValue(f"paragraph {number} of version {version} is not there")
    *columns, paragraph_number, stored, place = row
    source, paragraph = (
        source_of(columns),
        serialization.load_paragraph(paragraph_number, stored.decode(), place),
    )
    if source.extractor is None:
        return StoredParagraph(source=source, paragraph=paragraph)
    start, end = paragraph.segments[0].start, paragraph.segments[-1].end
    found = page_rows(db, version, start=start, end=end)
    return StoredParagraph(source=source, paragraph=paragraph, pages=tuple(map(load_page, found)))


def summaries(db: Database, condition: str, values: Sequence[object]) -> Iterator[DocumentSummary]:
    """Yield the summaries of the versions that a condition selects, ordered by id."""
    query = f"SELECT {SUMMARY} FROM versions WHERE {condition} ORDER BY document_id"  # noqa: S608 - our own parts
    return map(summary_of, db.execute(query.encode(), values))
