"""Decoded text to lines, each with its place in the text.

A line ends at a carriage return, a newline, or both together; other separators of Unicode are white space
within a line, so that line numbers are those an editor shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What stands on a line without the white space around it; `indent` counts the characters before it."""

    number: int
    start: int
    end: int
    indent: int

    @property
    def blank(self) -> bool:
        """Whether the line holds white space only."""
        return self.start == self.end


def split_lines(text: str) -> Iterator[Line]:
    """Every line of `text`, blank ones included, in order; numbers start at 1."""
    start = 0
    for number, end in enumerate(_line_ends(text), start=1):
        stop, after = end
        yield _line(text, number, start, stop)
        start = after


def _line_ends(text: str) -> Iterator[tuple[int, int]]:
    for match in LINE_END.finditer(text):
        yield match.span()
    yield len(text), len(text)


def _line(text: str, number: int, start: int, stop: int) -> Line:
    content = text[start:stop]
    lead = len(content) - len(content.lstrip())
    size = len(content.strip())
    return Line(number=number, start=start + lead, end=start + lead + size, indent=lead)
