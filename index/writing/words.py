"""Splits a text into words with a key that is equal for all spellings of a word, and a grammatical kind. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.text.dates import find_dates
from wherefrom.index.text.spellings import INVISIBLE, ORDINALS, SHORT_MONTHS, compatible
from wherefrom.index.writing.english import english, stem

Kind = Literal["content", "number", "function", "negation", "modality", "mark"]

TOKEN = re.compile(
    r"\d{1,2}:\d\d(?!\d)|\d+\^[-\u2212]?\d+"
    r"|\d+(?:,\d{3})*(?!\d)(?:\.\d+)?(?:(?:st|nd|rd|th|m|bn|k|s)(?!\w))?"
    r"|(?:[^\W\d_]\.){2,}"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|--+|[^\w\s]|\d+|\w"
)
SINGLE_QUOTES = re.compile(r"(?<!\w)['\u2018]((?:[^'\u2018\u2019\"\n]|(?<=\w)['\u2019](?=\w)){2,400})['\u2019](?!\w)")
MINUS = re.compile(r"(?<![\w)\].,%-])[-\u2212](?=[$£€¥]?\d)")
SPACED_HYPHEN = re.compile(r"(?<=\s)-(?=\s)")
"""A hyphen that is used as a dash."""
QUOTES = str.maketrans("\u201c\u201d\u201e\u00ab\u00bb\u2019\u2018\u02bc\u2010\u2011", '"""""' + "'''--")
DASHES = frozenset(["--", "\u2013", "\u2014", "---"])
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen"}
NUMBER = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(st|nd|rd|th|m|bn|k|s)?")
ISO_TIME = re.compile(r"T\d\d:\d\d\S*")
CALENDAR = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
PERIODS = frozenset(
    ("week", "month", "year", "day", "night", "morning", "afternoon", "evening", "weekend", "summer", "winter")
)
TIMES = frozenset(CALENDAR) | WEEKDAYS
CONTRACTED = ("'ll", "'re", "'ve", "'m", "'d")
RARE = frozenset(("few", "rarely", "seldom"))
SPELLED_ORDINALS = {word: f"#{number}th" for number, word in ORDINALS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word or punctuation mark. `key` is equal for words of the same meaning; `quote` numbers quotations from 0."""

    text: str
    lower: str
    key: str
    kind: Kind
    capital: bool
    initial: bool
    sentence: int
    quote: int = -1
    possessive: bool = False
    joined: bool = False
    """Whether a hyphen joins it to the word before."""
    joins: bool = False
    """Whether a hyphen joins it to the word after."""
    bound: str = ""
    """The bound or approximation that the text states for a number or a date: "about", "above"; empty without one."""

    @property
    def counts(self) -> bool:
        """Whether a cited passage must have this word."""
        return self.kind not in ("function", "mark")


def read_words(text: str) -> tuple[Word, ...]:
    """Return the words and punctuation marks of an English text in order."""
    text = _spelled(text)
    words: list[Word] = []
    quote, quotes = -1, 0
    for sentence, (start, end) in enumerate(split_sentences(text)):
        tokens = list(_tokens(text[start:end]))
        first = len(words)
        initial = True
        for token in tokens:
            if token == '"':  # noqa: S105 - a quotation mark
                quote, quotes = (quotes, quotes + 1) if quote < 0 else (-1, quotes)
                words.append(_mark(token, sentence))
                initial = initial or quote >= 0
                continue
            if not any(map(str.isalnum, token)) and token != "n't":  # noqa: S105
                words.append(_mark(token, sentence))
                continue
            words.append(replace(_word(token, sentence, initial=initial), quote=quote))
            initial = False
        words[first:] = _resolved(words[first:])
    return tuple(_with_whole_numbers(words))


def normalized(text: str) -> str:
    """Return a text with normalised characters and single spaces, to compare parts that must be verbatim."""
    return " ".join(compatible(INVISIBLE.sub("", text)).translate(QUOTES).split())


def is_other_number(one: str, other: str) -> bool:
    """Return whether one of two English words is the regular plural of the other."""
    singular, plural = sorted((one, other), key=len)
    return plural in (f"{singular}s", f"{singular}es", f"{singular.removesuffix('y')}ies")


def _spelled(text: str) -> str:
    """Return a text with plain quotation marks, and with dates in digits and minus signs written out."""
    text = SINGLE_QUOTES.sub(r'"\1"', compatible(INVISIBLE.sub("", text)))
    text = SPACED_HYPHEN.sub("\u2014", MINUS.sub("minus ", text).translate(QUOTES))
    if any(map(str.isdigit, text)):
        for date in reversed(list(find_dates(text))):
            if not any(map(str.isalpha, text[date.start : date.end])):
                month = CALENDAR[date.day.month - 1].capitalize()
                rest = (
                    ISO_TIME.sub("", text[date.end :], count=1)
                    if text[date.end :].startswith("T")
                    else text[date.end :]
                )
                text = f"{text[: date.start]}{month} {date.day.day}, {date.day.year}{rest}"
    return text


def _tokens(text: str) -> Iterator[str]:
    """Yield words, numbers and marks; a negation is a token of its own: "did" and "n't"."""
    for match in TOKEN.finditer(text):
        token = match[0]
        lower = token.lower()
        if lower.endswith("n't") and len(lower) > len("n't"):
            yield token[:-3] if lower != "can't" else token[:-2]
            yield "n't"
        elif lower == "cannot":
            yield from (token[:3], token[3:])
        elif lower.endswith(CONTRACTED):
            at = lower.rindex("'")
            yield from (token[:at], token[at:])
        else:
            yield token


def _mark(token: str, sentence: int) -> Word:
    return Word(text=token, lower=token, key="", kind="mark", capital=False, initial=False, sentence=sentence)


def _word(token: str, sentence: int, *, initial: bool) -> Word:
    possessive = token.endswith(("'s", "'S"))
    text = token[:-2] if possessive else token
    lower = text.lower()
    capital = text[:1].isupper()
    kind, key = _kind_and_key(text, lower, capital=capital, initial=initial)
    return Word(
        text=text,
        lower=lower,
        key=key,
        kind=kind,
        capital=capital,
        initial=initial,
        sentence=sentence,
        possessive=possessive,
    )


def _kind_and_key(  # noqa: PLR0911
    text: str, lower: str, *, capital: bool, initial: bool
) -> tuple[Kind, str]:
    known = english()
    if text[0].isdigit():
        return _number(text)
    named = capital and not initial and len(text) > 1 and lower != "i"
    if lower == "us" and text != "us" and not (initial and text == "Us"):
        return "content", "us"
    if lower in known.negations and not named:
        return "negation", "!few" if lower in RARE else "!not"
    if lower in known.modalities and not named:
        return "modality", "?" + known.modalities[lower]
    if lower in known.function_words and not (text.isupper() and len(text) > 2):  # noqa: PLR2004 - "WHO" is a name
        return "function", ""
    if lower in known.numbers:
        return "number", f"#{known.numbers[lower]}"
    if lower in SPELLED_ORDINALS:
        return "content", SPELLED_ORDINALS[lower]
    return "content", known.keys.get(lower) or stem(lower)


def _number(text: str) -> tuple[Kind, str]:
    match = NUMBER.fullmatch(text)
    if match is None:
        return "number", "#" + text
    digits, suffix = match[1].replace(",", ""), match[2]
    if suffix in ("st", "nd", "rd", "th"):
        return "content", f"#{int(float(digits))}th"
    scale = english().scales.get(suffix or "", 1)
    return "number", "#" + _decimal(float(digits) * scale) + ("s" if suffix == "s" else "")


def _decimal(value: float) -> str:
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".")


def _resolved(words: list[Word]) -> list[Word]:
    """Resolve hyphens, months, currencies, names of several words and possessives in the words of one sentence."""
    result: list[Word] = []
    position = 0
    while position < len(words):
        word = words[position]
        following = words[position + 1] if position + 1 < len(words) else None
        if name := _name_at(words, position):
            length, key = name
            result.append(replace(word, key=key, kind="content", possessive=words[position + length - 1].possessive))
            position += length
            continue
        if word.text == "-" and result and following is not None and result[-1].kind != "mark":
            result[-1] = replace(result[-1], joins=True)
            words[position + 1] = replace(following, joined=True)
        elif word.text in CURRENCIES and following is not None and following.kind == "number":
            scaled = position + 2 < len(words) and words[position + 2].lower in english().scales
            result += [following, words[position + 2]] if scaled else [following]
            result.append(replace(following, text=word.text, key=CURRENCIES[word.text], kind="content"))
            position += 3 if scaled else 2
            continue
        elif word.text == "%":
            result.append(replace(word, key="percent", kind="content"))
        elif word.lower == "per" and following is not None and following.lower == "cent":
            result.append(replace(word, key="percent", kind="content"))
            position += 2
            continue
        elif word.text == "'" and result and result[-1].lower.endswith("s"):
            result[-1] = replace(result[-1], possessive=True)
        else:
            result.append(_in_date(word, result, following))
        position += 1
    return _without_not_only(_month_first(result))


def _month_first(words: list[Word]) -> list[Word]:
    """Return words in which days follow their months: "May 2" for "2 May"."""
    for position, (day, month) in enumerate(pairwise(tuple(words))):
        if day.kind == "number" and month.kind == "content" and month.lower in CALENDAR and month.capital:
            words[position], words[position + 1] = month, day
    return words


def _in_date(word: Word, before: Sequence[Word], following: Word | None) -> Word:
    """Return a month with its long spelling: "January" for "Jan."; "may" beside a number is a month too."""
    beside = (following is not None and (following.kind == "number" or following.text == ".")) or (
        bool(before) and before[-1].kind == "number"
    )
    if word.lower in SHORT_MONTHS and word.capital and beside:
        return replace(word, key=stem(SHORT_MONTHS[word.lower]), lower=SHORT_MONTHS[word.lower], kind="content")
    if word.lower == "may" and word.capital:
        dated = beside or (bool(before) and before[-1].lower in ("in", "of", "since", "until", "by", "last", "this"))
        return replace(word, key="may", kind="content") if dated else word
    if word.key.endswith("th") and word.key[0] == "#" and before and before[-1].lower in CALENDAR:
        return replace(word, key=word.key[:-2], kind="number")
    return word


def _name_at(words: Sequence[Word], position: int) -> tuple[int, str] | None:
    """Return the number of words and the key of a name with several spellings at a position; `None` without one."""
    if not words[position].capital:
        return None
    for name, key in english().names.items():
        if (
            words[position].lower == name[0]
            and tuple(word.lower for word in words[position : position + len(name)]) == name
        ):
            return len(name), key
    return None


def _without_not_only(words: list[Word]) -> list[Word]:
    for position, (word, following) in enumerate(pairwise(tuple(words))):
        if word.lower == "not" and following.lower == "only":
            words[position] = replace(word, kind="function", key="")
            words[position + 1] = replace(following, kind="function", key="")
        elif word.lower == "no" and following.text == ".":
            words[position] = replace(word, kind="function", key="")
        elif word.lower in ("this", "these") and following.lower in (*PERIODS, *WEEKDAYS):
            words[position] = replace(word, kind="content", key="this")
        elif word.lower == "a" and following.lower == "few":
            words[position + 1] = replace(following, kind="content", key="few")
    return words


def _with_whole_numbers(words: Sequence[Word]) -> Iterator[Word]:
    """Yield words, and each number of several words as one: "17 million", "two hundred and five", "twenty-one"."""
    known = english()
    position = 0
    while position < len(words):
        word = words[position]
        following = words[position + 1] if position + 1 < len(words) else None
        if word.lower == "minus" and following is not None and following.kind == "number":
            word, position = replace(following, key="#-" + following.key[1:], text=f"-{following.text}"), position + 1
        if word.kind != "number" or not _is_value(word.key):
            yield word
            position += 1
            continue
        total, current = 0.0, float(word.key[1:])
        last = word
        position += 1
        while position < len(words):
            following = words[position]
            scale = known.scales.get(following.lower)
            value = known.numbers.get(following.lower)
            if scale is not None and (following.lower not in ("m", "bn", "k")):
                current = current * scale
                if scale >= 1000:  # noqa: PLR2004 - what stands before it is complete
                    total, current = total + current, 0.0
            elif value is not None and word.lower in known.numbers and (following.joined or _continues_number(last)):
                current += value
            elif (
                following.lower == "and"
                and last.lower in known.scales
                and position + 1 < len(words)
                and words[position + 1].lower in known.numbers
            ):
                pass
            else:
                break
            last = following
            position += 1
        yield replace(word, key="#" + _decimal(total + current), possessive=last.possessive, joins=last.joins)


def _is_value(key: str) -> bool:
    try:
        float(key[1:])
    except ValueError:
        return False
    return True


def _continues_number(last: Word) -> bool:
    return last.lower == "and" or last.lower in english().scales
