"""Text to the terms that lexical search counts: lower case, without stop words, English words reduced to stems.

Whether a word is English is decided by its letters, word by word. A question is too short to detect its language, and a
guess that differs from the document's would match nothing. A word with a letter that English does not have is kept
unstemmed. In scripts without spaces (Chinese, Japanese, Thai), every two neighbouring characters are a term.
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
UNSPACED_RUN = re.compile(rf"[{UNSPACED}]{{3,}}")
UNSPACED_CHARACTER = re.compile(rf"[{UNSPACED}]")
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")


def terms(text: str) -> list[str]:
    """Return the terms of a text in order, without stop words; "U.S." becomes the term "us"."""
    return _terms(_runs(text))


def words(text: str) -> list[str]:
    """Return all words of a text in order, unstemmed; in scripts without spaces, each character is a word."""
    return _words(_runs(text))


def terms_and_words(text: str) -> tuple[list[str], list[str]]:
    """Return both the terms and the words of a text, in hardly more time than one of them."""
    runs = _runs(text)
    return _terms(runs), _words(runs)


def _runs(text: str) -> list[str]:
    """Return the runs of letters and digits in a text, in lower case and in one form of each character."""
    normalized = text.lower() if text.isascii() else _normalize(text)
    if "." in normalized:
        normalized = INITIALS.sub(lambda match: match[0].replace(".", "") + " ", normalized)
    return WORD.findall(normalized)


def _terms(runs: Sequence[str]) -> list[str]:
    kept = [run for run in runs if run not in STOP_WORDS]
    if all(map(str.isascii, kept)):
        return _stemmer().stemWords(kept)  # type: ignore[no-any-return]
    return [term for run in kept for term in _terms_of(run)]


def _words(runs: list[str]) -> list[str]:
    if all(map(str.isascii, runs)):
        return runs
    return [word for run in runs for word in (run if UNSPACED_CHARACTER.match(run) else (run,))]


def term_of_word(word: str) -> str | None:
    """Return the term that every text with this word has; `None` for a stop word or a character without spaces."""
    if word in STOP_WORDS or UNSPACED_CHARACTER.match(word):
        return None
    return _terms_of(word)[0]


def _normalize(text: str) -> str:
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).translate(APOSTROPHES).lower()


def _terms_of(word: str) -> Sequence[str]:
    if word.isascii():
        return (_stemmer().stemWord(word),)
    if UNSPACED_RUN.fullmatch(word):
        return [word[start : start + 2] for start in range(len(word) - 1)]
    return (word,)


@cache
def _stemmer() -> "Stemmer.Stemmer":
    import Stemmer  # noqa: PLC0415

    return Stemmer.Stemmer("english")
