"""Raised digits of an extracted text: note marks are left out, others are written as superscripts.

As plain digits they would make other numbers: the sixth power of ten would be "106", and a price of 14.2 with a note
mark "14.21".
"""

import re

SUPERSCRIPTS = str.maketrans(
    "0123456789+-\u2212", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207b"
)
RAISED_NUMBERS = re.compile(r"\s*[-+\u2212]?\d{1,3}(?:[\s,;\u2013-]+\d{1,3})*\s*")
# The ends of texts after which raised digits are a note mark: an end of a sentence, and a year or a name with digits.
# After a digit and a full stop they may be decimals.
SENTENCE_END = re.compile(r"(?:[^\d\s][.,]|[!?;:\u2026\"\u201d\u2019\u00bb])$")
YEAR_OR_NAME = re.compile(r"(?:(?<![\d.,])(?:1[5-9]|20)\d\d[.,]?|[^\W\d_]-?\d+)$")
MAX_BEFORE_CHARACTERS = 40
NOTE_MARK = re.compile(r"(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*\u2020\u2021\u00a7\u00b6]{1,3})", re.IGNORECASE)
BRACKETED_MARK = re.compile(
    r"[\[({](?:(?:notes?|fn)\.?\s*)?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*\u2020\u2021]{1,3})[\])}]", re.IGNORECASE
)
BACK_LINK = re.compile(r"[\^\u2191\u21a9\u21b5\u23ce\u2934\ufe0e\ufe0f\s]{1,4}")


def raised(text: str, before: str) -> str:
    """Return a raised text as it is written after the text `before`: empty for a note mark."""
    if not RAISED_NUMBERS.fullmatch(text):
        return text
    before = before[-MAX_BEFORE_CHARACTERS:]
    if SENTENCE_END.search(before) or YEAR_OR_NAME.search(before):
        return ""
    return text.translate(SUPERSCRIPTS)


def is_note_link(text: str, *, is_raised: bool) -> bool:
    """Return whether the text of a link to a place in a page is a mark of a note, or leads back from a note."""
    text = text.strip()
    is_mark = bool(NOTE_MARK.fullmatch(text)) and is_raised
    return is_mark or bool(BRACKETED_MARK.fullmatch(text)) or bool(BACK_LINK.fullmatch(text))
