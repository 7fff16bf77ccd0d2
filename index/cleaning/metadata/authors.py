"""Who wrote a document: the people whom a byline above its body names.

A name is two to four words that begin with a capital, none of them a job or a desk. A byline that has anything
else before its first name gives none, because half a guess is worse than null.
"""

import re
from collections.abc import Iterator

from wherefrom.index.cleaning.boilerplate_phrases import NO_PERSON
from wherefrom.index.cleaning.metadata.page import Found, Page, found_in

BYLINE = re.compile(r"^(?:(?:written|posted|reported|story|text|words) )?by:? (?P<names>.{1,200})", re.IGNORECASE)
STOP = re.compile(
    r"\s?(?:[|•·\u2013\u2014/(@;:]| - |\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d"
    r"|\b(?:on|in|at|for|of|from|with|updated|posted|published)\b)",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"\s?(?:,|&|\band\b)\s?")
NAME = re.compile(r"[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){1,3}")
PARTICLES = frozenset(("al", "bin", "da", "de", "del", "der", "di", "dos", "du", "el", "la", "le", "van", "von", "y"))
MOST_ABOVE = 20
BYLINE_RULES = frozenset(("byline", "header", "stamp", "credit"))


def find_authors(page: Page, title_at: int | None) -> tuple[Found, ...]:
    """The authors in the byline's order; it stands below the title, where there is one, and above the body."""
    edge = -1 if title_at is None else title_at
    for at in sorted(page.before(MOST_ABOVE)):
        byline = BYLINE.match(page.blocks[at].text)
        if byline and at > edge and page.rules[at] in BYLINE_RULES:
            places = list(_names(byline["names"]))
            if places:
                edge = byline.start("names")
                return tuple(found_in(page, at, name, after=edge + place) for place, name in places)
    return ()


def _names(text: str) -> Iterator[tuple[int, str]]:
    """The names at the start of a list of names, each with its place."""
    stop = STOP.search(text)
    edge = stop.start() if stop else len(text)
    starts = [0, *(match.end() for match in SEPARATOR.finditer(text, 0, edge))]
    for start in starts:
        separator = SEPARATOR.search(text, start, edge)
        name = text[start : separator.start() if separator else edge]
        if not _is_name(name):
            return
        yield start, name


def _is_name(text: str) -> bool:
    if NO_PERSON.search(text) or not NAME.fullmatch(text):
        return False
    return all(word[0].isupper() or word.lower() in PARTICLES for word in text.split())
