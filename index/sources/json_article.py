"""Converts one article in JSON to a RawSource: its text or HTML as UTF-8 bytes, and the metadata given with it.

Offsets refer to the article's own text, not to the JSON with its escapes.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extra_fields import parse_extra
from wherefrom.index.sources.markup_detection import is_html_fragment
from wherefrom.index.text.language_tags import language_tag
from wherefrom.index.types import Given, MediaType, RawSource

BODY_FIELDS: Mapping[str, MediaType] = {"text": "text/plain", "html": "text/html"}
FIELDS = frozenset((*BODY_FIELDS, "id", "title", "url", "publisher", "authors", "published", "language", "extra"))
MAX_SHOWN_NAME_CHARACTERS = 100
MAX_ID_CHARACTERS = 200
MAX_URL_CHARACTERS = 2_000
MAX_VALUE_CHARACTERS = 1_000


def json_fault(error: ValueError | RecursionError) -> str:
    """Return a message for an error of `json.loads`, with own words for too deep nesting and too long numbers."""
    if isinstance(error, RecursionError):
        return "this JSON is nested too deeply"
    if "int_max_str_digits" in str(error) and not isinstance(error, json.JSONDecodeError):
        return "a whole number in this JSON has too many digits"
    return f"it is not JSON: {error}"


def parse_article(value: object, *, source: str) -> RawSource:
    """Return the article in a decoded JSON object, named `source`. Raise SourceRejected, naming the invalid field.

    An object has `text` or `html`, not both, and any of `id`, `title`, `url`, `publisher`, `authors`, `published`,
    `language` and `extra`. A field whose value is `None` counts as absent. A `text` that is a fragment of HTML is read
    as HTML.
    """
    if not isinstance(value, dict):
        raise SourceRejected(source, "an article must be a JSON object")
    row = {name: content for name, content in value.items() if content is not None}
    unknown = next((name for name in row if name not in FIELDS), None)
    if unknown is not None:
        unknown = unknown[:MAX_SHOWN_NAME_CHARACTERS].encode("utf-8", "backslashreplace").decode()
        close = tuple(get_close_matches(unknown, FIELDS))
        hint = f"close: {', '.join(close)}" if close else f"the fields are {', '.join(sorted(FIELDS))}"
        raise SourceRejected.in_field(source, unknown, f"unknown field; {hint}", close)
    bodies = [name for name in BODY_FIELDS if name in row]
    if len(bodies) != 1:
        raise SourceRejected(source, "it needs either text or html" + (", not both" if bodies else ""))
    return RawSource(
        name=source,
        document_id=_line(row, "id", source, MAX_ID_CHARACTERS),
        raw=_bytes(row, bodies[0], source),
        media_type="text/html" if is_html_fragment(str(row[bodies[0]])) else BODY_FIELDS[bodies[0]],
        given=Given(
            title=_line(row, "title", source, MAX_VALUE_CHARACTERS),
            url=_url(row, source),
            publisher=_line(row, "publisher", source, MAX_VALUE_CHARACTERS),
            authors=_authors(row, source),
            published=_published(row, source),
            language=_language(row, source),
            extra=parse_extra(row.get("extra"), source),
        ),
    )


def _bytes(row: Mapping[str, object], name: str, source: str) -> bytes:
    value = row[name]
    if not isinstance(value, str):
        raise SourceRejected.in_field(source, name, "it must be a string")
    return _encoded(value, name, source)


def _line(row: Mapping[str, object], name: str, source: str, max_characters: int) -> str | None:
    """Return a field's string with its white space collapsed, or `None` if it is absent or blank."""
    value = row.get(name, "")
    if not isinstance(value, str):
        raise SourceRejected.in_field(source, name, "it must be a string")
    if len(value) > max_characters:
        raise SourceRejected.in_field(source, name, f"it may have at most {max_characters} characters")
    _encoded(value, name, source)
    return " ".join(value.split()) or None


def _encoded(value: str, name: str, source: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        reason = f"it holds half a character (a lone surrogate) at {error.start}"
        raise SourceRejected.in_field(source, name, reason) from error


def _url(row: Mapping[str, object], source: str) -> str | None:
    url = _line(row, "url", source, MAX_URL_CHARACTERS)
    if url and (" " in url or not url.lower().startswith(("http://", "https://"))):
        raise SourceRejected.in_field(source, "url", "it must begin with http:// or https:// and have no space")
    return url


def _language(row: Mapping[str, object], source: str) -> str | None:
    value = row.get("language", "")
    if not isinstance(value, str):
        raise SourceRejected.in_field(source, "language", "it must be a string")
    if not value:
        return None
    tag = language_tag(value)
    if tag is None:
        raise SourceRejected.in_field(source, "language", f"{value!r} is not a language tag, such as en or pt-BR")
    return tag


def _authors(row: Mapping[str, object], source: str) -> tuple[str, ...]:
    value = row.get("authors", [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SourceRejected.in_field(source, "authors", "it must be an array of strings")
    names = (_line({"authors": name}, "authors", source, MAX_VALUE_CHARACTERS) for name in value)
    return tuple(name for name in names if name)


def _published(row: Mapping[str, object], source: str) -> date | None:
    """Return the publication date; for a time, the date in its own time zone."""
    text = _line(row, "published", source, MAX_VALUE_CHARACTERS)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        reason = f"{text!r} is not an ISO 8601 date, such as 2016-02-02"
        raise SourceRejected.in_field(source, "published", reason) from error
