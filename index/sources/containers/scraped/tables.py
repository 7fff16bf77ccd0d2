"""CSV and TSV: one article per row, under a row of column names."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import TextIOWrapper
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.scraped.field_aliases import field_of
from wherefrom.index.sources.containers.scraped.scraped_article import FieldTally, has_text, parse_scraped
from wherefrom.index.sources.containers.scraped.table_rows import TableRows
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_BYTES = 1024 * 1024
"""Number of bytes at the start of a file from which its encoding is detected."""
MAX_HEADER_CHARACTERS = 20_000
MAX_COLUMNS = 1_000
MAX_COLUMNS_SHOWN = 20
MIN_KNOWN_COLUMNS = 2
"""Minimum number of known field names in the first line of a table without a suffix."""
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
REPLACEMENT = "\ufffd"


def read_table(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the article of each row, named by the row's number, then a note on the columns; the header is row 1.

    Raise SourceRejected if no column has a text.
    """
    csv.field_size_limit(limits.MAX_SOURCE_BYTES)
    encoding, sample = _encoding(file, source)
    text = TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        declared = SEPARATOR_LINE.match(sample.removeprefix("\ufeff"))
        start = sample.removeprefix("\ufeff")[declared.end() :] if declared else sample.removeprefix("\ufeff")
        if declared:
            text.readline(MAX_HEADER_CHARACTERS)
        delimiter = _delimiter(start, declared[1] if declared else None)
        yield from _read_rows(TableRows(text, delimiter, start, lines_above=int(declared is not None)), source)
    finally:
        text.detach()


def is_article_header(line: str) -> bool:
    """Return whether a line has names of columns of articles, including one for the text."""
    names = _header(line, _delimiter(line, None))
    return has_text(dict.fromkeys(names, "x")) and _known(names) >= MIN_KNOWN_COLUMNS


def _encoding(file: BinaryIO, source: str) -> tuple[str, str]:
    """Return the encoding of a table and the text at its start."""
    raw = file.read(SAMPLE_BYTES)
    file.seek(0)
    if len(raw) == SAMPLE_BYTES:  # a truncated character would be evidence against UTF-8
        raw = raw[: raw.rfind(b"\n") + 1] or raw
    decoded = decode(raw, source=source)
    return decoded.encoding, decoded.text


def _read_rows(rows: TableRows, source: str) -> Iterator[ReadResult]:
    header = rows.next_row(source)
    if header is None:
        raise SourceRejected(source, "this table is empty")
    columns = [name.removeprefix("\ufeff").strip() or f"column {number}" for number, name in enumerate(header, 1)]
    if not has_text(dict.fromkeys(columns, "x")):
        shown = ", ".join(columns[:MAX_COLUMNS_SHOWN]) + (", …" if len(columns) > MAX_COLUMNS_SHOWN else "")
        reason = f"no column holds a text; its columns are {shown}; name the one with the articles text"
        raise SourceRejected(source, reason)
    if len(columns) > MAX_COLUMNS:
        raise SourceRejected(source, f"it has more than {MAX_COLUMNS:,} columns")
    tally = FieldTally()
    number = 1
    while number <= limits.MAX_ENTRIES:
        number += 1
        name = f"{source}:{number}"
        try:
            row = rows.next_row(name)
            if row is None:
                break
            if any(cell.strip() for cell in row):
                rows.check(row, len(columns), name)
                yield _article(columns, row, name, tally)
        except SourceRejected as error:
            yield error
    yield from tally.notes(source)


def _article(columns: Sequence[str], row: Sequence[str], name: str, tally: FieldTally) -> RawSource:
    value: dict[str, object] = {}
    for column, cell in zip(columns, row, strict=False):
        value.setdefault(column, cell)
    article = parse_scraped(value, source=name, tally=tally, own_names_are_strict=False)
    if any(REPLACEMENT in cell for cell in row):
        warning = "it has bytes that are invalid in the encoding of the table; U+FFFD stands there"
        return replace(article, warnings=(*article.warnings, warning))
    return article


def _delimiter(start: str, declared: str | None) -> str:
    """Return the delimiter that gives a header the most known columns; of several, the one with the most columns."""
    if declared is not None and declared not in '\r\n"':
        return declared
    headers = {delimiter: _header(start[:MAX_HEADER_CHARACTERS], delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: (_known(headers[delimiter]), len(headers[delimiter])))


def _header(start: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([*start.splitlines(keepends=True)[:50]], delimiter=delimiter), [])
    except csv.Error:
        return []


def _known(names: Sequence[str]) -> int:
    return len({field_of(name) for name in names} - {None})
