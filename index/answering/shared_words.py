"""The words that a passage has in common with a question, for `explain`."""

import re
from collections.abc import Iterator

from wherefrom.index.ranking.query import Query
from wherefrom.index.text.analyzer import UNSPACED_CHARACTER
from wherefrom.index.text.language_terms import terms_in

MAX_WORDS = 12
INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}")
EDGES = re.compile(r"^[\W_]+|[\W_]+$")
UNSPACED_TEXT = re.compile(f"(?:{UNSPACED_CHARACTER.pattern})+")


def shared_words(text: str, language: str | None, query: Query) -> tuple[str, ...]:
    """Return the words of a text that are terms of a question, in their first spelling and in the order of the text.

    In scripts without spaces they are pairs of characters. At most MAX_WORDS are returned.
    """
    asked = {variant for term in query.terms for variant in ((term,) if isinstance(term, str) else term)}
    asked.update(query.names)
    for guess in query.guesses:
        asked.update((guess.term,) if isinstance(guess.term, str) else guess.term)
    words: dict[str, str] = {}
    for word in _words(text):
        shared = [term for term in terms_in(language, word) if term in asked]
        for each in shared if UNSPACED_CHARACTER.search(word) else [word] if shared else []:
            words.setdefault(each.casefold(), each)
        if len(words) >= MAX_WORDS:
            break
    return tuple(words.values())[:MAX_WORDS]


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text without surrounding punctuation, and text in scripts without spaces in pieces."""
    for between_spaces in text.split():
        piece = between_spaces
        if UNSPACED_CHARACTER.search(piece):
            yield from UNSPACED_TEXT.findall(piece)
            piece = UNSPACED_TEXT.sub(" ", piece).strip()
        initials = INITIALS.search(piece)
        if word := initials[0] if initials else EDGES.sub("", piece):
            yield word
