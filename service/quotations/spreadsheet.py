"""Quotations as CSV (RFC 4180) for spreadsheets, one row each."""

import csv
from collections.abc import Sequence
from io import StringIO

from wherefrom.service.quotations.kept import KeptQuotation, web_address

COLUMNS = (
    "number",
    "quotation",
    "note",
    "citation",
    "authors",
    "title",
    "publisher",
    "agency",
    "published",
    "url",
    "paragraphs",
    "pages",
    "line_start",
    "line_end",
    "document_id",
    "source",
    "source_sha256",
    "text_sha256",
    "characters",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets evaluate a cell that begins with one of these, which may run commands or send data."""


def as_csv(kept: Sequence[KeptQuotation]) -> bytes:
    """Return a header and one row per quotation, in order, as UTF-8 with a byte order mark, which Excel needs.

    A text that a spreadsheet would evaluate is prefixed with an apostrophe.
    """
    lines = StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for number, each in enumerate(kept, 1):
        writer.writerow(_cell(value) for value in _values(number, each))
    return lines.getvalue().encode("utf-8-sig")


def _values(number: int, kept: KeptQuotation) -> Sequence[object]:
    quotation = kept.quotation
    return (
        number,
        quotation.text,
        kept.note,
        quotation.formatted,
        "; ".join(quotation.authors),
        quotation.title,
        quotation.publisher,
        quotation.agency,
        quotation.published,
        web_address(quotation),
        ", ".join(map(str, quotation.paragraphs)),
        ", ".join(map(str, quotation.pages)),
        quotation.line_start,
        quotation.line_end,
        quotation.document_id,
        quotation.source,
        quotation.source_sha256,
        quotation.text_sha256,
        " ".join(f"{span.start}-{span.end}" for span in quotation.segments),
    )


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
