"""Acronyms that an English document spells out, and the terms by which either form matches its paragraphs.

"Terminal High Altitude Area Defense (THAAD)" makes the two forms equal for that document only: elsewhere the letters
may have another meaning. A paragraph with only the long form gets the term of the acronym. One with only the acronym
gets a term for the long form as a whole, which begins with MARK; a question with the long form gets the same term.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from wherefrom.index.text.analyzer import STOP_WORDS, terms

MARK = "="
"""The prefix of the term of a long form, before its terms; other English terms have only letters and digits."""
MAX_LETTERS = 8
MAX_LONG_CHARACTERS = 120
MIN_LONG_TERMS = 2
ACRONYM = rf"(?:[A-Z][A-Za-z0-9]{{1,{MAX_LETTERS - 1}}}|(?:[A-Z]\.){{2,{MAX_LETTERS}}})"
AFTER_LONG = re.compile(rf"\s*(?:\(\s*(?:or\s+)?|,\s+(?:or|known\s+as|called)\s+(?:the\s+)?)({ACRONYM})(?=s?[\s,.;:)])")
BEFORE_LONG = re.compile(rf"(?<!\w)({ACRONYM})\s+\((?:the\s+|or\s+)?([^()]{{5,{MAX_LONG_CHARACTERS}}})\)")
MIN_CAPITALS = 2
LINKS = frozenset(["of", "the", "and", "for", "in", "on", "to", "de", "du", "des", "la"])
"""Words of a long form that need no letter in its acronym."""
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
CACHED_PATTERNS = 1_000

LongForm = tuple[str, ...]
"""The terms of a long form, in order."""


def spelled_out(texts: Sequence[str]) -> Mapping[str, frozenset[LongForm]]:
    """Return the acronyms that the texts of a document spell out, with their long forms; "U.N." becomes "UN"."""
    found: dict[str, set[LongForm]] = {}
    for text in texts:
        for acronym, long in _definitions(text) if "(" in text or ", " in text else ():
            long_terms = tuple(terms(long))
            if len(long_terms) >= MIN_LONG_TERMS:
                found.setdefault(acronym, set()).add(long_terms)
    return {acronym: frozenset(long_forms) for acronym, long_forms in found.items()}


def terms_of_names(text: str, text_terms: Sequence[str], names: Mapping[str, frozenset[LongForm]]) -> Counter[str]:
    """Return the additional terms of a paragraph for the acronyms that its document spells out, with frequencies.

    They are the terms of the forms that the paragraph lacks; one with both forms needs none.
    """
    counts: Counter[str] = Counter()
    for acronym, long_forms in names.items():
        short = len(_occurrences_of(acronym).findall(text))
        by_long_form = {long: count_sequence(long, text_terms) for long in long_forms}
        long = sum(by_long_form.values())
        if long and not short:
            counts.update(dict.fromkeys(terms(acronym), long))
        counts.update({long_form_term(each): short for each, count in by_long_form.items() if short and not count})
    return counts


def long_form_term(long: LongForm) -> str:
    """Return the term of a long form as a whole."""
    return MARK + " ".join(long)


def count_sequence(sequence: LongForm, among: Sequence[str]) -> int:
    """Return the number of occurrences of a sequence of terms in the terms of a text."""
    if not set(sequence).issubset(among):
        return 0
    size = len(sequence)
    return sum(tuple(among[start : start + size]) == sequence for start in range(len(among) - size + 1))


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each acronym that a text spells out, without full stops, with its long form."""
    for match in AFTER_LONG.finditer(text):
        letters = _letters(match[1])
        before = text[max(match.start() - MAX_LONG_CHARACTERS, 0) : match.start()]
        if letters and (start := _start_of_long(letters, before)) is not None:
            yield letters, before[start:]
    for match in BEFORE_LONG.finditer(text):
        letters = _letters(match[1])
        if letters and _start_of_long(letters, match[2]) == 0:
            yield letters, match[2]


def _letters(acronym: str) -> str | None:
    """Return an acronym without full stops and plural s; `None` for a word with less than MIN_CAPITALS capitals."""
    letters = acronym.replace(".", "")
    letters = letters[:-1] if letters.endswith("s") and letters[:-1].isupper() else letters
    return letters if sum(map(str.isupper, letters)) >= MIN_CAPITALS else None


def _start_of_long(letters: str, text: str) -> int | None:
    """Return the start of the words at the end of a text that letters abbreviate; `None` if there are none.

    Each letter is the first of the next word, except words such as "of", or a later one of the same word:
    "deoxyribonucleic acid" is DNA.
    """
    letters = letters.lower()
    open_letters = {len(letters)}
    """The possible numbers of letters that are left for this word and the words before it."""
    for word in reversed(list(WORD.finditer(text))):
        content = word[0].lower()
        starts = {
            start
            for end in open_letters
            for start in range(end)
            if content[0] == letters[start] and _in_order(letters[start + 1 : end], content[1:])
        }
        if 0 in starts and content not in STOP_WORDS:
            return word.start()
        open_letters = starts | (open_letters - {len(letters)} if content in LINKS else set())
        if not open_letters:
            return None
    return None


def _in_order(letters: str, word: str) -> bool:
    """Return whether letters occur in a word in the same order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


@lru_cache(CACHED_PATTERNS)
def _occurrences_of(letters: str) -> re.Pattern[str]:
    dotted = r"\.?".join(map(re.escape, letters))
    return re.compile(rf"(?<!\w){dotted}(?:s|\.)?(?!\w)")
