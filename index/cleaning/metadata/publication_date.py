"""When a document says that it was published: a date between its headline and its body, or one with a label.

It does not take a page header's clock, a photograph's date, a date in the body, or the date of an update; where
two dates without a label disagree it takes neither.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wherefrom.index.cleaning.dates import find_dates
from wherefrom.index.cleaning.metadata.page import Found, Page, found_in

LABEL = re.compile(r"\b(?:published|posted|publication date|released|pubdate|date published)\b", re.IGNORECASE)
NOT_PUBLISHED = re.compile(
    r"\b(?:updat\w*|modif\w*|edit(?:ed|ion)|revis\w*|access\w*|expir\w*|retriev\w*|photo|image|picture|taken|file|until|since|from|event|born|copyright)\b"
    r"|©|\(c\)",
    re.IGNORECASE,
)
STAMP_MOST_WORDS = 20
BARE_MOST_WORDS = 14
MOST_ABOVE_WITHOUT_TITLE = 5
MOST_BELOW = 3
NEIGHBOURHOOD = 8
HEAD = 200
IGNORED_RULES = frozenset(("caption", "copyright", "teaser", "menu", "notice", "debris", "repeat"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication date and where it is written."""

    day: date
    found: Found


def publication_date(page: Page, title_at: int | None) -> Published | None:
    """The one date that the page gives as its publication, or None."""
    between = range(title_at + 1, page.first) if title_at is not None else range(0)
    for at in (*between, *page.before(MOST_ABOVE_WITHOUT_TITLE), *page.after(MOST_BELOW)):
        for published, labelled in _dates(page, at):
            if labelled:
                return published
    bare = [published for at in between for published, labelled in _dates(page, at) if not labelled]
    if len({published.day for published in bare}) != 1:
        return None
    return None if _other_days_above(page, between.start, bare[0].day) else bare[0]


def _other_days_above(page: Page, edge: int, day: date) -> bool:
    """Whether stamps of other days stand just above: then the page is a list, and the day may be a neighbour's."""
    above = range(max(edge - 1 - NEIGHBOURHOOD, 0), max(edge - 1, 0))
    return any(found.day != day for at in above for found in find_dates(page.blocks[at].text[:HEAD]))


def _dates(page: Page, at: int) -> Iterator[tuple[Published, bool]]:
    """The dates of one block that are not another kind's, and whether a label says what they are."""
    block = page.blocks[at]
    if page.rules[at] in IGNORED_RULES or block.shape.words > STAMP_MOST_WORDS:
        return
    before = 0
    for found in find_dates(block.text):
        label = block.text[before : found.start]
        before = found.end
        if not NOT_PUBLISHED.search(label):
            written = found_in(page, at, block.text[found.start : found.end])
            labelled = LABEL.search(label) is not None
            if labelled or block.shape.words <= BARE_MOST_WORDS:
                yield Published(day=found.day, found=written), labelled
