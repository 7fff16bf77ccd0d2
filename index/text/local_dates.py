"""Dates with the month names or the word order of languages other than English, limited to those with a single reading.

The name of the month decides, not the language of the text: "4 de mayo de 2016", "4. Mai 2016", "2016. május 4.",
"2016年5月4日", "4 พฤษภาคม 2559" (the Buddhist year, 543 ahead). A name of different months in two languages, such as
"listopad" in Croatian and Polish, gives no date. Only the Gregorian and the Buddhist calendar are supported.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from wherefrom.index.text.calendar_names import calendar_names, fold

# A name has at least two characters and no digit; "أيار/مايو" names one month twice.
NAME = r"[^\s\d,\u060c;:()]{2,24}"
YEAR = r"(?P<{0}>\d{{4}})(?!\d)"
LOCAL_DATE = re.compile(
    r"(?<![\d/.-])(?:"
    r"(?P<y1>\d{4})\s?[年년]\s?(?P<m1>\d\d?)\s?[月월]\s?(?P<d1>\d\d?)\s?[日일号號]"
    rf"|(?P<d2>\d\d?)\s(?:tháng|thg)\s(?P<m2>\d\d?),?\s(?:năm\s)?{YEAR.format('y2')}"
    rf"|(?P<d3>\d\d?)(?:\.|er|re|[ºª°]|-?[\u0435\u044f]|-\u0433\u043e)?\s?(?:\s(?:de|di|ng|of|ta['\u2019]?)\s|\sd['\u2019]|\s)(?P<n3>{NAME})[,\u060c]?"
    rf"\s(?:(?:de|del|di|del año|พ\.ศ\.|ค\.ศ\.)\s?)?{YEAR.format('y3')}"
    rf"|(?P<n4>{NAME})\s(?P<d4>\d\d?)(?:\.|,)?\s(?:de\s)?{YEAR.format('y4')}"
    rf"|{YEAR.format('y5')}(?:\.?\sgada|\sm\.|\.|,)?\s(?:(?P<d5>\d\d?)\.\s(?P<n5>{NAME})|(?P<n6>{NAME})\s(?P<d6>\d\d?)(?!\d))"
    r")"
)
YEARS = range(1900, 2100)
BUDDHIST_ERA = 543
THAI = range(0x0E00, 0x0E80)
HEBREW_IN = "\u05d1"
ALTERNATIVES = re.compile(r"[/|]")


def find_local_dates(text: str) -> Iterator[tuple[int, int, date]]:
    """Yield (start, end, day) for the dates in `text` that exist in the calendar, in order."""
    start = 0
    while match := LOCAL_DATE.search(text, start):
        day = _day(match.groupdict())
        if day is None:
            start = match.start() + 1
            continue
        yield match.start(), match.end(), day
        start = match.end()


def month_of(name: str) -> int | None:
    """Return the only month that a name means in all languages; `None` if there is none or more than one."""
    readings = [_readings(part) for part in ALTERNATIVES.split(name) if part]
    common = frozenset.intersection(*readings) if readings else frozenset()
    return next(iter(common)) if len(common) == 1 else None


def is_month_name(word: str) -> bool:
    """Return whether a word is the name of a month in any of the languages."""
    return bool(_readings(word))


def is_calendar_name(word: str) -> bool:
    """Return whether a word is the name of a month or of a weekday in any of the languages."""
    names = calendar_names()
    return fold(word) in names.weekdays or bool(_readings(word))


def _readings(name: str) -> frozenset[int]:
    months = calendar_names().months
    folded = fold(name)
    found = months.get(folded)
    if found is None and folded.startswith(HEBREW_IN):
        found = months.get(folded.removeprefix(HEBREW_IN))
    return found or frozenset()


def _day(parts: Mapping[str, str | None]) -> date | None:
    name = parts["n3"] or parts["n4"] or parts["n5"] or parts["n6"]
    year = int(next(filter(None, (parts[key] for key in ("y1", "y2", "y3", "y4", "y5")))))
    day = int(next(filter(None, (parts[key] for key in ("d1", "d2", "d3", "d4", "d5", "d6")))))
    month = month_of(name) if name else int(parts["m1"] or parts["m2"] or 0)
    if name and year not in YEARS and ord(name[0]) in THAI:
        year -= BUDDHIST_ERA
    if month is None or year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
