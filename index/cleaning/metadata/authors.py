"""The authors of a document: the people named in a byline above its body.

A name has two to four words that begin with a capital, none of them a job or a desk. A byline with anything else before
its first name gives no authors, because no value is better than a wrong one. A byline in a language other than English
("Von", "Текст:") must consist of names only.
"""

import re
from collections.abc import Iterator

from wherefrom.index.cleaning.boilerplate_phrases import NOT_A_PERSON
from wherefrom.index.cleaning.languages.phrases import byline_size
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block
from wherefrom.index.cleaning.metadata.person_names import person_names

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
MAX_OTHER_BYLINE_WORDS = 14
BYLINE_RULES = frozenset(("byline", "header", "stamp", "credit"))


def find_authors(page: Page, title_index: int | None) -> tuple[MetadataMatch, ...]:
    """Return the authors in the first byline above the body that names any, below the title if there is one."""
    first = 0 if title_index is None else title_index + 1
    for index in sorted(page.blocks_above(MAX_BLOCKS_ABOVE)):
        authors = authors_in_block(page, index) if index >= first else ()
        if authors:
            return authors
    return ()


def authors_in_block(page: Page, index: int) -> tuple[MetadataMatch, ...]:
    """Return the authors in a block that is a byline, empty for another block."""
    if page.rules[index] not in BYLINE_RULES:
        return ()
    text = page.blocks[index].text
    byline = BYLINE.match(text)
    start = byline.start("names") if byline else byline_size(text)
    names = list(_names(byline["names"]) if byline else _names_only(text[start:], page, index) if start else ())
    return tuple(find_in_block(page, index, name, after=start + offset) for offset, name in names)


def _names_only(text: str, page: Page, index: int) -> Iterator[tuple[int, str]]:
    """Yield (offset, name) for the names in a short text that consists of names up to a date or a mark."""
    stop = STOP.search(text)
    listed = text[: stop.start() if stop else len(text)].strip(" ,.")
    names = [name for name in person_names(listed) if len(name.split()) > 1]
    words = sum(len(name.split()) for name in names) + len(names) - 1
    if not names or page.blocks[index].features.words > MAX_OTHER_BYLINE_WORDS or len(listed.split()) > words:
        return
    offset = 0
    for name in names:
        offset = text.index(name, offset)
        yield offset, name


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
