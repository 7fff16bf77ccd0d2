"""Text to the terms that lexical search counts: lower case, without stop words, English words reduced to stems.

A text is taken as English unless a document's own text shows another language (`language_terms`). A word with a letter
that English does not have is kept unstemmed. In scripts without spaces (Chinese, Japanese, Thai), every two
neighbouring characters are a term.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from bm25s.stopwords import STOPWORDS_EN_PLUS

if TYPE_CHECKING:
    import Stemmer

STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}]+")
MARKS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0df3"
)
"""Hebrew, Arabic and Indian vowel signs, which stand inside words and are no letters to Python. The last range has the
letters of the other Indian scripts too; their punctuation is that of Devanagari or Latin."""
MARKED_WORD = re.compile(rf"[{UNSPACED}]+|(?:[^\W{UNSPACED}][{MARKS}]*)+")
MARK = re.compile(rf"[{MARKS}]")
UNSPACED_RUN = re.compile(rf"[{UNSPACED}]{{3,}}")
UNSPACED_CHARACTER = re.compile(rf"[{UNSPACED}]")
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")


def terms(text: str) -> list[str]:
    """Return the terms of a text in order, without stop words; "U.S." becomes the term "us"."""
    return _terms(runs(text))


def words(text: str) -> list[str]:
    """Return all words of a text in order, unstemmed; in scripts without spaces, each character is a word."""
    return _words(runs(text))


def terms_and_words(text: str) -> tuple[list[str], list[str]]:
    """Return both the terms and the words of a text, in hardly more time than one of them."""
    text_runs = runs(text)
    return _terms(text_runs), _words(text_runs)


def runs(text: str) -> list[str]:
    """Return the runs of letters and digits in a text, in lower case and in one form of each character."""
    if text.isascii():
        normalized, word = text.lower(), WORD
    else:
        normalized = _normalize(text)
        word = MARKED_WORD if MARK.search(normalized) else WORD
    if "." in normalized:
        normalized = INITIALS.sub(lambda match: match[0].replace(".", "") + " ", normalized)
    return word.findall(normalized)


def _terms(text_runs: Sequence[str]) -> list[str]:
    kept = [run for run in text_runs if run not in STOP_WORDS]
    if all(map(str.isascii, kept)):
        return _stemmer().stemWords(kept)  # type: ignore[no-any-return]
    return [term for run in kept for term in terms_of_run(run)]


def _words(text_runs: list[str]) -> list[str]:
    if all(map(str.isascii, text_runs)):
        return text_runs
    return [word for run in text_runs for word in (run if UNSPACED_CHARACTER.match(run) else (run,))]


def term_of_word(word: str) -> str | None:
    """Return the term that every text with this word has; `None` for a stop word or a character without spaces."""
    if word in STOP_WORDS or UNSPACED_CHARACTER.match(word):
        return None
    return terms_of_run(word)[0]


def _normalize(text: str) -> str:
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).translate(APOSTROPHES).lower()


def terms_of_run(word: str) -> Sequence[str]:
    """Return the terms of one run that is no stop word: one, but in scripts without spaces."""
    if word.isascii():
        return (_stemmer().stemWord(word),)
    if UNSPACED_RUN.fullmatch(word):
        return [word[start : start + 2] for start in range(len(word) - 1)]
    return (word,)


@cache
def _stemmer() -> "Stemmer.Stemmer":
    import Stemmer  # noqa: PLC0415

    return Stemmer.Stemmer("english")
