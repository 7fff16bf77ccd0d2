"""Validates metadata that a file declares; values that programs fill in automatically are rejected.

Invalid values are left out; nothing is guessed.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from wherefrom.index.sources.extractors.reading.text_builder import plain_line
from wherefrom.index.text.language_tags import language_tag

MAX_VALUE_CHARACTERS = 1_000
MAX_URL_CHARACTERS = 2_000
MAX_AUTHORS = 100
# Default titles of programs, and names of files.
NO_TITLE = re.compile(
    r"(?:untitled|unbenannt|sans titre|sin t[ií]tulo|sem t[ií]tulo|senza titolo|без названия|no title|title|titel)"
    r"(?: ?(?:document|dokument|documento))?[ \d]*"
    r"|(?:microsoft )?word(?:[- ]?(?:document|dokument|file))?[ \d]*|(?:new |neues )?(?:microsoft word )?"
    r"(?:document|dokument|doc|documento)[ \d]*|document title|normal(?:\.dotm?)?|(?:powerpoint|google docs).*|unknown"
    r"|(?:microsoft word - )?\S+\.(?:docx?|dotx?|docm|odt|rtf|txt|html?|pdf|epub|md|indd|pages|msg|wpd)",
    re.IGNORECASE,
)
PROGRAM_PREFIX = re.compile(r"microsoft word - ", re.IGNORECASE)
# Words in names that programs and installations fill in, which are not persons.
NO_PERSON = re.compile(
    r"\b(?:microsoft|office|word|windows|python|docx|libreoffice|openoffice|google|apache|poi|docx4j|aspose|pandoc"
    r"|calibre|adobe|acrobat|indesign|wordpress|user|users|benutzer|utilisateur|usuario|admin|administrator"
    r"|unknown|unbekannt|anonymous|author|autor|auteur|owner|default|guest|test|client|customer|computer|laptop|pc"
    r"|n/?a|none|null|hp|dell|lenovo|acer|asus|toshiba|un-named)\b",
    re.IGNORECASE,
)
NO_NAME_CHARACTERS = re.compile(r"[\d@\\/<>{}=_|]")
MIN_NAME_WORDS = 2
ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
COMPACT_DATE = re.compile(r"\d{8}")
DAY_OR_MONTH_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
WRITTEN_DATES = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b. %d, %Y")


def declared_title(value: str | None, *, by_program: bool = True) -> str | None:
    """Return a title with white space collapsed; `None` if there is none.

    With `by_program`, also return `None` for titles that a program may have filled in.
    """
    title = plain_line(value or "")
    if not title or len(title) > MAX_VALUE_CHARACTERS:
        return None
    if by_program:
        title = PROGRAM_PREFIX.sub("", title)
        if NO_TITLE.fullmatch(title):
            return None
    return title


def declared_authors(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the distinct names of authors in order, as written apart from white space."""
    names = (plain_line(value or "") for value in values)
    kept = [name for name in names if name and len(name) <= MAX_VALUE_CHARACTERS]
    return tuple(dict.fromkeys(kept))[:MAX_AUTHORS]


def user_names(value: str | None) -> Iterator[str]:
    """Yield the names of persons in a file's declared creators, which are separated by semicolons.

    Programs write the name of their user or their own there: "user", "python-docx" or a login are no authors.
    """
    for part in (value or "").split(";"):
        name = plain_line(part)
        is_name = len(name.split()) >= MIN_NAME_WORDS and name[:1].isalpha() and not name.islower()
        if is_name and not NO_PERSON.search(name) and not NO_NAME_CHARACTERS.search(name):
            yield name


def declared_language(value: str | None) -> str | None:
    """Return a language tag, or `None`."""
    return language_tag((value or "").strip())


def declared_url(value: str | None) -> str | None:
    """Return an http or https URL, or `None`."""
    url = (value or "").strip()
    is_url = url.lower().startswith(("http://", "https://")) and not re.search(r"\s", url)
    return url if is_url and len(url) <= MAX_URL_CHARACTERS else None


def declared_date(value: str | None) -> date | None:
    """Return the day of a date, or of a time in its own time zone; `None` if the day is ambiguous.

    The formats are ISO 8601, that of mails, and dates written in English; "03/04/2024" is ambiguous.
    """
    text = " ".join((value or "")[:MAX_VALUE_CHARACTERS].split())
    if not text or DAY_OR_MONTH_FIRST.match(text):
        return None
    if iso := ISO_DATE.match(text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if COMPACT_DATE.fullmatch(text):
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
    for form in WRITTEN_DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - the day as it is written
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
