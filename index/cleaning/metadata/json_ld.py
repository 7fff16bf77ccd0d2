"""What a page says of itself in JSON-LD (schema.org), with the place of each value in the page's source.

Only what is said of an article counts, or of the page where it names no article. Where several articles stand on a
page it is a list, and what they disagree on is said of none of them.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wherefrom.index.types import Span

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|MediaPosting|ForumPosting|Report|ClaimReview)$")
PAGE_TYPE = re.compile(r"(?:WebPage|^ItemPage)$")
DEEPEST = 6
MOST_NODES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A value as a page says it, white space collapsed, and where it stands."""

    value: str
    span: Span


def read_json_ld(text: str, scripts: Iterable[Span]) -> Mapping[str, tuple[Said, ...]]:
    """The title, publisher, authors, published and url that a page's JSON-LD scripts state."""
    nodes = [(node, script) for script in scripts for node in _nodes(_parsed(text[script.start : script.end]))]
    articles = [(node, script) for node, script in nodes if _has_type(node, ARTICLE_TYPE)]
    stated = articles or [(node, script) for node, script in nodes if _has_type(node, PAGE_TYPE)]
    found: dict[str, tuple[Said, ...]] = {}
    for name in ("title", "publisher", "authors", "published", "url"):
        lists = [(values, script) for node, script in stated if (values := _values(node, name))]
        if len({tuple(values) for values, _ in lists}) == 1:
            values, script = lists[0]
            found[name] = tuple(Said(value=value, span=_place(text, script, value)) for value in values)
    return found


def _parsed(script: str) -> object:
    try:
        return json.loads(script.strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    """The objects of a script that stand by themselves: at the top, in lists, in graphs, as what a page is about."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value[:MOST_NODES]:
            yield from _nodes(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(name), depth + 1)


def _has_type(node: Mapping[str, object], wanted: re.Pattern[str]) -> bool:
    return any(wanted.search(name) for name in _strings(node.get("@type")))


def _values(node: Mapping[str, object], name: str) -> list[str]:
    if name == "title":
        return (_strings(node.get("headline")) or _strings(node.get("name")))[:1]
    if name == "published":
        return _strings(node.get("datePublished"))[:1]
    if name == "url":
        return (_strings(node.get("url")) or _strings(node.get("mainEntityOfPage")))[:1]
    if name == "publisher":
        return _names(node.get("publisher"))[:1]
    return list(dict.fromkeys(_names(node.get("author"))))


def _names(value: object) -> list[str]:
    """The names of the persons or organisations that a value lists or is."""
    several = value if isinstance(value, list) else [value]
    return [name for each in several for name in _strings(each.get("name") if isinstance(each, dict) else each)]


def _strings(value: object) -> list[str]:
    several = value if isinstance(value, list) else [value]
    collapsed = (" ".join(html.unescape(each).split()) for each in several if isinstance(each, str))
    return [each for each in collapsed if each]


def _place(text: str, script: Span, value: str) -> Span:
    """Where a value stands in a script, between its quotation marks; the whole script where it is not found as one."""
    for literal in STRING.finditer(text, script.start, script.end):
        if literal[0] == f'"{value}"' or (
            ("\\" in literal[0] or "&" in literal[0]) and _strings(_parsed(literal[0])) == [value]
        ):
            return Span(start=literal.start() + 1, end=literal.end() - 1)
    return script
