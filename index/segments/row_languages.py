"""The languages of the terms of a segment's rows, read from its postings."""

from bisect import bisect_left
from collections.abc import Iterator

from wherefrom.index.segments.postings import Postings
from wherefrom.index.text.language_terms import MARK, term_of_stop_words

AFTER_MARK = chr(ord(MARK) + 1)


def row_languages(postings: Postings) -> Iterator[str]:
    """Yield the languages of rows other than English, in order."""
    terms = postings.terms
    number = bisect_left(terms, MARK.encode())
    while number < len(terms) and terms[number].startswith(MARK.encode()):
        language = terms[number].decode().split(MARK)[1]
        yield language
        number = bisect_left(terms, f"{MARK}{language}{AFTER_MARK}".encode())


def language_of_row(postings: Postings, row: int) -> str | None:
    """Return the language of a row, `None` for English."""
    for language in row_languages(postings):
        rows = postings.of(term_of_stop_words(language))[0]
        position = bisect_left(rows, row)
        if position < len(rows) and rows[position] == row:
            return language
    return None
