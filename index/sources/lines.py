"""Decoded text to lines, each with its position in the text.

A line ends at a carriage return, a newline, or both together. Unicode's other separators count as white space within a
line, so that line numbers are those an editor shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line without the white space around it; `indent` is the number of white-space characters before it."""

    number: int
    start: int
    end: int
    indent: int

    @property
    def blank(self) -> bool:
        """Whether the line has only white space."""
        return self.start == self.end


def split_lines(text: str) -> Iterator[Line]:
    """Yield every line of `text` in order, blank ones included; numbers start at 1."""
    start = 0
    for number, (end, next_start) in enumerate(_line_ends(text), start=1):
        yield _line(text, number, start, end)
        start = next_start


def _line_ends(text: str) -> Iterator[tuple[int, int]]:
    """Yield for each line where its content ends and where the next line starts."""
    for match in LINE_END.finditer(text):
        yield match.span()
    yield len(text), len(text)


def _line(text: str, number: int, start: int, end: int) -> Line:
    content = text[start:end]
    indent = len(content) - len(content.lstrip())
    size = len(content.strip())
    return Line(number=number, start=start + indent, end=start + indent + size, indent=indent)
