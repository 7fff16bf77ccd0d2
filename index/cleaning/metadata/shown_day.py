"""The day of publication in the time zone of the page: the day that it shows next to its headline.

Many pages declare the time of publication in UTC. Compared with the day that the page shows, this is often the next day
in America and the previous day in Asia.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from wherefrom.index.cleaning.metadata.date_labels import names_other_date
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block
from wherefrom.index.cleaning.metadata.publication_date import find_publication_date, is_marked_as_change
from wherefrom.index.text.dates import find_dates

UNIVERSAL_TIME = re.compile(
    r"((?:19|20)\d\d-\d\d-\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d{1,9})?)? ?(?:Z|UTC|GMT|[+-]00:?00)$", re.IGNORECASE
)
CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d\d)(?::\d\d)?\s?(?:([ap])\.?m\b)?", re.IGNORECASE)
NOON = 12
MAX_BLOCKS_ABOVE = 8
MAX_CHARACTERS = 200
# The range of offsets of time zones from UTC, and their step.
WEST, EAST, STEP = timedelta(hours=-12), timedelta(hours=14), timedelta(minutes=15)


def find_shown_day(page: Page, declared: str, title_index: int | None) -> MetadataMatch | None:
    """Return the day that the page shows, if it differs from the declared UTC day but can be the same moment."""
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
    """Yield the days in a block with a time of day next to them that equal `universal` in some time zone."""
    text = page.blocks[index].text[:MAX_CHARACTERS]
    dates = list(find_dates(text))
    for number, found in enumerate(dates):
        before = text[dates[number - 1].end if number else 0 : found.start]
        after = text[found.end : dates[number + 1].start if number + 1 < len(dates) else len(text)]
        if names_other_date(before):
            continue
        clock = next(_clocks(after), None) or next(_clocks(before), None)
        match = find_in_block(page, index, text[found.start : found.end])
        if clock and _could_be(universal, found.day, clock) and not is_marked_as_change(page, match):
            yield found.day, match


def _clocks(text: str) -> Iterator[re.Match[str]]:
    """Yield the times of day in a text."""
    for clock in CLOCK.finditer(text):
        if int(clock[1]) < 2 * NOON and int(clock[2]) < 60:  # noqa: PLR2004 - minutes
            yield clock


def _could_be(universal: datetime, day: date, clock: re.Match[str] | None) -> bool:
    """Return whether the moment `universal` has this day, and this time of day if given, in some time zone."""
    midnight = datetime.fromisoformat(day.isoformat())
    if clock is None:
        return midnight - universal <= EAST and midnight + timedelta(days=1) - universal > WEST
    hour = int(clock[1])
    if clock[3]:
        hour = hour % NOON + (NOON if clock[3].lower() == "p" else 0)
    offset = midnight + timedelta(hours=hour, minutes=int(clock[2])) - universal
    return WEST <= offset <= EAST and offset % STEP == timedelta(0)
