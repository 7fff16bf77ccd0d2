"""Measures how well a text fits a language, by the letter trigrams of the language's words.

The trigrams ("groups") are in `letter_groups.json`, which `wherefrom.eval.training.collect_letter_groups` writes. They
are loaded with the first source that is not UTF-8.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("letter_groups.json")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*")
# Letters with two forms, depending on the encoding: Romanian with a comma or a cedilla, Persian with its own or the
# Arabic yeh and kaf.
SAME_LETTERS = str.maketrans("șțȘȚیک", "şţŞŢيك")
QUOTATION = frozenset("“”‘’„‚«»‹›–—―…·\u00a0\u00ad′″ºª¡¿、。・")  # noqa: RUF001
SIGNS_AFTER_LETTERS = frozenset("®™°©†‡•€£→")
SIGNS = frozenset("²³½¼¾×§№¢¥¦¬±µ¶÷´¹‰")  # noqa: RUF001
IN_WORD_PUNCTUATION = frozenset("’‘·–—…\u00ad\u00a0\u02bc/")  # noqa: RUF001
FIRST_OTHER_SCRIPT = 0x370
UNUSUAL_GROUP, UNKNOWN_GROUP, FOREIGN_GROUP, ODD_CHARACTER = 0.25, 1.0, 2.0, 2.0
# Control characters beyond ASCII occur in no text: they are signs of a wrong encoding.
CONTROL_COUNT = 5
# With fewer groups than this, a language's words have too few of its letter pairs; then only its letters count.
FEW_GROUPS = 700

THAI_LETTERS = range(0x0E01, 0x0E5C)
THAI_BEFORE_CONSONANT = frozenset("เแโใไ")
THAI_MARK = re.compile("[\u0e30-\u0e3a\u0e47-\u0e4e]")
THAI_MISPLACED = re.compile(
    "(?:^|[^\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
    "|(?:^|[^\u0e01-\u0e2e\u0e31-\u0e3a\u0e47-\u0e4e])[\u0e30\u0e32\u0e33]|[เแโใไ](?![\u0e01-\u0e2e])"
)
THAI_WORDS = re.compile("ที่|การ|ของ|และ|ใน|เป็น|ว่า|ได้|จะ|ให้|ไม่|มี|ความ|คน|นี้|จาก|กับ|มา|ไป|วัน")
THAI_LETTERS_PER_WORD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The fit of a text to a language: the number of its letter groups of each kind, and of odd characters.

    Groups are `known` if the language's words have them, `unusual` if only their letter pairs are known, `foreign` if
    they have a letter that the language does not have, and otherwise `unknown`.
    """

    known: int = 0
    unusual: int = 0
    unknown: int = 0
    foreign: int = 0
    odd: int = 0

    @property
    def score(self) -> float:
        """The evidence for the language minus the weighted evidence against it."""
        against = UNUSUAL_GROUP * self.unusual + UNKNOWN_GROUP * self.unknown + FOREIGN_GROUP * self.foreign
        return self.known - against - ODD_CHARACTER * self.odd

    @property
    def evidence(self) -> int:
        """The number of groups and odd characters that were counted."""
        return self.known + self.unusual + self.unknown + self.foreign + self.odd


def fit(words: Iterable[str], odd: int, language: str) -> Fit:
    """Return the fit of words to a language; only groups with a letter beyond ASCII count, as ASCII always decodes."""
    groups = _language_groups(language)
    known = unusual = unknown = foreign = 0
    for word in words:
        for triple in triples_of(word):
            if triple in groups.triples:
                known += 1
            elif not groups.has_letters(triple):
                foreign += 1
            elif groups.has_pairs(triple):
                unusual += 1
            else:
                unknown += 1
    return Fit(known=known, unusual=unusual, unknown=unknown, foreign=foreign, odd=odd)


