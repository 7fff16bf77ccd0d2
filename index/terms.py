"""Text to the terms that lexical search counts: lower case, without stop words, reduced to Snowball stems."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from bm25s.stopwords import STOPWORDS_EN_PLUS

if TYPE_CHECKING:
    import Stemmer

STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)
WORD = re.compile(r"\w+")
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")


def terms(text: str) -> list[str]:
    """The stems of a text in order, stop words left out; "U.S." is the term "us"."""
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).translate(APOSTROPHES).lower()
    joined = INITIALS.sub(lambda match: match[0].replace(".", "") + " ", plain)
    return _stemmer().stemWords([word for word in WORD.findall(joined) if word not in STOP_WORDS])  # type: ignore[no-any-return]


@cache
def _stemmer() -> "Stemmer.Stemmer":
    import Stemmer  # noqa: PLC0415

    return Stemmer.Stemmer("english")
