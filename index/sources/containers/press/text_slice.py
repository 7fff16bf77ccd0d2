"""The place of one article in a text with several, and the lines of such a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wherefrom.index.types import Given

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSlice:
    """The place of an article's own text, and the metadata from its header."""

    start: int
    end: int
    given: Given = field(default_factory=Given)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line without surrounding white space, the number of white-space characters before it, and its offsets."""

    text: str
    indent: int
    start: int
    end: int


def lines_of(text: str, start: int = 0, end: int | None = None) -> Iterator[TextLine]:
    """Yield the lines of a text between two offsets, blank ones included; the `end` of a line is after its line end."""
    for match in LINE.finditer(text, start, len(text) if end is None else end):
        content = match[0]
        stripped = content.strip()
        indent = len(content) - len(content.lstrip()) if stripped else 0
        yield TextLine(text=stripped, indent=indent, start=match.start(), end=match.end())


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range without white space at its ends; empty if it is all white space."""
    content = text[start:end]
    return start + len(content) - len(content.lstrip()) if content.strip() else end, start + len(content.rstrip())
