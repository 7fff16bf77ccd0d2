"""The news agency that a story is credited to: at its end, in its dateline, in its byline, or as its source.

Captions are ignored, since the agency of a photograph is not that of the story. An agency is found only if it is in
`agency_names`; the value has the spelling of the source.
"""

import re

from wherefrom.index.cleaning.metadata.agency_names import AGENCIES
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block, find_last_in_block

NAME = f"(?P<agency>{'|'.join(map(re.escape, AGENCIES))})"
CLOSING = re.compile(rf"\({NAME}\)\W*$")
DATELINE = re.compile(rf"^(?=[A-Z][A-Z]|\()(?:[^()]{{0,80}}\s)?\({NAME}\)\s?[-\u2013\u2014:]")
SOURCE = re.compile(rf"^(?:source|agency|agencies|via|courtesy)\s?:\s?{NAME}\W*$", re.IGNORECASE)
STAMPED = re.compile(
    rf"^{NAME}\s?[|,•·-]?\s?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\d|[A-Z][a-z]{{2,8}}\.? \d)"
)
BYLINE = re.compile(rf"^(?:By|BY)\b[^()]{{0,80}}?[,|/ ]\s?{NAME}\W*$")
CLOSING_CHARACTERS = 60
MAX_BLOCKS_ABOVE, MAX_BLOCKS_BELOW = 20, 4
IGNORED_RULES = frozenset(("caption", "copyright", "menu", "teaser"))


def find_agency(page: Page) -> MetadataMatch | None:
    """Return the news agency that the story is credited to, or `None`."""
    closing = CLOSING.search(page.blocks[page.last_body].text[-CLOSING_CHARACTERS:])
    if closing:
        return find_last_in_block(page, page.last_body, closing["agency"])
    dateline = DATELINE.match(page.blocks[page.first_body].text)
    if dateline:
        return find_in_block(page, page.first_body, dateline["agency"])
    for index in (*page.blocks_below(MAX_BLOCKS_BELOW), *page.blocks_above(MAX_BLOCKS_ABOVE)):
        credit = _credit(page, index)
        if credit:
            return find_in_block(page, index, credit["agency"])
    return None


def _credit(page: Page, index: int) -> re.Match[str] | None:
    if page.rules[index] in IGNORED_RULES:
        return None
    text = page.blocks[index].text
    return SOURCE.match(text) or STAMPED.match(text) or BYLINE.match(text)
