"""Spellings of a word with and without accents: "Erdogan" for "Erdo\u011fan", "Mueller" for "M\u00fcller". Pure.

Names are typed without the accents that their articles have, and the other way round.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import combinations, product

ACCENTED = {
    "a": "\u00e1\u00e0\u00e2\u00e3\u00e4\u00e5\u0105\u0103",
    "c": "\u00e7\u010d\u0107",
    "d": "\u0111\u010f",
    "e": "\u00e9\u00e8\u00ea\u00eb\u0119\u011b",
    "g": "\u011f",
    "i": "\u00ed\u00ec\u00ee\u00ef\u0131",
    "l": "\u0142",
    "n": "\u00f1\u0144\u0148",
    "o": "\u00f3\u00f2\u00f4\u00f5\u00f6\u00f8\u0151",
    "r": "\u0159",
    "s": "\u0161\u015b\u015f\u0219",
    "t": "\u0163\u021b",
    "u": "\u00fa\u00f9\u00fb\u00fc\u016f\u0171",
    "y": "\u00fd",
    "z": "\u017e\u017a\u017c",
}
"""The letters with accents that are tried for a letter."""
ALPHABETS = {
    "Turkish": "\u00e7\u011f\u0131\u00f6\u015f\u00fc",
    "Polish": "\u0105\u0107\u0119\u0142\u0144\u00f3\u015b\u017a\u017c",
    "Czech": "\u00e1\u010d\u010f\u00e9\u011b\u00ed\u0148\u00f3\u0159\u0161\u0165\u00fa\u016f\u00fd\u017e\u00f4",
    "Hungarian": "\u00e1\u00e9\u00ed\u00f3\u00f6\u0151\u00fa\u00fc\u0171",
    "Romanian": "\u0103\u00e2\u00ee\u0219\u021b\u015f\u0163",
    "German": "\u00e5\u00e4\u00f6\u00f8\u00e9\u00fc",
    "French": "\u00e0\u00e2\u00e7\u00e9\u00e8\u00ea\u00eb\u00ee\u00ef\u00f4\u00f9\u00fb\u00fc",
    "Spanish": "\u00e1\u00e9\u00ed\u00f1\u00f3\u00fa\u00fc\u00e7",
    "Portuguese": "\u00e1\u00e2\u00e3\u00e0\u00e7\u00e9\u00ea\u00ed\u00f3\u00f4\u00f5\u00fa",
    "Croatian": "\u010d\u0107\u0111\u0161\u017e",
    "Italian": "\u00e0\u00e8\u00e9\u00ec\u00f2\u00f9",
    "Icelandic": "\u00e1\u00ed\u00f3\u00fa\u00fd\u00e9\u00f6",
}
"""The letters with accents of a language and its neighbours: two in a word are of the same language."""
TWO_LETTERS = {
    "\u00e4": "ae",
    "\u00f6": "oe",
    "\u00fc": "ue",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00f8": "oe",
    "\u0153": "oe",
    "\u00e5": "aa",
}
"""The letters that are also written as two."""
PLAIN = {"\u00df": "ss", "\u00e6": "ae", "\u0153": "oe", "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i"}
"""The letters that Unicode does not decompose."""
MIN_LETTERS = 3
MAX_LETTERS_OF_TWO_ACCENTS = 12
"""Maximum length of a word of which two letters get accents: a word of this length has about 300 such spellings."""


def other_accents(word: str) -> Iterator[str]:
    """Yield the spellings of a word in lower case that differ only in accents, each at least once.

    A word without accents gets one or two, one with accents loses all of them.
    """
    if len(word) < MIN_LETTERS or not word.isalpha():
        return
    if not word.isascii():
        plain = "".join(PLAIN.get(letter) or unicodedata.normalize("NFD", letter)[0] for letter in word)
        if plain.isascii():
            yield from (plain, "".join(TWO_LETTERS.get(letter, short) for letter, short in _pairs(word)))
        return
    places = [at for at, letter in enumerate(word) if letter in ACCENTED]
    for at in places:
        yield from (word[:at] + letter + word[at + 1 :] for letter in ACCENTED[word[at]])
    for letter, written in TWO_LETTERS.items():
        if written in word:
            yield word.replace(written, letter)
    if len(word) > MAX_LETTERS_OF_TWO_ACCENTS:
        return
    yield from _with_two_accents(word, places)


def _with_two_accents(word: str, places: Sequence[int]) -> Iterator[str]:
    """Yield the spellings of a word with accents of one language on two of the letters at some places."""
    for first, second in combinations(places, 2):
        for one, other in product(ACCENTED[word[first]], ACCENTED[word[second]]):
            if any(one in letters and other in letters for letters in ALPHABETS.values()):
                yield f"{word[:first]}{one}{word[first + 1 : second]}{other}{word[second + 1 :]}"


def _pairs(word: str) -> Iterator[tuple[str, str]]:
    """Yield each letter with itself or its plain form."""
    for letter in word:
        yield letter, PLAIN.get(letter) or unicodedata.normalize("NFD", letter)[0]
