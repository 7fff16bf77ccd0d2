"""The values that the markup of a page declares: for each field the first usable declaration.

Every value has its span in the source and the kind of markup that declares it. Only a date that is declared as the
publication date is used; dates of changes or comments, and dates in the URL, are ignored.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.metadata.markup.declarations import find_declarations
from wherefrom.index.cleaning.metadata.markup.headline_markup import page_headings
from wherefrom.index.cleaning.metadata.markup.json_ld import DeclaredValue
from wherefrom.index.cleaning.metadata.person_names import person_names
from wherefrom.index.cleaning.metadata.site_names import names_of_host, without_site_name
from wherefrom.index.sources.character_references import resolve_all_references
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.text.dates import parse_declared_date
from wherefrom.index.text.language_tags import language_tag

INLINE_TAG = re.compile(r"</?(?:em|i|b|strong|span|br|sup|sub|mark|wbr)\b[^<>]{0,80}>", re.IGNORECASE)
NOT_A_TITLE = re.compile(r"https?:|@\S+$")
MIN_HEADING_WORDS = 3
MAX_VALUE_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredField:
    """The values of one field, and the kind of markup that declares them."""

    origin: str
    values: tuple[DeclaredValue, ...]


def read_declared_fields(text: str, markup: Sequence[Token]) -> Mapping[str, DeclaredField]:
    """Return the first usable declaration of each field, by name."""
    fields: dict[str, DeclaredField] = {}
    for origin, name, values in find_declarations(text, markup):
        usable = {} if name in fields else {declared.value: declared for declared in _usable(name, values)}
        if usable:
            fields[name] = DeclaredField(origin=origin, values=tuple(usable.values()))
    headings = [heading.declared for heading in page_headings(text, markup) if heading.element == "h1"]
    return _refined(fields, headings)


def _refined(fields: dict[str, DeclaredField], headings: Sequence[DeclaredValue]) -> Mapping[str, DeclaredField]:
    """Remove the name of the site from the title, and the publisher from the authors."""
    title, publisher, authors, url = (fields.get(name) for name in ("title", "publisher", "authors", "url"))
    publisher_name = publisher.values[0].value if publisher else ""
    heading = next(
        (each for each in headings if title and _is_title_with_affix(title.values[0].value, each.value)), None
    )
    if heading is not None:
        fields["title"] = DeclaredField(origin="h1", values=(heading,))
    elif title:
        declared = title.values[0]
        names = [publisher_name, *names_of_host(url.values[0].value if url else None)]
        shown = DeclaredValue(value=without_site_name(declared.value, names), span=declared.span)
        fields["title"] = DeclaredField(origin=title.origin, values=(shown,))
    if publisher_name and authors:
        people = tuple(author for author in authors.values if not _is_part_of_name(author.value, publisher_name))
        del fields["authors"]
        if people:
            fields["authors"] = DeclaredField(origin=authors.origin, values=people)
    return fields


def _is_part_of_name(author: str, publisher: str) -> bool:
    """Return whether an author is the publisher, part of its name, or one of its desks."""
    bare = publisher.casefold().removeprefix("the ")
    return author.casefold() in publisher.casefold() or bare in author.casefold()


def _is_title_with_affix(title: str, heading: str) -> bool:
    """Return whether a title is the heading with something before or after it."""
    longer = len(title) > len(heading) and len(heading.split()) >= MIN_HEADING_WORDS
    return longer and (title.startswith(heading) or title.endswith(heading))


def _usable(name: str, values: Iterable[DeclaredValue]) -> Iterator[DeclaredValue]:
    """Yield the values that are valid for the field with this name."""
    for declared in values:
        if not declared.value or len(declared.value) > MAX_VALUE_CHARACTERS:
            continue
        if name == "authors":
            yield from _persons(declared)
        elif name == "language":
            if tag := language_tag(declared.value):
                yield DeclaredValue(value=tag, span=declared.span)
        elif name in ("url", "published"):
            if _is_usable(name, declared.value):
                yield declared
        elif (value := _unescaped(declared.value)) and not NOT_A_TITLE.match(value):
            yield DeclaredValue(value=value, span=declared.span)


def _is_usable(name: str, value: str) -> bool:
    if name == "url":
        return value.lower().startswith(("http://", "https://")) and " " not in value
    return parse_declared_date(value) is not None


def _persons(declared: DeclaredValue) -> Iterator[DeclaredValue]:
    """Yield the persons in a list of authors."""
    for name in person_names(_unescaped(declared.value)):
        yield DeclaredValue(value=name, span=declared.span)


def _unescaped(value: str) -> str:
    """Return a value without inline tags, with character references resolved, even if escaped more than once."""
    return " ".join(INLINE_TAG.sub("", resolve_all_references(value)).split())
