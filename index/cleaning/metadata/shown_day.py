"""The day of publication in the time zone of the page: the day it shows beside its headline.

Many pages declare the moment of publication in universal time, which in America is often the day after the one that the
page shows to its readers, and in Asia the day before.
"""

import re
from datetime import date, datetime, timedelta

from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page
from wherefrom.index.cleaning.metadata.publication_date import find_publication_date

UNIVERSAL_TIME = re.compile(
    r"((?:19|20)\d\d-\d\d-\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d{1,9})?)? ?(?:Z|UTC|GMT|[+-]00:?00)$", re.IGNORECASE
)
CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d\d)(?::\d\d)?\s?(?:([ap])\.?m\b)?", re.IGNORECASE)
NOON = 12
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
    shown = find_publication_date(page, title_index)
    if shown is None or shown.day == universal.date():
        return None
    text = page.blocks[shown.match.block_index].text
    return shown.match if _could_be(universal, shown.day, text) else None


def _could_be(universal: datetime, day: date, text: str) -> bool:
    """Return whether some time zone has this day, and the time in the text if it has one, at a moment."""
    clocks = [clock for clock in CLOCK.finditer(text) if int(clock[1]) < 2 * NOON and int(clock[2]) < 60]  # noqa: PLR2004
    if len(clocks) > 1:
        return False
    midnight = datetime.fromisoformat(day.isoformat())
    if not clocks:
        first, last = midnight - universal, midnight + timedelta(days=1) - universal
        return first <= EAST and last > WEST
    hour = int(clocks[0][1])
    if clocks[0][3]:
        hour = hour % NOON + (NOON if clocks[0][3].lower() == "p" else 0)
    offset = midnight + timedelta(hours=hour, minutes=int(clocks[0][2])) - universal
    return WEST <= offset <= EAST and offset % STEP == timedelta(0)
