"""The languages that the terms of a segment's rows are in, as its postings tell them."""

from bisect import bisect_left
from collections.abc import Iterator

from wherefrom.index.segments.postings import Postings
from wherefrom.index.text.language_terms import MARK, term_of_stop_words

AFTER_MARK = chr(ord(MARK) + 1)


def row_languages(postings: Postings) -> Iterator[str]:
    """Yield the languages other than English that rows are in, in order."""
    terms = postings.terms
    number = bisect_left(terms, MARK.encode())
    while number < len(terms) and terms[number].startswith(MARK.encode()):
        language = terms[number].decode().split(MARK)[1]
        yield language
        number = bisect_left(terms, f"{MARK}{language}{AFTER_MARK}".encode())


def language_of_row(postings: Postings, row: int) -> str | None:
    """Return the language that a row is in, `None` for English."""
    for language in row_languages(postings):
        rows = postings.of(term_of_stop_words(language))[0]
        position = bisect_left(rows, row)
        if position < len(rows) and rows[position] == row:
            return language
    return None
