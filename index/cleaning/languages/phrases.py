"""Phrases outside articles in languages other than English, from one file per language in `phrase_lists/`.

Each file has lists of phrases in lower case under the keys

- `published`, `updated`: labels before a date; `date_words`: other words next to a date
- `byline`: words before the name of an author; `and`: conjunctions between the last two names
- `share`, `related`, `invitation`: beginnings of share lines, links to other articles, and calls to subscribe
- `credit`: words before the colon of a picture credit
- `consent`: phrases within a notice about cookies
- `advertisement`, `comments`: labels that are a block of their own

The phrases of all languages apply to every page: blocks are too short for language detection, and pages quote other
languages. So a phrase must not begin an ordinary sentence of any language.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args

FOLDER = Path(__file__).with_name("phrase_lists")
Key = Literal[
    "published", "updated", "date_words", "byline", "share", "related", "consent", "credit", "invitation",
    "advertisement", "comments",
]  # fmt: skip
KEYS: tuple[Key, ...] = get_args(Key)
BEGINNINGS: Sequence[Key] = ("share", "related", "credit", "invitation", "advertisement")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
MARKS = re.compile(r"\s*[:/|>»\u203a\u2013\u2014©-]")
CREDIT_MARKS = re.compile(r"\s*[:/|©]")
AFTER_BYLINE = re.compile(r"\s*[:\uff1a]?\s*")
NOT_WORD = re.compile(r"\W*")
COUNT = re.compile(r"\W*(?:\d{1,6}\W+)?")
COUNT_AFTER = re.compile(r"\W*(?:\d{1,6})?\W*")
HEAD_CHARACTERS = 80
MAX_SHARE_WORDS, MAX_RELATED_WORDS, MAX_CREDIT_WORDS, MAX_CONSENT_WORDS = 12, 30, 60, 120
MAX_WORDS_AFTER_ONE = 2
"""Maximum number of words after a phrase of one word; with more, the block may be a headline."""


@cache
def phrases() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return the phrases by language and key; the files are read once."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


@cache
def all_phrases(key: Key) -> frozenset[str]:
    """Return the phrases under a key in all languages, case-folded."""
    return frozenset(phrase.casefold() for lists in phrases().values() for phrase in lists[key])


@cache
def phrase_pattern(*keys: Key) -> re.Pattern[str]:
    """Return a pattern for the phrases of the keys in case-folded text; spaced scripts match whole words only."""
    found = frozenset[str]().union(*map(all_phrases, keys))
    unspaced = {phrase for phrase in found if UNSPACED.search(phrase)}
    return re.compile(rf"(?<!\w)(?:{_alternatives(found - unspaced)})(?!\w)|{_alternatives(unspaced)}")


def is_date_word(word: str) -> bool:
    """Return whether a word is common next to dates: a label, a preposition, "Uhr"."""
    return word.casefold().strip(".,:;()|-\u2013\u2022") in _date_words()


def furniture_rule(text: str, words: int, *, ends_sentence: bool) -> str | None:
    """Return the rule that recognises a block of `words` words as boilerplate by a phrase, or `None`."""
    if words > MAX_CONSENT_WORDS:
        return None
    lower = text.casefold()
    start = _size(NOT_WORD, lower)
    head = lower[start : start + HEAD_CHARACTERS]
    for phrase, key in _beginnings().get(head[:1], ()):
        if _begins(head, phrase):
            rule = _rule(key, phrase, lower[start + len(phrase) :], words, ends_sentence=ends_sentence)
            if rule:
                return rule
    return "notice" if any(phrase in lower for phrase in _consent()) else None


def byline_size(text: str) -> int:
    """Return the length of the phrase that begins a byline, with the space after it; 0 if there is none."""
    head = text[:HEAD_CHARACTERS].casefold()
    size = max((len(phrase) for phrase in all_phrases("byline") if _begins(head, phrase)), default=0)
    return size and size + _size(AFTER_BYLINE, text[size:])


def is_comments_heading(text: str) -> bool:
    """Return whether a block is only a heading of readers' comments, with or without their number."""
    lower = text.casefold()
    rest = lower[_size(COUNT, lower) :]
    return any(
        rest.startswith(phrase) and COUNT_AFTER.fullmatch(rest, len(phrase)) for phrase in all_phrases("comments")
    )


def _rule(key: Key, phrase: str, rest: str, words: int, *, ends_sentence: bool) -> str | None:
    """Return the rule for a block that begins with a phrase, followed by `rest`."""
    alone = NOT_WORD.fullmatch(rest) is not None
    several = " " in phrase
    if key == "credit":
        return "caption" if words <= MAX_CREDIT_WORDS and CREDIT_MARKS.match(rest) else None
    if key == "advertisement":
        return "invitation" if alone else None
    if key == "related":
        if alone:
            return "furniture-heading"
        marked = MARKS.match(rest) is not None or (several and not ends_sentence)
        return "teaser" if marked and words <= MAX_RELATED_WORDS else None
    if key == "invitation":
        return "invitation" if words <= MAX_RELATED_WORDS else None
    short = several or len(rest.split()) <= MAX_WORDS_AFTER_ONE
    return "share" if alone or (short and words <= MAX_SHARE_WORDS and not ends_sentence) else None


def _size(pattern: re.Pattern[str], text: str) -> int:
    """Return the length of the match of a pattern at the start of a text."""
    match = pattern.match(text)
    return match.end() if match else 0


def _begins(text: str, phrase: str) -> bool:
    return text.startswith(phrase) and _ends_word(text, phrase)


def _ends_word(text: str, phrase: str) -> bool:
    after = text[len(phrase) : len(phrase) + 1]
    return not (after.isalnum() and not UNSPACED.match(phrase[-1]))


@cache
def _beginnings() -> Mapping[str, Sequence[tuple[str, Key]]]:
    """Return the phrases that begin a block, longest first, by their first character."""
    found: dict[str, list[tuple[str, Key]]] = {}
    for key in BEGINNINGS:
        for phrase in all_phrases(key):
            found.setdefault(phrase[:1], []).append((phrase, key))
    return {head: sorted(entries, key=lambda entry: (-len(entry[0]), entry)) for head, entries in found.items()}


@cache
def _consent() -> Sequence[str]:
    return sorted(all_phrases("consent"))


@cache
def _date_words() -> frozenset[str]:
    keys: Sequence[Key] = ("published", "updated", "date_words", "byline")
    return frozenset(word for key in keys for phrase in all_phrases(key) for word in phrase.split())


def _alternatives(found: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(found, key=lambda phrase: (-len(phrase), phrase)))
