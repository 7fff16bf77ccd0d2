"""A parser of the JSON of pages: in CDATA sections and comments, with trailing commas, extra braces, unescaped quotes.

A string with an unescaped quotation mark inside becomes `None`, since its end is a guess; the rest of the object is
kept.
"""

import json
import re
from collections.abc import Iterator

WRAPPER_START = re.compile(r"\s*(?:(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?\s*)+")
WRAPPER_END = re.compile(r"(?:\s*(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?)+\s*$|;\s*$")
# Maximum length of the wrapper at the end of a script.
MAX_WRAPPER_CHARACTERS = 80
COMMENT_ENDS = {"/*": "*/", "//": "\n", "<!--": "-->"}
STRING_PART = re.compile(r'[^"\\]+|\\.|\\', re.DOTALL)
KEY = r'"[^"\n]{0,80}"\s*:'
# The text after a quotation mark that ends a value: the next key, the next item, or the end of the object or list.
AFTER_VALUE_IN_OBJECT = re.compile(rf"\s*(?:,[\s,]*(?:{KEY}|\}}|/[/*])|\}}|/[/*]|$)")
AFTER_VALUE_IN_LIST = re.compile(r'\s*(?:,\s*["{\[\]]|\]|/[/*]|$)')
AFTER_KEY = re.compile(r"\s*:")
BARE = re.compile(r"[^\s\"{}\[\],:/]+")
CLOSERS = {"{": "}", "[": "]"}


def parse_json(script: str) -> object:
    """Return the value of a script, or `None` if it cannot be repaired."""
    text = unwrap(script)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads("".join(_Repairer(text).repaired()), strict=False)
    except (ValueError, RecursionError):
        return None


def unwrap(script: str) -> str:
    """Return a script without the CDATA section or comment around it, and without a semicolon at its end."""
    start = WRAPPER_START.match(script)
    text = (script[start.end() :] if start else script).strip()
    head, tail = text[:-MAX_WRAPPER_CHARACTERS], text[-MAX_WRAPPER_CHARACTERS:]
    return (head + WRAPPER_END.sub("", tail)).strip()


class _Repairer:
    """Repairs the first JSON value of a text; reads each character a few times at most."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open_brackets: list[str] = []
        self._is_key = False

    def repaired(self) -> Iterator[str]:
        """Yield the parts of the value as well-formed JSON."""
        comma = ""
        for part in self._parts():
            if part == ",":
                comma, self._is_key = ",", self._open_brackets[-1:] == ["{"]
            elif part in {"}", "]"}:
                if self._open_brackets and CLOSERS[self._open_brackets[-1]] == part:
                    self._open_brackets.pop()
                    comma, self._is_key = "", False
                    yield part
                    if not self._open_brackets:
                        return
            else:
                yield comma + part
                comma = ""
                if part in CLOSERS:
                    self._open_brackets.append(part)
                self._is_key = part == "{" or (self._is_key and part != ":")
        if not self._is_key:  # the script was cut off
            yield from (CLOSERS[bracket] for bracket in reversed(self._open_brackets))

    def _parts(self) -> Iterator[str]:
        """Yield the strings, numbers, names and signs of the text, without comments."""
        at = 0
        while at < len(self._text):
            character = self._text[at]
            comment_end = _comment_end(self._text, at) if character in "/<" else None
            if character.isspace() or comment_end:
                at = comment_end or at + 1
            elif character == '"':
                literal, at = _string(self._text, at, self._after_string())
                yield literal
            else:
                bare = BARE.match(self._text, at)
                yield bare[0] if bare else character
                at = bare.end() if bare else at + 1

    def _after_string(self) -> re.Pattern[str]:
        """Return the pattern of the text after the quotation mark that ends a string here."""
        if self._is_key:
            return AFTER_KEY
        return AFTER_VALUE_IN_LIST if self._open_brackets[-1:] == ["["] else AFTER_VALUE_IN_OBJECT


def _comment_end(text: str, start: int) -> int | None:
    """Return the end of the comment that begins at `start`, at most the end of the text; `None` without a comment."""
    for mark, end in COMMENT_ENDS.items():
        if text.startswith(mark, start):
            position = text.find(end, start + len(mark))
            return len(text) if position == -1 else position + len(end)
    return None


def _string(text: str, start: int, after: re.Pattern[str]) -> tuple[str, int]:
    """Return the JSON string that begins at a quotation mark, `null` if it has such marks inside, and its end."""
    at = start + 1
    whole = True
    while at < len(text):
        if text[at] == '"':
            if after.match(text, at + 1):
                return (text[start : at + 1] if whole else "null"), at + 1
            whole = False
            at += 1
        else:
            part = STRING_PART.match(text, at)
            at = part.end() if part else at + 1
    return "null", len(text)
