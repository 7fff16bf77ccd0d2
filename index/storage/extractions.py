"""The catalog's rows of extracted texts and pages, for documents whose source is not text itself."""

import json
import sqlite3
from collections.abc import Iterator

from wherefrom.index.extraction import Box, ExtractedPage, Extraction, ExtractorVersion
from wherefrom.index.storage.serialization import PARSE_ERRORS, UnreadableValue, compact_json

LARGEST = (1 << 63) - 1
"""SQLite's largest integer, greater than every offset."""
PageRow = tuple[int, int, int, str]
"""A stored page: its number, the start and end of its characters, and its layout as JSON."""


def dump_extraction(extraction: Extraction) -> str:
    """Serialize the extractor and the hash of its text, as canonical JSON."""
    return compact_json([extraction.extractor.name, extraction.extractor.version, extraction.text_sha256])


def load_extraction(stored: str | None) -> tuple[ExtractorVersion | None, str | None]:
    """Return the extractor and the hash of its text from the result of `dump_extraction`. Raises UnreadableValue."""
    if stored is None:
        return None, None
    try:
        name, version, text_sha256 = json.loads(stored)
        if not all(isinstance(value, str) for value in (name, version, text_sha256)):
            raise TypeError
        return ExtractorVersion(name=name, version=version), text_sha256
    except PARSE_ERRORS as error:
        raise UnreadableValue("the extractor of a document cannot be read") from error


def page_rows(extraction: Extraction) -> list[PageRow]:
    """Return the pages of an extraction in their stored form."""
    return [
        (
            page.number,
            page.start,
            page.end,
            compact_json(
                [
                    page.width,
                    page.height,
                    [(box.start, box.end, box.left, box.top, box.right, box.bottom) for box in page.boxes],
                ]
            ),
        )
        for page in extraction.pages
    ]


def insert(db: sqlite3.Connection, document_id: str, extraction: Extraction) -> None:
    """Store the extracted text and the pages of an already stored document."""
    db.execute("INSERT INTO extracted_texts VALUES (?, ?)", (document_id, extraction.text.encode()))
    rows = ((document_id, *row) for row in page_rows(extraction))
    db.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", rows)


def stored_text(db: sqlite3.Connection, document_id: str) -> bytes | None:
    """Return the extracted text of a document as UTF-8, `None` if it has none."""
    query = "SELECT CAST(text AS BLOB) FROM extracted_texts WHERE document_id = ?"
    row = db.execute(query, (document_id,)).fetchone()
    return row and bytes(row[0])


def stored_pages(db: sqlite3.Connection, document_id: str, *, start: int = 0, end: int = LARGEST) -> Iterator[PageRow]:
    """Yield the pages with characters between two offsets of a document's text, in order."""
    query = """SELECT number, first, last, layout FROM pages
        WHERE document_id = ? AND first < ? AND last > ? ORDER BY number"""
    return iter(db.execute(query, (document_id, end, start)))


def load_page(row: PageRow) -> ExtractedPage:
    """Return a page from its row. Raises UnreadableValue."""
    number, first, last, layout = row
    try:
        width, height, boxes = json.loads(layout)
        return ExtractedPage(
            number=number,
            width=float(width),
            height=float(height),
            start=first,
            end=last,
            boxes=tuple(
                Box(start=s, end=e, left=left, top=top, right=right, bottom=bottom)
                for s, e, left, top, right, bottom in boxes
            ),
        )
    except PARSE_ERRORS as error:
        raise UnreadableValue("a page of a document cannot be read") from error
