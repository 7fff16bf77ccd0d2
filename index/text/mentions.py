"""The names and numbers that a question mentions. Pure.

If the collection never mentions someone whom a question is about, it has no answer, however similar other words are.
"""

import re

from wherefrom.index.text.analyzer import STOP_WORDS, terms

WORD = re.compile(r"[^\W_]+")
MIN_INFLECTED_LETTERS = 5
"""From this length on, a name's ending is ignored, so that Japanese matches Japan and Russia matches Russian."""
ENDING_LETTERS = 2
MIN_PREFIX_LETTERS = 4


def mentions(question: str) -> tuple[str, ...]:
    """Return the prefixes by which the names and numbers of a question are looked up in a collection, each once.

    A name is a capitalized word other than the first, or a word all in capitals; a question all in capitals has no
    names. A number is its own prefix.
    """
    all_capitals = question == question.upper()
    prefixes: dict[str, None] = {}
    for position, match in enumerate(WORD.finditer(question)):
        word = match[0]
        if _is_mention(word, position, all_capitals=all_capitals) and word.lower() not in STOP_WORDS:
            prefixes |= dict.fromkeys(_prefix(term) for term in terms(word))
    return tuple(prefixes)


def _is_mention(word: str, position: int, *, all_capitals: bool) -> bool:
    if not word.isalpha() and any(letter.isdigit() for letter in word):
        return True
    if all_capitals or not word[0].isupper():
        return False
    return position > 0 or (len(word) > 1 and word.isupper())


def _prefix(term: str) -> str:
    if term.isalpha() and len(term) >= MIN_INFLECTED_LETTERS:
        return term[: max(MIN_PREFIX_LETTERS, len(term) - ENDING_LETTERS)]
    return term
