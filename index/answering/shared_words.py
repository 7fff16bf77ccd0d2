"""The words that a passage has in common with a question, for `explain`."""

import re
from collections.abc import Iterator, Sequence

from wherefrom.index.ranking.query import Query
from wherefrom.index.text.analyzer import PRONOUN, UNSPACED_CHARACTER
from wherefrom.index.text.language_terms import terms_in
from wherefrom.index.text.spellings import SHORT_MONTHS

MAX_WORDS = 12
INITIALS = re.compile(r"(?:[^\W\d_]\.){2,}")
EDGES = re.compile(r"^[\W_]+|[\W_]+$")
UNSPACED_TEXT = re.compile(f"(?:{UNSPACED_CHARACTER.pattern})+")

ORDINAL_DAY = re.compile(r"(\d\d?)(?:st|nd|rd|th)", re.IGNORECASE)
MONTHS_IN_DATES = frozenset([*SHORT_MONTHS, *SHORT_MONTHS.values(), "may"])


def shared_words(text: str, language: str | None, query: Query) -> tuple[str, ...]:
    """Return the words of a text that are terms of a question, in their first spelling and in the order of the text.

    In scripts without spaces they are pairs of characters. At most MAX_WORDS are returned.
    """
    asked = {variant for term in query.terms for variant in ((term,) if isinstance(term, str) else term)}
    asked.update(query.names)
    for guess in query.guesses:
        asked.update((guess.term,) if isinstance(guess.term, str) else guess.term)
    words: dict[str, str] = {}
    pronouns = (PRONOUN, PRONOUN.capitalize()) if language is None and text != text.lower() else ()
    for word, spelling in _words(text):
        if word in pronouns:
            continue
        shared = [term for term in terms_in(language, word) if term in asked]
        if not shared and spelling != word:
            shared = [term for term in terms_in(language, spelling) if term in asked]
        for each in shared if UNSPACED_CHARACTER.search(word) else [word] if shared else []:
            words.setdefault(each.casefold(), each)
        if len(words) >= MAX_WORDS:
            break
    return tuple(words.values())[:MAX_WORDS]


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a text without surrounding punctuation, each also as it is spelled in a date.

    Text in scripts without spaces comes in pieces.
    """
    words = [*_separate_words(text)]
    for at, word in enumerate(words):
        yield word, _spelling_in_date(word, words[at - 1] if at else "", [*words[at + 1 : at + 3]])


def _separate_words(text: str) -> Iterator[str]:
    for between_spaces in text.split():
        pieces = [between_spaces]
        if UNSPACED_CHARACTER.search(between_spaces):
            yield from UNSPACED_TEXT.findall(between_spaces)
            pieces = UNSPACED_TEXT.split(between_spaces)
        for piece in pieces:
            initials = INITIALS.search(piece)
            if word := initials[0] if initials else EDGES.sub("", piece):
                yield word


def _spelling_in_date(word: str, before: str, after: Sequence[str]) -> str:
    """Return "january" for "Jan" beside a number and "6" for "6th" beside a month; any other word as it is."""
    following = after[1:2] if after[:1] == ["of"] else after[:1]
    beside = [each.lower() for each in (before, *following)]
    month = SHORT_MONTHS.get(word.lower())
    if month and any(each[:1].isdigit() for each in beside):
        return month
    day = ORDINAL_DAY.fullmatch(word)
    if day and any(each in MONTHS_IN_DATES for each in beside):
        return day[1]
    return word
