"""The names and numbers that a question mentions. Pure.

A collection that never mentions the person that a question is about has no answer, however similar the other words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from wherefrom.index.text.analyzer import STOP_WORDS, terms
from wherefrom.index.text.language_terms import question_terms, split_term

RUN = re.compile(r"[^\W_]+")
WORD = re.compile(rf"\d{{1,3}}(?:,\d{{3}})+(?!\d)|(?:[^\W\d_]\.){{2,}}|{RUN.pattern}")
"""A number with separators, initials with full stops, or a run of letters and digits."""
SPELLED_WORD = re.compile(rf"{RUN.pattern}(?:[-'\u2019]{RUN.pattern})*")
MIN_INFLECTED_LETTERS = 5
"""Minimum length of a name whose ending is ignored, so that Japanese matches Japan and Russia matches Russian."""
ENDING_LETTERS = 2
MIN_PREFIX_LETTERS = 4
SMALL_WORDS = "a an and as at but by for from in into nor of off on or over per the to up via vs with"
SMALL_IN_TITLES = frozenset(SMALL_WORDS.split())
"""The words that title case leaves without a capital."""
CACHED_WORDS = 10_000


def mentions(question: str) -> tuple[str, ...]:
    """Return the distinct prefixes by which the names and numbers of a question are looked up in a collection.

    A name is a capitalized word other than the first, or a word in capitals; a question in capitals or in title case
    has no names. The prefix of a number is the whole number.
    """
    return tuple(dict.fromkeys([prefix for word in _mentioned_words(question) for prefix in _prefixes(word)]))


def mention_variants(question: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return for each mention its alternative prefixes in a collection with these languages."""
    if not languages:
        return tuple([(prefix,) for prefix in mentions(question)])
    words = _mentioned_words(question)
    return tuple(dict.fromkeys(tuple(map(_prefix, term)) for word in words for term in question_terms(word, languages)))


def capitals_tell_names(question: str) -> bool:
    """Return whether capitals tell names from other words: not in a question in capitals or in title case.

    In title case, as in "Why Is Russia Against the Radar?", a stop word inside the question has a capital, and only
    articles, conjunctions and prepositions have none.
    """
    words: list[str] = []
    for match in SPELLED_WORD.finditer(question):
        word = match[0]
        if len(word) > 1 and word[0].isalpha():
            if word[0].islower() and word not in SMALL_IN_TITLES:
                return True
            words.append(word)
    if question == question.upper():
        return False
    return not any(word[0].isupper() and word[1].islower() and word.lower() in STOP_WORDS for word in words[1:])


def _mentioned_words(question: str) -> Iterator[str]:
    tells_names = capitals_tell_names(question)
    separated = "," in question or "." in question
    for position, word in enumerate((WORD if separated else RUN).findall(question)):
        if _is_mention(word, position, tells_names=tells_names) and word.lower() not in STOP_WORDS:
            yield word


def _is_mention(word: str, position: int, *, tells_names: bool) -> bool:
    if not word.isalpha() and any(letter.isdigit() for letter in word):
        return True
    if not tells_names or not word[0].isupper():
        return False
    return position > 0 or (len(word) > 1 and word.isupper())


@lru_cache(CACHED_WORDS)
def _prefixes(word: str) -> tuple[str, ...]:
    return tuple(map(_prefix, terms(word)))


def _prefix(term: str) -> str:
    language, stem = split_term(term)
    if stem.isalpha() and len(stem) >= MIN_INFLECTED_LETTERS:
        return language + stem[: max(MIN_PREFIX_LETTERS, len(stem) - ENDING_LETTERS)]
    return term
