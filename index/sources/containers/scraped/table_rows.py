r"""The rows of a table as lists of cells, and the rows in which a quotation mark is missing.

Without its closing mark, a cell goes on into the lines below it: to the end of the table, or to the next quotation
mark, which then stands inside the cell and ends it without a delimiter after it. Cells that are quoted as they should
be never look so, whatever lines, commas and dates they have.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from io import TextIOWrapper

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.read_result import SourceCutShort

QUOTE = '"'


class _RestUnreadableError(csv.Error):
    """The rest of the table cannot be read."""


class TableRows:
    """An iterator of the rows of a table that continues after an unreadable row.

    `start` is the text at its start, `lines_above` the number of lines that were read already.
    """

    def __init__(self, text: TextIOWrapper, delimiter: str, start: str, lines_above: int) -> None:
        self._escaped = '\\"' in start and '""' not in start.replace(f'{delimiter}""', "")
        self._cell = _cell_pattern(delimiter, escaped=self._escaped)
        self._lines: list[str] = []
        self._line_number = lines_above
        self._follows_fault = False
        self._reader = csv.reader(
            self._recorded(_lines(text)),
            delimiter=delimiter,
            doublequote=not self._escaped,
            escapechar="\\" if self._escaped else None,
        )

    def next_row(self, name: str) -> list[str] | None:
        """Return the next row, or `None` after the last. Raise SourceRejected if it cannot be read.

        Raise SourceCutShort if all following rows cannot be read either.
        """
        self._lines.clear()
        try:
            return next(self._reader, None)
        except _RestUnreadableError as error:
            raise SourceCutShort(name, str(error)) from error
        except csv.Error as error:
            raise SourceRejected(name, f"this row cannot be read: {error}") from error

    def check(self, row: Sequence[str], columns: int, name: str) -> None:
        """Raise SourceRejected if the last row has more cells than columns, or if a quotation mark is missing in it.

        The rows after such a row may be the rest of an article: only one with a cell for each column ends the doubt.
        """
        written = "".join(self._lines)
        is_complete = len(row) >= columns
        is_odd = written.count(QUOTE) % 2 == 1
        in_doubt = is_odd or not is_complete or len(self._lines) > 1 or self._escaped or self._follows_fault
        is_faulty = QUOTE in written and in_doubt and self._is_faulty(written, is_complete=is_complete, is_odd=is_odd)
        first = self._line_number - len(self._lines) + 1
        place = f"; the articles of lines {first} to {self._line_number} are not read" if len(self._lines) > 1 else ""
        if any(cell.strip() for cell in row[columns:]):
            self._follows_fault = QUOTE in written
            reason = f"it has {len(row)} cells under {columns} columns; a quotation mark may be missing{place}"
            raise SourceRejected(name, reason)
        if is_faulty or (self._follows_fault and not is_complete):
            self._follows_fault = True
            raise SourceRejected(name, f"a quotation mark may be missing{place}")
        self._follows_fault = False

    def _is_faulty(self, written: str, *, is_complete: bool, is_odd: bool) -> bool:
        """Return whether the marks of a row show that one is missing; a mark too many inside a line does no harm."""
        position = 0
        while position <= len(written) and (cell := self._cell.match(written, position)):
            position = cell.end() + 1
            if written[cell.end() : position] in ("", "\r", "\n"):
                return is_odd and (not is_complete or self._follows_fault)
        is_open = self._cell.match(written + QUOTE, position) is not None
        return is_open or not is_complete or len(self._lines) > 1 or self._follows_fault

    def _recorded(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self._line_number += 1
            self._lines.append(line)
            yield line


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """Yield the lines of a table. Raise _RestUnreadableError at the first line that is too long."""
    while line := text.readline(limits.MAX_SOURCE_BYTES + 1):
        if len(line) > limits.MAX_SOURCE_BYTES:
            raise _RestUnreadableError(
                f"a line has more than {limits.MAX_SOURCE_BYTES:,} characters; the rest is left out"
            )
        yield line


def _cell_pattern(delimiter: str, *, escaped: bool) -> re.Pattern[str]:
    """Return the pattern of a cell up to the delimiter or the end of the line after it; white space may follow it."""
    end = rf"{re.escape(delimiter)}\r\n"
    if escaped:
        return re.compile(rf'(?:"(?:[^"\\]|\\.)*+"[ \t]*|(?!")(?:[^{end}\\]|\\.)*+)(?=[{end}]|\Z)', re.DOTALL)
    return re.compile(rf'(?:"(?:[^"]|"")*+"[ \t]*|(?!")[^{end}]*+)(?=[{end}]|\Z)')
