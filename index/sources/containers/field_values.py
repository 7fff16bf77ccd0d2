"""Converts values of scraped fields to metadata: names of authors, dates, URLs, languages and ids.

Each function returns `None` for a value that it cannot convert with certainty; the caller keeps the original value.
"""

import html
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from wherefrom.index.sources.json_article import MAX_ID_CHARACTERS, MAX_URL_CHARACTERS, MAX_VALUE_CHARACTERS
from wherefrom.index.text.dates import EPOCH, parse_declared_date
from wherefrom.index.text.language_tags import language_tag

MAX_DATE_CHARACTERS = 200
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Range of years, end exclusive, in which a number counts as a time."""
MILLISECONDS = 10_000_000_000
"""Smallest number that counts milliseconds; smaller ones count seconds."""
TAG = re.compile(r"<[^<>]{0,1000}>")
EMAIL = re.compile(r"\(?<?[^\s<>()]{1,200}@[^\s<>()]{1,200}>?\)?")
BY = re.compile(r"(?:written\s+)?by\b:?\s+", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*(?:[;|\n]|\s&\s|\sand\s)\s*", re.IGNORECASE)
MAX_NAME_WORDS = 4
NOT_NAMES = frozenset(
    ("agency", "analyst", "bureau", "chief", "columnist", "contributor", "correspondent", "desk", "editor", "editorial",
     "inc", "jr", "ltd", "news", "newsroom", "photographer", "press", "producer", "reporter", "senior", "sr", "staff",
     "writer")
)  # fmt: skip
"""Words of roles and suffixes: a part with one of them is not a separate name after a comma."""
LANGUAGES = {
    "afrikaans": "af", "arabic": "ar", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "croatian": "hr",
    "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et", "finnish": "fi", "french": "fr",
    "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
    "italian": "it", "japanese": "ja", "korean": "ko", "latvian": "lv", "lithuanian": "lt", "malay": "ms",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
    "serbian": "sr", "slovak": "sk", "slovenian": "sl", "spanish": "es", "swedish": "sv", "thai": "th",
    "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip
WRAPPERS = (
    "rendered",
    "$oid",
    "$date",
    "$numberLong",
    "$numberInt",
    "name",
    "main",
    "title",
    "value",
    "#text",
    "@id",
    "content",
    "text",
)
"""Keys of the value in an object that wraps it, as written by WordPress, MongoDB, NewsAPI and JSON-LD."""


def unwrapped(value: object) -> object:
    """Return the value in an object that wraps it, such as {"name": "The Courier"}, and any other value unchanged."""
    for _ in range(3):
        if isinstance(value, dict):
            key = next((key for key in WRAPPERS if value.get(key)), None)
            if key is None:
                return value
            value = value[key]
        else:
            return value
    return value


def is_empty(value: object) -> bool:
    """Return whether a field is empty: `None`, white space, or an empty list or object."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def line(value: object, max_characters: int = MAX_VALUE_CHARACTERS) -> str | None:
    """Return a string with its white space collapsed."""
    if not isinstance(value, str) or len(value) > max_characters:
        return None
    return " ".join(value.split()) if _is_text(value) else None


def title(value: object) -> str | None:
    """Return a title without markup, and with its character references resolved."""
    text = line(value)
    return text and (" ".join(html.unescape(TAG.sub(" ", text)).split()) or None)


def identifier(value: object) -> str | None:
    """Return an id; a whole number is converted to a string."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**MAX_ID_CHARACTERS else None
    return line(value, MAX_ID_CHARACTERS)


def url(value: object) -> str | None:
    """Return an absolute http or https URL."""
    text = line(value, MAX_URL_CHARACTERS)
    return text if text and " " not in text and text.lower().startswith(("http://", "https://")) else None


def publisher(value: object) -> str | None:
    """Return a publisher's name or domain; the URL of a page is neither."""
    text = line(value)
    return None if text is None or url(text) else text


def language(value: object) -> str | None:
    """Return the language tag of a tag or of a language's English name."""
    text = line(value)
    return (LANGUAGES.get(text.casefold()) or language_tag(text)) if text else None


def authors(value: object) -> tuple[str, ...] | None:
    """Return the names in a string or a list; URLs and mail addresses are no names."""
    values = value if isinstance(value, list) else [value]
    texts = [line(unwrapped(each)) for each in values]
    if not all(texts):
        return None
    names = [name for text in texts if text for name in _names(text, divided=not isinstance(value, list))]
    return tuple(dict.fromkeys(names)) or None


def day(value: object) -> date | None:
    """Return the date of a time, in its own time zone; a number is a Unix time in seconds or milliseconds."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"\s*(?:\d{10}|\d{13})\s*", value, re.ASCII):
        value = int(value)
    if isinstance(value, int | float):
        return _day_of_number(value)
    text = line(value, MAX_DATE_CHARACTERS)
    found = None if text is None else (_iso_day(text) or _mail_day(text) or parse_declared_date(text))
    return None if found == EPOCH else found


def _iso_day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _mail_day(text: str) -> date | None:
    if ":" not in text or not text[-1:].isalnum():
        return None
    try:
        return parsedate_to_datetime(text).date() if re.match(r"(?:\w{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s", text) else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _day_of_number(number: float) -> date | None:
    try:
        moment = datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.date() if FIRST_YEAR <= moment.year < LAST_YEAR else None


def _names(text: str, *, divided: bool) -> list[str]:
    """Return the names in a text: split at "and", at semicolons, and at commas if each part is a complete name."""
    unlabelled = BY.sub("", EMAIL.sub(" ", text), count=1) if BY.match(text) else EMAIL.sub(" ", text)
    parts = SEPARATOR.split(unlabelled) if divided else [unlabelled]
    names = [name for part in parts for name in (_divided_at_commas(part) if divided else [part])]
    return [
        cleaned
        for name in names
        if (cleaned := " ".join(name.split()).strip(" ,;|\"'")) and not url(cleaned.split()[0])
    ]


def _divided_at_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    return parts if all(map(_is_whole_name, parts)) else [text]


def _is_whole_name(part: str) -> bool:
    words = part.split()
    return (
        2 <= len(words) <= MAX_NAME_WORDS  # noqa: PLR2004 - a first name and a last name
        and words[0][0].isupper()
        and not any(char.isdigit() for char in part)
        and not NOT_NAMES & {word.casefold().strip(".") for word in words}
    )


def _is_text(value: str) -> bool:
    """Return whether a string has no lone surrogate."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
