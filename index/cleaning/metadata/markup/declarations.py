"""The declarations of metadata in the markup of a page, in the order of trust in the kinds of markup.

The order is: the canonical link, JSON-LD, OpenGraph, `meta`, `time` and other elements marked as a publication date,
the headline with the date and byline near it, the title of the page, the language of the `html` element.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from wherefrom.index.cleaning.metadata.markup.headline_markup import (
    find_headline,
    headline_bylines,
    headline_range,
    headline_times,
    page_headings,
    text_value,
)
from wherefrom.index.cleaning.metadata.markup.json_ld import DeclaredValue, read_json_ld
from wherefrom.index.cleaning.metadata.markup.meta_names import META, OPENGRAPH
from wherefrom.index.sources.html_text_runs import trim_spans
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.text.dates import parse_declared_date
from wherefrom.index.types import Span

Declaration = tuple[str, str, Sequence[DeclaredValue]]
"""The kind of markup, the name of the field, and its values."""


def find_declarations(text: str, markup: Sequence[Token]) -> Iterator[Declaration]:
    """Yield every declaration, the most trusted kind of markup first."""
    yield from _canonical_links(text, markup)
    for name, values in read_json_ld(text, _json_ld_scripts(text, markup)).items():
        yield "json-ld", name, values
    metas = list(_metas(text, markup))
    for origin, names in (("opengraph", OPENGRAPH), ("meta", META)):
        by_key: defaultdict[str, list[DeclaredValue]] = defaultdict(list)
        for key, declared in metas:
            if key in names:
                by_key[key].append(declared)
        for key in names:  # in the order of the table; a field with one value takes the first of a key
            if by_key[key]:
                yield origin, names[key], by_key[key] if names[key] == "authors" else by_key[key][:1]
    yield from _publication_times(text, markup)
    yield from _near_headline(text, markup)
    yield from _page_language(text, markup)


def _json_ld_scripts(text: str, markup: Sequence[Token]) -> Iterator[Span]:
    is_json_ld = False
    for token in markup:
        if token.kind == "open" and token.name == "script":
            is_json_ld = "ld+json" in (token.value(text, "type") or "").lower()
        elif token.kind == "raw" and token.name == "script" and is_json_ld:
            yield Span(start=token.start, end=token.end)


def _metas(text: str, markup: Sequence[Token]) -> Iterator[tuple[str, DeclaredValue]]:
    """Yield (key, content) for each name of each `meta` element."""
    for token in markup:
        if token.kind == "open" and token.name == "meta":
            content = _attribute_value(text, token, "content")
            keys = [token.value(text, attribute) or "" for attribute in ("property", "name", "itemprop")]
            if content is not None:
                for key in " ".join(keys).lower().split():
                    yield key, content


def _publication_times(text: str, markup: Sequence[Token]) -> Iterator[Declaration]:
    """Yield the date of the elements marked as the publication date, if they agree."""
    dates = [
        declared
        for index, token in enumerate(markup)
        if token.kind == "open" and token.name != "meta" and _is_publication_date(text, token)
        if (
            declared := _attribute_value(text, token, "datetime")
            or _attribute_value(text, token, "content")
            or _text_after(text, markup, index)
        )
    ]
    if len({parse_declared_date(declared.value) for declared in dates}) == 1:
        yield "time", "published", dates[:1]


def _is_publication_date(text: str, token: Token) -> bool:
    classes = (token.value(text, "class") or "").lower().split()
    has_itemprop = "datepublished" in (token.value(text, "itemprop") or "").lower().split()
    return has_itemprop or token.span("pubdate") is not None or ("published" in classes and "updated" not in classes)


def _text_after(text: str, markup: Sequence[Token], index: int) -> DeclaredValue | None:
    """Return the text directly after a tag, or `None`."""
    following = markup[index + 1] if index + 1 < len(markup) else None
    if following is None or following.kind != "text":
        return None
    return text_value(text, trim_spans(text, [Span(start=following.start, end=following.end)]))


def _canonical_links(text: str, markup: Sequence[Token]) -> Iterator[Declaration]:
    for token in markup:
        if token.kind == "open" and token.name == "link" and (token.value(text, "rel") or "").lower() == "canonical":
            link = _attribute_value(text, token, "href")
            if link:
                yield "canonical", "url", [link]


def _page_language(text: str, markup: Sequence[Token]) -> Iterator[Declaration]:
    for token in markup:
        if token.kind == "open" and token.name == "html":
            declared = _attribute_value(text, token, "lang") or _attribute_value(text, token, "xml:lang")
            if declared:
                yield "html", "language", [declared]
            return


def _near_headline(text: str, markup: Sequence[Token]) -> Iterator[Declaration]:
    """Yield the headline, the dates and bylines of the elements around it, and the title of the page."""
    title = next(
        (
            text_value(text, (Span(start=token.start, end=token.end),))
            for token in markup
            if token.kind == "raw" and token.name == "title"
        ),
        None,
    )
    headline = find_headline(page_headings(text, markup), title.value if title else None)
    if headline is not None:
        yield headline.element, "title", [headline.declared]
        nearby = headline_range(text, markup, headline.index)
        yield from (("time", "published", [declared]) for declared in headline_times(text, markup, nearby))
        yield from (("byline", "authors", [declared]) for declared in headline_bylines(text, markup, nearby))
    if title is not None:
        yield "title", "title", [title]


def _attribute_value(text: str, token: Token, attribute: str) -> DeclaredValue | None:
    span, value = token.span(attribute), token.value(text, attribute)
    return DeclaredValue(value=value, span=span) if span and value else None
