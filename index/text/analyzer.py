"""Text to the terms that lexical search counts: lower case, without stop words, English words reduced to stems.

What is English is decided word by word, by its letters: a question is too short to tell its language by, and a guess
that differed from the document's would find nothing. A word with a letter that English lacks stands as it is; where
words are not spaced (Chinese, Japanese, Thai) every two neighbouring characters are a term.
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
RUN = re.compile(rf"[{UNSPACED}]{{3,}}")
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")


def terms(text: str) -> list[str]:
    """The stems of a text in order, stop words left out; "U.S." is the term "us"."""
    plain = text.lower() if text.isascii() else _plain(text)
    joined = INITIALS.sub(lambda match: match[0].replace(".", "") + " ", plain) if "." in plain else plain
    words = [word for word in WORD.findall(joined) if word not in STOP_WORDS]
    if joined.isascii():
        return _stemmer().stemWords(words)  # type: ignore[no-any-return]
    return [term for word in words for term in _terms_of(word)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).translate(APOSTROPHES).lower()


def _terms_of(word: str) -> Sequence[str]:
    if word.isascii():
        return (_stemmer().stemWord(word),)
    if RUN.fullmatch(word):
        return [word[at : at + 2] for at in range(len(word) - 1)]
    return (word,)


@cache
def _stemmer() -> "Stemmer.Stemmer":
    import Stemmer  # noqa: PLC0415

    return Stemmer.Stemmer("english")
