"""Words hyphenated at line ends: distinguishes hyphens of a word from those of the line end."""

import re
from collections.abc import Iterable

HYPHENS = ("-", "\u2010", "\u00ad")
SOFT_HYPHEN = "\u00ad"
WORD = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
LAST_PART = re.compile(r"[^\W\d_]{2,}[-\u2010\u00ad]$")
FIRST_PART = re.compile(r"[^\W\d_]+")


class LineEnds:
    r"""Classifies hyphens at line ends by the words of the document: `re-\nport` differs from `well-\nknown`."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words = {word.casefold() for line in lines for word in WORD.findall(line)}

    def is_broken(self, before: str, after: str) -> bool:
        """Return whether the hyphen at the end of a line is not part of the word that continues on the next line."""
        start, end = LAST_PART.search(before), FIRST_PART.match(after)
        if not start or not end or not end[0][0].islower():
            return False
        if before.endswith(SOFT_HYPHEN):
            return True
        first, second = start[0][:-1].casefold(), end[0].casefold()
        return first + second in self._words or f"{first}-{second}" not in self._words

    def is_compound(self, before: str, after: str) -> bool:
        """Return whether a line ends with a hyphen inside a word, so that no space follows it."""
        return before.endswith(HYPHENS) and before[-2:-1].isalnum() and after[:1].isalnum()
