"""What a page's markup says of the page: for each field the first declaration that can be used.

Every value comes with the kind of markup that says it and its place in the source. A publication date is one that is
declared as such; dates of changes, of comments or in the URL are not read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.boilerplate_phrases import NO_PERSON
from wherefrom.index.cleaning.dates import declared_day
from wherefrom.index.cleaning.metadata.json_ld import Said
from wherefrom.index.cleaning.metadata.markup_declarations import declarations, main_headings
from wherefrom.index.sources.html_tokenizer import Token

LIST_SEPARATOR = re.compile(r"\s*;\s*|\s*,\s*(?=[A-Z][\w.'’-]*\s[A-Z])|\s+and\s+(?=[A-Z])")  # noqa: RUF001
NOT_A_NAME = re.compile(r"https?:|[@/]|\d|^\W*$")
BYLINE_START = re.compile(r"^by\s+", re.IGNORECASE)
NO_TITLE = re.compile(r"https?:|@\S+$")
MOST_NAME_WORDS = 6
FEWEST_TITLE_WORDS = 3
LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The values of one field, and the kind of markup that declares them."""

    origin: str
    values: tuple[Said, ...]


def read_declared(text: str, markup: Sequence[Token]) -> Mapping[str, Declared]:
    """For each field the first declaration of it that can be used."""
    declared: dict[str, Declared] = {}
    for origin, name, values in declarations(text, markup):
        usable = () if name in declared else tuple({said.value: said for said in _usable(name, values)}.values())
        if usable:
            declared[name] = Declared(origin=origin, values=usable)
    return _refined(declared, main_headings(text, markup))


def _refined(declared: dict[str, Declared], headings: Sequence[Said]) -> Mapping[str, Declared]:
    """The declarations with a title without the site's name around it, and authors that are not the publisher."""
    title, publisher, authors = (declared.get(name) for name in ("title", "publisher", "authors"))
    for said in headings:
        if title and _is_framed(said.value, title.values[0].value):
            declared["title"] = Declared(origin="h1", values=(said,))
            break
    if publisher and authors:
        name = publisher.values[0].value.casefold()
        people = tuple(said for said in authors.values if said.value.casefold() not in name)
        del declared["authors"]
        if people:
            declared["authors"] = Declared(origin=authors.origin, values=people)
    return declared


def _is_framed(shown: str, title: str) -> bool:
    """Whether a title is what a heading shows with something before or after it."""
    longer = len(title) > len(shown) and len(shown.split()) >= FEWEST_TITLE_WORDS
    return longer and (title.startswith(shown) or title.endswith(shown))


def _usable(name: str, values: Iterable[Said]) -> Iterator[Said]:
    for said in values:
        if not said.value or len(said.value) > LONGEST:
            continue
        if name == "authors":
            yield from _persons(said)
        elif name == "url":
            if said.value.lower().startswith(("http://", "https://")) and " " not in said.value:
                yield said
        elif name == "published":
            if declared_day(said.value):
                yield said
        elif not NO_TITLE.match(said.value):
            yield said


def _persons(said: Said) -> Iterator[Said]:
    for name in LIST_SEPARATOR.split(BYLINE_START.sub("", said.value)):
        person = not NOT_A_NAME.search(name) and not NO_PERSON.search(name)
        if name and person and len(name.split()) <= MOST_NAME_WORDS:
            yield Said(value=name, span=said.span)
