r"""Splits a decoded text into lines, each with its position in the text.

A line ends at a carriage return, a newline, or both together; these count for the line number, as in an editor. A line
also ends at a form feed, at Unicode's separators, and at the two characters `\n` in a text from a dump with escaped
line ends; these do not count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LINE_END = re.compile(r"\r\n|\n|\r")
# Other characters at which a line ends: vertical tab, form feed, next line, line separator, paragraph separator.
SEPARATORS = "\x0b\x0c\x85\u2028\u2029"
ANY_END = re.compile(rf"\r\n|[\n\r{SEPARATORS}]")
ANY_OR_ESCAPED_END = re.compile(rf"\r\n|[\n\r{SEPARATORS}]|(?<!\\)\\r\\n|(?<!\\)\\[nr]")
# Evidence of escaped line ends; before a lower-case letter it may be part of a path, such as `C:\new`.
ESCAPED_END = re.compile(r"(?<!\\)\\n(?![a-z])")
MIN_ESCAPED_ENDS = 2
JSON_START = re.compile(r'\s*[\[{]\s*[\["{]')
# The escapes that a dump adds to a text: escaped line ends, and backslashes before quotation marks and slashes.
ESCAPES = re.compile(r"(?:(?<!\\)(?:\\r\\n|\\[nr]))+|\\(?=[\"'/])")
Break = Literal["line", "paragraph", "page"]
BREAKS: dict[str, Break] = {"\x0c": "page", "\u2029": "paragraph"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line without surrounding white space; `indent` is the number of white-space characters before it.

    `number` is the line number in an editor, from 1; `position` counts every line, from 0. `after` is the kind of break
    before it.
    """

    number: int
    position: int
    start: int
    end: int
    indent: int
    after: Break = "line"

    @property
    def blank(self) -> bool:
        """Whether the line has only white space."""
        return self.start == self.end


def split_lines(text: str) -> Iterator[Line]:
    """Yield every line of `text` in order, blank ones included; numbers start at 1."""
    start, number = 0, 1
    after: Break = "line"
    ends = ANY_OR_ESCAPED_END if has_escaped_line_ends(text) else ANY_END
    position = 0
    for match in ends.finditer(text):
        yield _line(text, (number, position, start, match.start()), after)
        start, position = match.end(), position + 1
        number += match[0] in ("\r\n", "\n", "\r")
        after = BREAKS.get(match[0], "line")
    yield _line(text, (number, position, start, len(text)), after)


def has_escaped_line_ends(text: str) -> bool:
    r"""Return whether the line ends of `text` are escaped as `\n`: at least MIN_ESCAPED_ENDS, and as many as real ones.

    Dumps have such texts; a text that begins as JSON is excluded.
    """
    if "\\n" not in text or JSON_START.match(text):  # the escapes of JSON belong to its strings
        return False
    escaped = len(ESCAPED_END.findall(text))
    return escaped >= MIN_ESCAPED_ENDS and escaped >= len(LINE_END.findall(text.strip()))


def escapes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the escapes that a dump added to `text`; none if its line ends are not escaped."""
    if has_escaped_line_ends(text):
        for match in ESCAPES.finditer(text):
            yield match.span()


def _line(text: str, place: tuple[int, int, int, int], after: Break) -> Line:
    number, position, start, end = place
    content = text[start:end]
    indent = len(content) - len(content.lstrip())
    size = len(content.strip())
    start += indent
    return Line(number=number, position=position, start=start, end=start + size, indent=indent, after=after)
