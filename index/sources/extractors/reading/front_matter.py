"""The front matter of a Markdown file: metadata in YAML or TOML above the text.

It is not part of the text. Values are kept as written; unknown fields are kept as extra fields.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import yaml

from wherefrom.index.field_conditions import ExtraValue, Scalar
from wherefrom.index.sources.extra_fields import (
    MAX_FIELDS,
    MAX_NAME_CHARACTERS,
    MAX_VALUE_CHARACTERS,
    MAX_VALUES,
    is_double,
)
from wherefrom.index.sources.extractors.reading.declared_values import (
    declared_authors,
    declared_date,
    declared_language,
    declared_title,
    declared_url,
)
from wherefrom.index.types import Given

FRONT_MATTER = re.compile(r"\ufeff?(?P<fence>---|\+\+\+)[ \t]*\r?\n")
YAML_KEY = re.compile(r"(?:[^\W\d][\w .-]{0,60}|\"[^\"\n]{1,60}\"|'[^'\n]{1,60}')[ \t]*:(?=\s|$)", re.MULTILINE)
FIELD_LINE = re.compile(
    r"[^\W\d][\w .-]{0,60}[ \t]*[:=](?=\s|$)|[\"'][^\"'\n]{1,60}[\"'][ \t]*[:=]|[ \t]+\S|- |\#|\[[\w.\" -]+\]$|[\]}]"
)
"""A line of front matter: a field, an indented part of a value, an item, or a comment."""
COMMENT_OR_BLANK = re.compile(r"[ \t]*(?:#.*)?$")
MAX_CHARACTERS = 100_000
MAX_DEPTH = 3
"""Maximum depth: the fields, a list in a field, and a mapping in that list; aliases could multiply deeper levels."""
MAX_LIST = 200
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "url": ("url", "source_url", "canonical_url", "canonical", "link", "permalink", "source", "original"),
    "publisher": ("publisher", "publication", "site", "site_name", "website", "newspaper", "outlet", "source"),
    "authors": ("authors", "author", "byline", "creator", "by"),
    "published": ("published", "date", "date_published", "published_at", "publish_date", "pubdate", "publication_date"),
    "language": ("language", "lang"),
}
"""The names of each metadata field in front matter, in order of precedence."""
WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
AUTHOR_SEPARATOR = re.compile(r"\s*(?:;|,|\s&\s|\sand\s)\s*")
Value = TypeVar("Value")
NAME_KEYS = ("name", "title", "value")


@dataclass(frozen=True, slots=True)
class _Written:
    """A YAML scalar: its written form, and its value, a text, number or boolean."""

    text: str
    value: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The metadata of front matter, the offset of the text below it, and warnings about unreadable parts."""

    properties: Given
    end: int
    warnings: tuple[str, ...] = ()


def has_front_matter(text: str) -> bool:
    """Return whether a text begins with front matter: lines between fences, the first of which is a field."""
    return _bounds(text) is not None


def is_all_front_matter(text: str) -> bool:
    """Return whether a text has front matter of only fields, without blank lines or other text.

    This distinguishes a Markdown file without its suffix from a text with lines of dashes.
    """
    bounds = _bounds(text)
    if bounds is None:
        return False
    return all(FIELD_LINE.match(line) for line in text[bounds[0] : bounds[1]].splitlines())


def read_front_matter(text: str) -> FrontMatter:
    """Return the front matter of a text; without any, the text begins at 0."""
    bounds = _bounds(text)
    if bounds is None:
        return FrontMatter(properties=Given(), end=0)
    start, stop, end = bounds
    warnings: list[str] = []
    fields = _parsed(text[start:stop], warnings, is_toml=text[:end].lstrip("\ufeff").startswith("+"))
    properties = _Properties(fields, warnings).given()
    return FrontMatter(properties=properties, end=end, warnings=tuple(warnings))


def _bounds(text: str) -> tuple[int, int, int] | None:
    """Return the start and end of the lines between the fences, and the start of the text below, or `None`."""
    first = FRONT_MATTER.match(text)
    if first is None:
        return None
    ends = r"(?:---|\.\.\.)" if first["fence"] == "---" else r"\+\+\+"
    last = re.compile(rf"^{ends}[ \t]*\r?$\n?", re.MULTILINE).search(text, first.end(), first.end() + MAX_CHARACTERS)
    if last is None:
        return None
    lines = text[first.end() : last.start()]
    content = next((line for line in lines.splitlines() if not COMMENT_OR_BLANK.match(line)), None)
    if content is not None and first["fence"] == "---" and not YAML_KEY.match(content):
        return None
    return first.end(), last.start(), last.end()


