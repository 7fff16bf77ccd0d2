"""The publication date of a text: a labelled date near the body, or a date between the headline and the body.

The clock in the header of a page, the date of a photo or an update, and dates in the body are ignored. If dates without
a label differ, none is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wherefrom.index.cleaning.metadata.date_labels import is_publication_label, names_other_date
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block
from wherefrom.index.text.dates import find_dates

MAX_WORDS = 20
MAX_UNLABELLED_WORDS = 14
MAX_BLOCKS_ABOVE = 5
MAX_BLOCKS_BELOW = 3
NEIGHBOUR_BLOCKS = 8
HEAD_CHARACTERS = 200
IGNORED_RULES = frozenset(("caption", "copyright", "teaser", "menu", "notice", "debris", "repeat"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationDate:
    """A publication date, its place in the text, and whether a label marks it as the publication date."""

    day: date
    match: MetadataMatch
    labelled: bool


def find_publication_date(page: Page, title_index: int | None) -> PublicationDate | None:
    """Return the publication date in the text of a page, or `None`."""
    between = range(title_index + 1, page.first_body) if title_index is not None else range(0)
    for index in (*between, *page.blocks_above(MAX_BLOCKS_ABOVE), *page.blocks_below(MAX_BLOCKS_BELOW)):
        for candidate in dates_in_block(page, index):
            if candidate.labelled:
                return candidate
    if title_index is None:
        return None
    unlabelled = [candidate for index in between for candidate in dates_in_block(page, index) if not candidate.labelled]
    if len({candidate.day for candidate in unlabelled}) != 1:
        return None
    return None if _has_other_dates_above(page, title_index, unlabelled[0].day) else unlabelled[0]


def _has_other_dates_above(page: Page, title_index: int, day: date) -> bool:
    """Return whether other dates are just above the title, as in a list, where the day may belong to a neighbour."""
    above = range(max(title_index - NEIGHBOUR_BLOCKS, 0), title_index)
    return any(match.day != day for index in above for match in find_dates(page.blocks[index].text[:HEAD_CHARACTERS]))


def dates_in_block(page: Page, index: int) -> Iterator[PublicationDate]:
    """Yield the dates of one block that no label marks as another kind of date."""
    block = page.blocks[index]
    if page.rules[index] in IGNORED_RULES or block.features.words > MAX_WORDS:
        return
    label_start = 0
    for match in find_dates(block.text):
        label = block.text[label_start : match.start]
        label_start = match.end
        if not names_other_date(label):
            written = find_in_block(page, index, block.text[match.start : match.end])
            labelled = is_publication_label(label)
            if labelled or (block.features.words <= MAX_UNLABELLED_WORDS and not is_marked_as_change(page, written)):
                yield PublicationDate(day=match.day, match=written, labelled=labelled)


def is_marked_as_change(page: Page, match: MetadataMatch) -> bool:
    """Return whether the markup marks a date as that of a change."""
    return any(change.start <= span.start < change.end for change in page.changes for span in match.spans)
