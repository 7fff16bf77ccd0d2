"""Metadata that a page declares in JSON-LD (schema.org), with the span of each value in the source of the page.

Only the properties of articles count, or those of the page if it declares no article. A page with several articles is a
list; a property in which they differ is not used.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wherefrom.index.cleaning.metadata.markup.json_repair import parse_json
from wherefrom.index.sources.character_references import resolve_all_references
from wherefrom.index.text.language_tags import language_tag
from wherefrom.index.types import Span

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|MediaPosting|ForumPosting|Report|ClaimReview)$")
PAGE_TYPE = re.compile(r"(?:WebPage|^ItemPage)$")
ORGANIZATION_TYPE = re.compile(r"(?:Organization|Corporation|WebSite|Brand)$")
MAX_DEPTH = 6
MAX_LIST_ITEMS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredValue:
    """A value that a page declares, with white space collapsed, and its span in the source."""

    value: str
    span: Span


def read_json_ld(text: str, scripts: Iterable[Span]) -> Mapping[str, tuple[DeclaredValue, ...]]:
    """Return the title, publisher, authors, published, url and language that the JSON-LD scripts of a page declare."""
    nodes = [(node, script) for script in scripts for node in _nodes(parse_json(text[script.start : script.end]))]
    articles = [(node, script) for node, script in nodes if _has_type(node, ARTICLE_TYPE)]
    candidates = articles or [(node, script) for node, script in nodes if _has_type(node, PAGE_TYPE)]
    declared: dict[str, tuple[DeclaredValue, ...]] = {}
    literals: dict[Span, Mapping[str, Span]] = {}
    for name in ("title", "publisher", "authors", "published", "url", "language"):
        lists = [(values, script) for node, script in candidates if (values := _values(node, name))]
        if len({tuple(values) for values, _ in lists}) == 1:
            values, script = lists[0]
            if script not in literals:
                literals[script] = _literal_spans(text, script)
            spans = literals[script]
            declared[name] = tuple(DeclaredValue(value=value, span=spans.get(value, script)) for value in values)
    return declared


def _nodes(value: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    """Yield the top-level objects of a script, those in its lists and graphs, and the main entities of all these."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:MAX_LIST_ITEMS]:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(name), depth + 1)


def _has_type(node: Mapping[str, object], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(name) for name in _strings(node.get("@type")))


def _values(node: Mapping[str, object], name: str) -> list[str]:
    if name == "title":
        return (_strings(node.get("headline")) or _strings(node.get("name")))[:1]
    if name == "published":
        return _strings(node.get("datePublished"))[:1]
    if name == "url":
        return (_strings(node.get("url")) or _strings(node.get("mainEntityOfPage")))[:1]
    if name == "language":
        return _languages(node.get("inLanguage"))[:1]
    if name == "publisher":
        return _names(node.get("publisher"))[:1]
    return list(dict.fromkeys(_person_names(node.get("author"))))


def _languages(value: object) -> list[str]:
    """Return the language codes in a value: a code, or a Language whose `alternateName` or `name` is one."""
    items = value if isinstance(value, list) else [value]
    names = [
        name
        for item in items
        for key in ("alternateName", "name")
        for name in _strings(item.get(key) if isinstance(item, dict) else item)
    ]
    return [name for name in names if language_tag(name)]


def _person_names(value: object) -> list[str]:
    """Return the names in a value or a list of values, without organisations, which are not authors."""
    items = value if isinstance(value, list) else [value]
    people = [item for item in items if not (isinstance(item, dict) and _has_type(item, ORGANIZATION_TYPE))]
    return _names(people)


def _names(value: object, depth: int = 0) -> list[str]:
    """Return the names of the persons or organisations in a value or a list of values.

    A name may itself be an object with a name.
    """
    if depth > MAX_DEPTH:
        return []
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    return [
        name
        for each in names
        for name in (_names(each, depth + 1) if isinstance(each, dict | list) else _strings(each))
    ]


def _strings(value: object) -> list[str]:
    """Return the strings in a value or a list of values, with references resolved and white space collapsed."""
    items = value if isinstance(value, list) else [value]
    collapsed = (" ".join(resolve_all_references(item).split()) for item in items if isinstance(item, str))
    return [text for text in collapsed if text]


def _literal_spans(text: str, script: Span) -> Mapping[str, Span]:
    """Return for each string value of a script the span of its first literal, inside the quotation marks.

    Every literal is parsed once, so that the time is linear, independent of the number of values.
    """
    spans: dict[str, Span] = {}
    for literal in STRING.finditer(text, script.start, script.end):
        span = Span(start=literal.start() + 1, end=literal.end() - 1)
        spans.setdefault(literal[0][1:-1], span)
        if "\\" in literal[0] or "&" in literal[0]:
            for value in _strings(parse_json(literal[0])):
                spans.setdefault(value, span)
    return spans