def _parsed(text: str, warnings: list[str], *, is_toml: bool) -> Mapping[str, object]:
    try:
        value = tomllib.loads(text) if is_toml else _yaml_value(yaml.compose(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        form = "TOML" if is_toml else "YAML"
        warnings.append(f"its front matter is no valid {form} and is read line by line ({_first_line(error)})")
        return dict(_lines(text))
    return {str(name): each for name, each in value.items()} if isinstance(value, dict) else {}


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def _lines(text: str) -> Iterator[tuple[str, object]]:
    """Yield the fields that are on one line, for front matter from a program that does not quote values."""
    for line in text.splitlines():
        if match := YAML_KEY.match(line):
            value = line[match.end() :].strip()
            if value[:1] in "\"'" and value[-1:] == value[:1] and len(value) > 1:
                value = value[1:-1]
            yield match[0].rstrip(": \t").strip("\"'"), value


def _yaml_value(node: object, depth: int = 0) -> object:
    """Return the value of a node: scalars with their written form, lists and mappings; `None` beyond MAX_DEPTH.

    Nodes are composed and not constructed, so that no dates or other objects are created and aliases are not copied.
    """
    if isinstance(node, yaml.ScalarNode):
        return _yaml_scalar(node)
    if depth == MAX_DEPTH:
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_yaml_value(each, depth + 1) for each in node.value[:MAX_LIST]]
    if isinstance(node, yaml.MappingNode):
        pairs = node.value[:MAX_LIST]
        return {key.value: _yaml_value(each, depth + 1) for key, each in pairs if isinstance(key, yaml.ScalarNode)}
    return None


def _yaml_scalar(node: yaml.ScalarNode) -> _Written | None:
    kind = node.tag.rpartition(":")[2]
    text = str(node.value)
    if kind == "null" or not text:
        return None
    if kind == "bool":
        return _Written(text, text.lower() in ("true", "yes", "on"))
    try:
        if kind in ("int", "float"):
            return _Written(text, int(text) if kind == "int" else float(text))
    except ValueError:
        pass
    return _Written(text, text)


class _Properties:
    """Divides the fields of front matter into metadata and extra fields."""

    def __init__(self, fields: Mapping[str, object], warnings: list[str]) -> None:
        self._fields = {name.strip(): value for name, value in fields.items() if value not in (None, "", [], {})}
        self._by_folded_name = {_folded(name): name for name in reversed(self._fields)}
        self._used: set[str] = set()
        self._warnings = warnings

    def given(self) -> Given:
        """Return the metadata; a field whose value does not fit its name is kept as an extra field."""
        title = self._take("title", lambda text: declared_title(text, by_program=False))
        url = self._take("url", declared_url)
        publisher = self._take("publisher", lambda text: declared_title(_unlinked(text), by_program=False))
        published = self._take("published", declared_date)
        language = self._take("language", declared_language)
        return Given(
            title=title,
            url=url,
            publisher=publisher,
            authors=self._authors(),
            published=published,
            language=language,
            extra=dict(self._extra()),
        )

    def _take(self, field: str, read: Callable[[str], Value | None]) -> Value | None:
        for name in self._names(field):
            for text in _texts(self._fields[name]):
                value = read(text)
                if value is not None:
                    self._used.add(name)
                    return value
        return None

    def _authors(self) -> tuple[str, ...]:
        for name in self._names("authors"):
            value = self._fields[name]
            texts = [_unlinked(text) for text in _texts(value)]
            if not isinstance(value, list):
                texts = [part for text in texts for part in AUTHOR_SEPARATOR.split(text)]
            authors = declared_authors(texts)
            if authors:
                self._used.add(name)
                return authors
        return ()

    def _names(self, field: str) -> Iterator[str]:
        for alias in FIELDS[field]:
            name = self._by_folded_name.get(_folded(alias))
            if name is not None and name not in self._used:
                yield name

    def _extra(self) -> Iterator[tuple[str, ExtraValue]]:
        """Yield the extra fields that filters can use, and add one warning about the others."""
        left_out: list[str] = []
        count = 0
        for name, value in self._fields.items():
            if name in self._used:
                continue
            extra = _extra_value(value)
            if extra is None or len(name) > MAX_NAME_CHARACTERS or count == MAX_FIELDS:
                left_out.append(name[:MAX_NAME_CHARACTERS])
            else:
                count += 1
                yield name, extra
        if left_out:
            self._warnings.append(f"fields of its front matter are left out: {', '.join(left_out[:10])}")


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _texts(value: object) -> list[str]:
    """Return the texts in a value: itself, the texts of a list, or the name in a mapping."""
    if isinstance(value, list):
        return [text for each in value if not isinstance(each, list) for text in _texts(each)]
    if isinstance(value, dict):
        named = (value.get(key) for key in NAME_KEYS)
        return next((_texts(each) for each in named if isinstance(each, _Written | str)), [])
    if isinstance(value, _Written):
        return [value.text]
    if isinstance(value, datetime | date):
        return [value.isoformat()]
    return [str(value)] if isinstance(value, str | int | float) and not isinstance(value, bool) else []


def _unlinked(text: str) -> str:
    """Return a text with its links replaced by their words."""
    return MARKDOWN_LINK.sub(r"\1", WIKI_LINK.sub(r"\1", text))


def _extra_value(value: object) -> ExtraValue | None:
    if isinstance(value, list):
        scalars = [_scalar(each) for each in value]
        if len(scalars) > MAX_VALUES or any(each is None for each in scalars):
            return None
        return tuple(each for each in scalars if each is not None)
    return _scalar(value)


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, _Written):
        value = value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        text = _unlinked(value)
        return text if 0 < len(text) <= MAX_VALUE_CHARACTERS and not re.search("[\ud800-\udfff]", text) else None
    if isinstance(value, bool):
        return value
    return value if isinstance(value, int | float) and is_double(value) else None
