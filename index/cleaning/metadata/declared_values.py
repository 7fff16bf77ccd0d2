"""The values that a page's markup declares: for each field the first usable declaration.

Every value comes with the kind of markup that declares it and its span in the source. A publication date is used only
if it is declared as one; dates of changes or comments, and dates in the URL, are ignored.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.boilerplate_phrases import NOT_A_PERSON
from wherefrom.index.cleaning.dates import parse_declared_date
from wherefrom.index.cleaning.metadata.json_ld import DeclaredValue
from wherefrom.index.cleaning.metadata.markup_declarations import find_declarations, main_headings
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.text.language_tags import language_tag

LIST_SEPARATOR = re.compile(r"\s*;\s*|\s*,\s*(?=[A-Z][\w.'’-]*\s[A-Z])|\s+and\s+(?=[A-Z])")  # noqa: RUF001
NOT_A_NAME = re.compile(r"https?:|[@/]|\d|^\W*$")
BYLINE_START = re.compile(r"^by\s+", re.IGNORECASE)
NOT_A_TITLE = re.compile(r"https?:|@\S+$")
MAX_NAME_WORDS = 6
MIN_HEADING_WORDS = 3
MAX_VALUE_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredField:
    """The values of one field, and the kind of markup that declares them."""

    origin: str
    values: tuple[DeclaredValue, ...]


def read_declared_fields(text: str, markup: Sequence[Token]) -> Mapping[str, DeclaredField]:
    """Return for each field its first usable declaration."""
    fields: dict[str, DeclaredField] = {}
    for origin, name, values in find_declarations(text, markup):
        usable = {} if name in fields else {declared.value: declared for declared in _usable(name, values)}
        if usable:
            fields[name] = DeclaredField(origin=origin, values=tuple(usable.values()))
    return _refined(fields, main_headings(text, markup))


def _refined(fields: dict[str, DeclaredField], headings: Sequence[DeclaredValue]) -> Mapping[str, DeclaredField]:
    """Remove the site's name from the title if a heading shows it without, and the publisher from the authors."""
    title, publisher, authors = (fields.get(name) for name in ("title", "publisher", "authors"))
    for heading in headings:
        if title and _is_title_with_affix(title.values[0].value, heading.value):
            fields["title"] = DeclaredField(origin="h1", values=(heading,))
            break
    if publisher and authors:
        publisher_name = publisher.values[0].value.casefold()
        people = tuple(author for author in authors.values if author.value.casefold() not in publisher_name)
        del fields["authors"]
        if people:
            fields["authors"] = DeclaredField(origin=authors.origin, values=people)
    return fields


def _is_title_with_affix(title: str, heading: str) -> bool:
    """Return whether a title is the heading with something before or after it."""
    longer = len(title) > len(heading) and len(heading.split()) >= MIN_HEADING_WORDS
    return longer and (title.startswith(heading) or title.endswith(heading))


def _usable(name: str, values: Iterable[DeclaredValue]) -> Iterator[DeclaredValue]:
    """Yield the values that the field with this name can have."""
    for declared in values:
        if not declared.value or len(declared.value) > MAX_VALUE_CHARACTERS:
            continue
        if name == "authors":
            yield from _persons(declared)
        elif name == "language":
            if tag := language_tag(declared.value):
                yield DeclaredValue(value=tag, span=declared.span)
        elif _is_usable(name, declared.value):
            yield declared


def _is_usable(name: str, value: str) -> bool:
    if name == "url":
        return value.lower().startswith(("http://", "https://")) and " " not in value
    if name == "published":
        return parse_declared_date(value) is not None
    return not NOT_A_TITLE.match(value)


def _persons(declared: DeclaredValue) -> Iterator[DeclaredValue]:
    """Split a list of authors and yield those that are persons."""
    for name in LIST_SEPARATOR.split(BYLINE_START.sub("", declared.value)):
        is_person = not NOT_A_NAME.search(name) and not NOT_A_PERSON.search(name)
        if name and is_person and len(name.split()) <= MAX_NAME_WORDS:
            yield DeclaredValue(value=name, span=declared.span)
