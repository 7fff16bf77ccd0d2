"""The publication dates that pages state in their markup, beside those that were read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# A publication date as a page's source spells it in JSON-LD or OpenGraph, found without any of the index's code.
STATED = re.compile(
    r'"datePublished"\s*:\s*"([^"]+)"'
    r"|<meta[^>]{0,200}article:published_time[^>]{0,200}?content=[\"']([^\"']+)"
    r"|<meta[^>]{0,200}?content=[\"']([^\"']+)[\"'][^>]{0,200}?article:published_time"
    r"|itemprop=[\"']datePublished[\"'][^>]{0,100}?(?:content|datetime)=[\"']([^\"']+)",
    re.IGNORECASE,
)
FIRST_YEAR = 1971  # what lies before stands for a date that was never set
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Of the pages that state a publication date in markup: how many dates were right, wrong, or not given."""

    stating: int
    right: int
    wrong: int
    null: int


def stated_days(raw: bytes) -> set[date]:
    """The days that a page's source states as its publication, in the zones that it states them in."""
    text = raw.decode("utf-8", "replace")
    values = ("".join(filter(None, match.groups())) for match in STATED.finditer(text))
    days = {date(*map(int, day.groups())) for value in values if (day := DAY.match(value.strip()))}
    return {day for day in days if day.year >= FIRST_YEAR}


def judge_dates(pages: Sequence[tuple[set[date], date | None]]) -> Dates:
    """Compare the date of each page with those that it states."""
    stating = [(days, said) for days, said in pages if days]
    right = sum(said in days for days, said in stating)
    null = sum(said is None for _, said in stating)
    return Dates(stating=len(stating), right=right, wrong=len(stating) - right - null, null=null)