def fit_thai(text: str) -> Fit:
    """Return the fit of a text to Thai, by its common words and the positions of its vowels and tone marks."""
    letters = sum(ord(character) in THAI_LETTERS for character in text)
    beyond_ascii = (character for character in text if not character.isascii())
    others = sum(unicodedata.category(character)[0] in "LMS" for character in beyond_ascii) - letters

    marks = len(THAI_MARK.findall(text)) + sum(map(text.count, THAI_BEFORE_CONSONANT))
    misplaced = len(THAI_MISPLACED.findall(text))
    missing = letters // THAI_LETTERS_PER_WORD + 1 - len(THAI_WORDS.findall(text))
    odd = others + odd_characters(text)
    return Fit(known=max(marks - misplaced, 0), foreign=misplaced + (letters if missing > 0 else 0), odd=odd)


def words_beyond_ascii(text: str) -> set[str]:
    """Return the distinct words of a text that have a letter beyond ASCII, in lower case."""
    composed = unicodedata.normalize("NFC", text).translate(SAME_LETTERS)
    return {word for word in WORD.findall(composed.lower()) if not word.isascii()}


def odd_characters(text: str) -> int:
    """Count odd characters beyond ASCII: signs between letters, controls (weighted), and letters that break a word.

    A letter breaks a word if it is upper case after lower case, or of another script than the letter before it.
    """
    odd = 0
    before = " "
    for index, character in enumerate(text):
        if character.isalpha():
            if not (character.isascii() and before.isascii()):
                odd += (character.isupper() and before.islower()) or _mixes_scripts(before, character)
        elif not character.isascii():
            odd += _oddness(before, character, text[index + 1 : index + 2])
        before = character
    return odd


def _oddness(before: str, sign: str, after: str) -> int:
    """Return the oddness of a sign beyond ASCII between two characters: 0 if it is usual."""
    category = unicodedata.category(sign)
    if category in {"Cc", "Cn"}:
        return CONTROL_COUNT
    in_word = before.isalpha() and after.isalpha()
    if category.startswith("M") or (sign in IN_WORD_PUNCTUATION if in_word else sign in QUOTATION):
        return 0
    if in_word or sign not in SIGNS_AFTER_LETTERS | SIGNS:
        return 1
    return int(sign in SIGNS and before.isalpha())


def _mixes_scripts(before: str, character: str) -> bool:
    others = (ord(before) >= FIRST_OTHER_SCRIPT, ord(character) >= FIRST_OTHER_SCRIPT)
    return before.isalpha() and others[0] != others[1] and not "\u1e00" <= max(before, character) <= "\u1eff"


def triples_of(word: str) -> Iterator[str]:
    """Yield the letter trigrams of a word, framed by spaces, that have a letter beyond ASCII."""
    framed = f" {word} "
    for start in range(len(framed) - 2):
        triple = framed[start : start + 3]
        if not triple.isascii():
            yield triple


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageGroups:
    """The letters of a language beyond ASCII, and the letter trigrams and pairs of its words."""

    letters: frozenset[str]
    triples: frozenset[str]
    pairs: frozenset[str]

    def has_letters(self, triple: str) -> bool:
        """Return whether the language has every letter of a group."""
        return all(letter.isascii() or letter in self.letters for letter in triple)

    def has_pairs(self, triple: str) -> bool:
        """Return whether the language's words have both letter pairs of a group; true with too few groups to tell."""
        return len(self.triples) < FEW_GROUPS or (triple[:2] in self.pairs and triple[1:] in self.pairs)


@cache
def _language_groups(language: str) -> LanguageGroups:
    letters, *triples = _shipped()[language].split(",")
    pairs = frozenset(pair for triple in triples for pair in (triple[:2], triple[1:]))
    return LanguageGroups(letters=frozenset(letters), triples=frozenset(triples), pairs=pairs)


@cache
def _shipped() -> Mapping[str, str]:
    rows: dict[str, str] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return rows
