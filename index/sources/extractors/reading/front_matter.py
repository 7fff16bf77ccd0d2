"""The front matter of a Markdown file: the lines in YAML or TOML above the text that say what it is.

It is metadata and no text. Values are taken as they are written; those of other fields are kept as further fields.
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
COMMENT_OR_BLANK = re.compile(r"[ \t]*(?:#.*)?$")
MAX_CHARACTERS = 100_000
MAX_DEPTH = 20
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "url": ("url", "source_url", "canonical_url", "canonical", "link", "permalink", "source", "original"),
    "publisher": ("publisher", "publication", "site", "site_name", "website", "newspaper", "outlet", "source"),
    "authors": ("authors", "author", "byline", "creator", "by"),
    "published": ("published", "date", "date_published", "published_at", "publish_date", "pubdate", "publication_date"),
    "language": ("language", "lang"),
}
"""By field of metadata, the names for it in front matter, in the order in which they count."""
WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
AUTHOR_SEPARATOR = re.compile(r"\s*(?:;|,|\s&\s|\sand\s)\s*")
Value = TypeVar("Value")
NAME_KEYS = ("name", "title", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What front matter says, the offset at which the text below it begins, and what of it cannot be read."""

    properties: Given
    end: int
    warnings: tuple[str, ...] = ()


def has_front_matter(text: str) -> bool:
    """Return whether a text begins with front matter: fences around lines of which the first names a field."""
    return _bounds(text) is not None


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
    """Return where the lines between the fences start and stop, and where the text below begins."""
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
    """Yield the fields that stand on a line of their own, for front matter that a program wrote without quoting."""
    for line in text.splitlines():
        if match := YAML_KEY.match(line):
            value = line[match.end() :].strip()
            if value[:1] in "\"'" and value[-1:] == value[:1] and len(value) > 1:
                value = value[1:-1]
            yield match[0].rstrip(": \t").strip("\"'"), value


def _yaml_value(node: object, depth: int = 0) -> object:
    """Return the value of a node: text as it is written, numbers, truth values, lists and mappings.

    Nodes are composed and not constructed, so that no date or object is made of them; an alias is no copy.
    """
    if depth > MAX_DEPTH:
        raise ValueError("it is nested too deeply")
    if isinstance(node, yaml.ScalarNode):
        return _yaml_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_yaml_value(each, depth + 1) for each in node.value[: MAX_VALUES + 1]]
    if isinstance(node, yaml.MappingNode):
        pairs = node.value[: 4 * MAX_FIELDS]
        return {key.value: _yaml_value(each, depth + 1) for key, each in pairs if isinstance(key, yaml.ScalarNode)}
    return None


def _yaml_scalar(node: yaml.ScalarNode) -> object:
    kind = node.tag.rpartition(":")[2]
    value = str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return value.lower() in ("true", "yes", "on")
    try:
        if kind == "int":
            return int(value)
        if kind == "float":
            return float(value)
    except ValueError:
        return value
    return value


class _Properties:
    """Divides the fields of front matter into those of metadata and further ones."""

    def __init__(self, fields: Mapping[str, object], warnings: list[str]) -> None:
        self._fields = {name.strip(): value for name, value in fields.items() if value not in (None, "", [], {})}
        self._by_folded_name = {_folded(name): name for name in reversed(self._fields)}
        self._used: set[str] = set()
        self._warnings = warnings

    def given(self) -> Given:
        """Return the metadata; a field that cannot be read as what it is called is kept as a further one."""
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
        """Yield the further fields that filters can use; the others are told once."""
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
    """Return the texts in a value: itself, those of a list, or the name in a mapping."""
    if isinstance(value, list):
        return [text for each in value if not isinstance(each, list) for text in _texts(each)]
    if isinstance(value, dict):
        return [str(value[key]) for key in NAME_KEYS if isinstance(value.get(key), str)][:1]
    if isinstance(value, datetime | date):
        return [value.isoformat()]
    return [str(value)] if isinstance(value, str | int | float) and not isinstance(value, bool) else []


def _unlinked(text: str) -> str:
    """Return a text with the words of its links in place of the links."""
    return MARKDOWN_LINK.sub(r"\1", WIKI_LINK.sub(r"\1", text))


def _extra_value(value: object) -> ExtraValue | None:
    if isinstance(value, list):
        scalars = [_scalar(each) for each in value]
        if len(scalars) > MAX_VALUES or any(each is None for each in scalars):
            return None
        return tuple(each for each in scalars if each is not None)
    return _scalar(value)


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        text = _unlinked(value)
        return text if 0 < len(text) <= MAX_VALUE_CHARACTERS and not re.search("[\ud800-\udfff]", text) else None
    if isinstance(value, bool):
        return value
    return value if isinstance(value, int | float) and is_double(value) else None
