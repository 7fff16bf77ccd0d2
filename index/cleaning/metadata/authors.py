"""The authors of a document: the people named in a byline above its body.

A name is two to four words that begin with a capital, none of them a job or a desk. A byline with anything else before
its first name gives no authors, because no value is better than a wrong one.
"""

import re
from collections.abc import Iterator

from wherefrom.index.cleaning.boilerplate_phrases import NOT_A_PERSON
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block

BYLINE = re.compile(r"^(?:(?:written|posted|reported|story|text|words) )?by:? (?P<names>.{1,200})", re.IGNORECASE)
STOP = re.compile(
    r"\s?(?:[|•·\u2013\u2014/(@;:]| - |\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d"
    r"|\b(?:on|in|at|for|of|from|with|updated|posted|published)\b"
    # a date without a space before it, as flattened elements leave it: "Mara LindMarch 4"
    r"|(?-i:(?<=[^\W\d_A-Z])(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d))",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"\s?(?:,|&|\band\b)\s?")
NAME = re.compile(r"[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){1,3}")
PARTICLES = frozenset(("al", "bin", "da", "de", "del", "der", "di", "dos", "du", "el", "la", "le", "van", "von", "y"))
MAX_BLOCKS_ABOVE = 20
BYLINE_RULES = frozenset(("byline", "header", "stamp", "credit"))


def find_authors(page: Page, title_index: int | None) -> tuple[MetadataMatch, ...]:
    """Return the authors in the order of the first byline below the title, if there is a title, and above the body."""
    first = 0 if title_index is None else title_index + 1
    for index in sorted(page.blocks_above(MAX_BLOCKS_ABOVE)):
        byline = BYLINE.match(page.blocks[index].text)
        if byline and index >= first and page.rules[index] in BYLINE_RULES:
            names = list(_names(byline["names"]))
            if names:
                start = byline.start("names")
                return tuple(find_in_block(page, index, name, after=start + offset) for offset, name in names)
    return ()


def _names(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, name) for the names at the start of a list of names."""
    stop = STOP.search(text)
    end = stop.start() if stop else len(text)
    starts = [0, *(match.end() for match in SEPARATOR.finditer(text, 0, end))]
    for start in starts:
        separator = SEPARATOR.search(text, start, end)
        name = text[start : separator.start() if separator else end]
        if not _is_name(name):
            return
        yield start, name


def _is_name(text: str) -> bool:
    if NOT_A_PERSON.search(text) or not NAME.fullmatch(text):
        return False
    return all(word[0].isupper() or word.lower() in PARTICLES for word in text.split())
