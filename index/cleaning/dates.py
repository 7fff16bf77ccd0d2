"""Dates written in text, limited to those with a single reading.

"03/04/2016" may be in March or April, so it is not a date here. Weekday and time are ignored. Dates of other languages
than English are read by `languages.local_dates`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wherefrom.index.cleaning.languages.local_dates import find_local_dates, is_calendar_name
from wherefrom.index.cleaning.languages.phrases import is_date_word

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DATE = re.compile(
    r"(?<![\d/.-])(?:"
    r"(?P<y1>(?:19|20)\d\d)(?P<s1>[-/.])(?P<m1>\d\d?)(?P=s1)(?P<d1>\d\d?)(?=T\d|[^\d/-]|$)"
    r"|(?P<a>\d\d?)(?P<s2>[-/.])(?P<b>\d\d?)(?P=s2)(?P<y2>(?:19|20)\d\d)(?![\d/-])"
    # a month may directly follow a small letter, as flattened elements leave it: "Mara LindMarch 4"
    rf"|(?:\b|(?-i:(?<=[^\W\d_A-Z])(?=[A-Z]))){MONTH.format('n3')}\b\.?"
    r" (?P<d3>\d\d?)(?:st|nd|rd|th)?,? ?(?P<y3>(?:19|20)\d\d)\b"
    rf"|(?P<d4>\d\d?)(?:st|nd|rd|th)?(?: of)?[ -]{MONTH.format('n4')}\b\.?,?[ -](?P<y4>(?:19|20)\d\d)\b"
    r")",
    re.IGNORECASE,
)
DATE_WORDS = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|[ap]\.?m\.?|gmt|utc|[ecmp][sd]?t|ist|bst|cet|kst|jst|at|on|st|nd|rd|th|ago|hours?"
    r"|min(?:ute)?s?|days?|weeks?|months?|years?|read|posted|published|updated|last|first|modified|date|time|edited|created)\b|\d+|[^\w\s]",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(
    r"\d{1,2}:\d\d|\b(?:19|20)\d\d\b|\b\d+ (?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?) (?:ago|read)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\d{4}")
ISO_DAY = re.compile(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?=$|[T\s+Z])")
EPOCH = date(1970, 1, 1)  # the date of a page whose date was never set
MAX_TIMESTAMP_WORDS = 20
MAX_OTHER_WORDS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMatch:
    """A date and its position: `start` and `end` are offsets into the text that was searched."""

    day: date
    start: int
    end: int


def find_dates(text: str) -> Iterator[DateMatch]:
    """Yield the dates in `text`, in order, that have a single reading and exist in the calendar."""
    if not YEAR.search(text):
        return
    found = []
    for match in DATE.finditer(text):
        day = _single_reading(match.groupdict())
        if day is not None:
            found.append(DateMatch(day=day, start=match.start(), end=match.end()))
    english = [range(match.start, match.end) for match in found]
    for start, end, day in find_local_dates(text):
        if not any(start < each.stop and each.start < end for each in english):
            found.append(DateMatch(day=day, start=start, end=end))
    yield from sorted(found, key=lambda match: match.start)


def parse_declared_date(text: str) -> date | None:
    """Return the date that a declared value names, in its own time zone, or `None` unless it names exactly one."""
    iso = ISO_DAY.match(text)
    days = {match.day for match in find_dates(f"{iso[1]}-{iso[2]}-{iso[3]}" if iso else text)} - {EPOCH}
    return days.pop() if len(days) == 1 else None


def is_timestamp(text: str, words: int) -> bool:
    """Return whether a short block is a date or a time with at most one other word, such as a label or a zone."""
    if words > MAX_TIMESTAMP_WORDS or not (DATE_LIKE.search(text) or next(find_dates(text), None)):
        return False
    others = DATE_WORDS.sub(" ", text).split()
    if len(others) <= MAX_OTHER_WORDS:
        return True
    return sum(1 for word in others if not (is_date_word(word) or is_calendar_name(word))) <= MAX_OTHER_WORDS


def _single_reading(parts: dict[str, str | None]) -> date | None:
    if parts["y1"]:
        return _date(parts["y1"], parts["m1"], parts["d1"])
    if parts["y3"]:
        return _date(parts["y3"], _month(parts["n3"]), parts["d3"])
    if parts["y4"]:
        return _date(parts["y4"], _month(parts["n4"]), parts["d4"])
    readings = {_date(parts["y2"], parts["a"], parts["b"]), _date(parts["y2"], parts["b"], parts["a"])} - {None}
    return readings.pop() if len(readings) == 1 else None


def _month(name: str | None) -> str:
    return str(MONTHS.index((name or "")[:3].lower()) + 1)


def _date(year: str | None, month: str | None, day: str | None) -> date | None:
    try:
        return date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
