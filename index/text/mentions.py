"""Names and numbers that a question mentions. Pure.

A question about someone whom the collection never mentions has no answer in it, however near its other words are.
"""

import re

from wherefrom.index.text.analyzer import STOP_WORDS, terms

WORD = re.compile(r"[^\W_]+")
INFLECTED = 5
"""Letters from which a name may differ at its end by two: Japanese and Japan, Russia and Russian."""
ENDING = 2
LEAST = 4


def mentions(question: str) -> tuple[str, ...]:
    """The beginnings by which a collection would have to spell the names and numbers of a question, each once.

    A name is a word with a capital inside the question, or one all in capitals; a question that is all in capitals has
    none. A number stands as it is.
    """
    shouted = question == question.upper()
    found: dict[str, None] = {}
    for place, match in enumerate(WORD.finditer(question)):
        word = match[0]
        if _is_mention(word, place, shouted=shouted) and word.lower() not in STOP_WORDS:
            found |= dict.fromkeys(_beginning(term) for term in terms(word))
    return tuple(found)


def _is_mention(word: str, place: int, *, shouted: bool) -> bool:
    if not word.isalpha() and any(letter.isdigit() for letter in word):
        return True
    if shouted or not word[0].isupper():
        return False
    return place > 0 or (len(word) > 1 and word.isupper())


def _beginning(term: str) -> str:
    if term.isalpha() and len(term) >= INFLECTED:
        return term[: max(LEAST, len(term) - ENDING)]
    return term
