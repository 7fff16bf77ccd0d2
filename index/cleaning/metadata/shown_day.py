"""The day of publication in the time zone of the page: the day it shows beside its headline.

Many pages declare the moment of publication in universal time, which in America is often the day after the one that the
page shows to its readers, and in Asia the day before.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from wherefrom.index.cleaning.metadata.date_labels import names_other_date
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block
from wherefrom.index.cleaning.metadata.publication_date import find_publication_date
from wherefrom.index.text.dates import find_dates

UNIVERSAL_TIME = re.compile(
    r"((?:19|20)\d\d-\d\d-\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d{1,9})?)? ?(?:Z|UTC|GMT|[+-]00:?00)$", re.IGNORECASE
)
CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d\d)(?::\d\d)?\s?(?:([ap])\.?m\b)?", re.IGNORECASE)
NOON = 12
MAX_BLOCKS_ABOVE = 8
MAX_CHARACTERS = 200
# Offsets of time zones from universal time, in steps of a quarter of an hour.
WEST, EAST, STEP = timedelta(hours=-12), timedelta(hours=14), timedelta(minutes=15)


def find_shown_day(page: Page, declared: str, title_index: int | None) -> MetadataMatch | None:
    """Return where the page shows another day than it declares in universal time, if both can be the same moment."""
    moment = UNIVERSAL_TIME.match(declared.strip())
    if moment is None:
        return None
    try:
        universal = datetime.fromisoformat(f"{moment[1]}T{moment[2]}:{moment[3]}")
    except ValueError:
        return None
    first = page.first_body if title_index is None else min(title_index + 1, page.first_body)
    for index in (*range(first, page.first_body), *page.blocks_above(MAX_BLOCKS_ABOVE)):
        for day, match in _days_with_clock(page, index, universal):
            return None if day == universal.date() else match
    shown = find_publication_date(page, title_index)
    if shown is None or shown.day == universal.date() or not _could_be(universal, shown.day, None):
        return None
    text = page.blocks[shown.match.block_index].text
    return None if next(_clocks(text), None) else shown.match


def _days_with_clock(page: Page, index: int, universal: datetime) -> Iterator[tuple[date, MetadataMatch]]:
    """Yield the days in a block that have a time of day beside them which is the moment in some time zone."""
    text = page.blocks[index].text[:MAX_CHARACTERS]
    dates = list(find_dates(text))
    for number, found in enumerate(dates):
        before = text[dates[number - 1].end if number else 0 : found.start]
        after = text[found.end : dates[number + 1].start if number + 1 < len(dates) else len(text)]
        if names_other_date(before):
            continue
        clock = next(_clocks(after), None) or next(_clocks(before), None)
        if clock and _could_be(universal, found.day, clock):
            yield found.day, find_in_block(page, index, text[found.start : found.end])


def _clocks(text: str) -> Iterator[re.Match[str]]:
    """Yield the times of day in a text."""
    for clock in CLOCK.finditer(text):
        if int(clock[1]) < 2 * NOON and int(clock[2]) < 60:  # noqa: PLR2004 - minutes
            yield clock


def _could_be(universal: datetime, day: date, clock: re.Match[str] | None) -> bool:
    """Return whether some time zone has this day, and this time of day if there is one, at a moment."""
    midnight = datetime.fromisoformat(day.isoformat())
    if clock is None:
        return midnight - universal <= EAST and midnight + timedelta(days=1) - universal > WEST
    hour = int(clock[1])
    if clock[3]:
        hour = hour % NOON + (NOON if clock[3].lower() == "p" else 0)
    offset = midnight + timedelta(hours=hour, minutes=int(clock[2])) - universal
    return WEST <= offset <= EAST and offset % STEP == timedelta(0)
