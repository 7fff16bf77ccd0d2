"""Dates written in text, limited to those with a single reading.

"03/04/2016" may be in March or April, so it is not a date here. Weekday and time are ignored. `local_dates` parses
dates in languages other than English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wherefrom.index.text.local_dates import find_local_dates

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
YEAR = re.compile(r"\d{4}")
ISO_DAY = re.compile(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?=$|[T\s+Z])")
EPOCH = date(1970, 1, 1)  # the date of pages without a date


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMatch:
    """A date and its position: `start` and `end` are offsets into the searched text."""

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
    """Return the only date in a declared value, in its own time zone; `None` if it has none or several."""
    iso = ISO_DAY.match(text)
    days = {match.day for match in find_dates(f"{iso[1]}-{iso[2]}-{iso[3]}" if iso else text)} - {EPOCH}
    return days.pop() if len(days) == 1 else None


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
