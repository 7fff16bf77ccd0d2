"""Normalization of spellings: Unicode forms, initials, months, numbers, ordinals. Pure.

All text that is compared as words or terms is normalized by `unify`, and all text that is embedded by `embeddable`. The
text of a source is not changed: citations are slices of it.
"""

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
ONE_FORM = str.maketrans("\u2018\u2019\u02bc\u2010\u2011", "'''--")
"""Translation of apostrophes and hyphens to ASCII."""
INITIALS = re.compile(r"(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?")
SHORT_MONTHS = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}
MONTHS = "|".join([*SHORT_MONTHS.values(), "may"])
SHORT = "|".join(sorted(SHORT_MONTHS, key=len, reverse=True))
DOTTED_MONTH = re.compile(r"(?<!\w)(feb|aug|sept|oct|nov|dec)\.(?!\w)")
"""Abbreviations of months that need only a full stop; "Jan.", "Mar." and others may be a name or a word at the end of a
sentence, so they need a number next to them."""
MONTH_BEFORE_NUMBER = re.compile(rf"(?<!\w)({SHORT})(?:\.\s?|\s)(?='?\d)")
MONTH_AFTER_NUMBER = re.compile(rf"(\d(?:st|nd|rd|th)?(?:\s(?:of\s)?|-))({SHORT})(?!\w)\.?")
DAY_AFTER_MONTH = re.compile(rf"(?<!\w)({MONTHS})\s(\d{{1,2}})(?:st|nd|rd|th)(?!\w)")
DAY_BEFORE_MONTH = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th)(?=\s(?:of\s(?:{MONTHS})|(?!may|march)(?:{MONTHS}))(?!\w))"
)
"""The day of a date; "the 5th may" and "the 5th march" need not be dates."""
CAPITALIZED_MONTH = re.compile(r"\b(Jan|Feb|Aug|Sept|Sep|Oct|Nov|Dec)(?:\.\s?|\s)(?=\d)")
DIGIT = re.compile(r"\d")
SEPARATED = re.compile(r"\d(?<![\w.,]\d)\d{0,2}(?:,\d{3})+(?!\d|,\d)")
"""Thousands with commas, as in English. The pattern begins with a digit and then looks back, so that it skips other
characters quickly."""
SPACED = re.compile("(?<![\\w.,])\\d{1,3}(?:[\u00a0\u2009\u202f]\\d{3})+(?!\\d)")
"""Thousands with no-break or thin spaces; other spaces may separate two numbers."""
ORDINAL = re.compile(r"(\d(?<!\w\d)\d?)(?:st|nd|rd|th)(?!\w)")
UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
ORDINALS = dict(
    enumerate(
        (
            *UNITS,
            *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth"),
            *("fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
        ),
        1,
    )
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SPELLED_ORDINAL = re.compile(rf"(?<!\w)({'|'.join(TENS)})-({'|'.join(UNITS)})(?!\w)")
SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
COUNTRY = re.compile(r"(?<!\w)usa(?!\w)")
BEFORE_SUPERSCRIPT = re.compile("(?<=\\d)(?=[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079])")


def compatible(text: str) -> str:
    """Return a text in the Unicode form NFKC: "office" for a text with the ligature of f, f and i.

    Superscripts after a digit are no digits of its number: "10^6" for the sixth power of ten.
    """
    return text if text.isascii() else unicodedata.normalize("NFKC", BEFORE_SUPERSCRIPT.sub("^", text))


def embeddable(text: str) -> str:
    """Return the form of a text for embedding: in NFKC, with the months of its dates spelled out."""
    return CAPITALIZED_MONTH.sub(lambda match: SHORT_MONTHS[match[1].lower()].capitalize() + " ", compatible(text))


def unify(text: str) -> str:
    """Return a text in lower case and uniform spelling.

    Initials have no full stops, months next to a number are spelled out, thousands have no separators, ordinals up to
    the twentieth are words, and others are numbers.
    """
    if not text.isascii():
        if DIGIT.search(text):
            text = SPACED.sub(_digits, text)
        text = compatible(INVISIBLE.sub("", text)).translate(ONE_FORM)
    return _unify(text.lower())


def _unify(text: str) -> str:
    if "." in text:
        text = INITIALS.sub(lambda match: match[0].replace(".", "") + " ", text)
        text = DOTTED_MONTH.sub(_long_month, text)
    if "usa" in text:
        text = COUNTRY.sub("us", text)
    if "ty-" in text:
        text = SPELLED_ORDINAL.sub(_number, text)
    return _unify_numbers(text) if DIGIT.search(text) else text


def _unify_numbers(text: str) -> str:
    if "," in text:
        text = SEPARATED.sub(_digits, text)
    if any(map(text.__contains__, SHORT_MONTHS)) or "may" in text:
        text = MONTH_BEFORE_NUMBER.sub(_long_month, text)
        text = MONTH_AFTER_NUMBER.sub(lambda match: match[1] + SHORT_MONTHS[match[2]] + " ", text)
        text = DAY_AFTER_MONTH.sub(r"\1 \2", text)
        text = DAY_BEFORE_MONTH.sub(r"\1", text)
    return ORDINAL.sub(lambda match: ORDINALS.get(int(match[1]), match[0]), text)


def _long_month(match: re.Match[str]) -> str:
    return SHORT_MONTHS[match[1]] + " "


def _digits(match: re.Match[str]) -> str:
    return "".join(DIGIT.findall(match[0]))


def _number(match: re.Match[str]) -> str:
    unit = UNITS.index(match[2]) + 1
    return f"{TENS.index(match[1]) + 2}{unit}{SUFFIXES.get(unit, 'th')}"
