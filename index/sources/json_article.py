"""One article as JSON to the bytes that it is read from: a text or a page, and what is said of it.

JSON's escapes would make offsets into the JSON itself unreadable, so the source is the article's own text, as UTF-8.
"""

from collections.abc import Mapping
from datetime import date, datetime

from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import Given, MediaType, RawSource

BODIES: Mapping[str, MediaType] = {"text": "text/plain", "html": "text/html"}
FIELDS = frozenset((*BODIES, "id", "title", "url", "publisher", "authors", "published"))
LONGEST_ID = 200
LONGEST_URL = 2_000
LONGEST_VALUE = 1_000


def parse_article(value: object, *, source: str) -> RawSource:
    """Return the article in a decoded JSON object, named `source`. Raise SourceRejected, naming the invalid field.

    An object has `text` or `html`, not both, and any of `id`, `title`, `url`, `publisher`, `authors` and `published`.
    A field whose value is `None` counts as absent.
    """
    if not isinstance(value, dict):
        raise SourceRejected(source, "an article is a JSON object")
    row = {name: each for name, each in value.items() if each is not None}
    unknown = sorted(set(row) - FIELDS)
    if unknown:
        raise SourceRejected(source, f"{unknown[0]}: there is no such field; there are {', '.join(sorted(FIELDS))}")
    bodies = [name for name in BODIES if name in row]
    if len(bodies) != 1:
        raise SourceRejected(source, "it needs either text or html" + (", not both" if bodies else ""))
    return RawSource(
        name=source,
        document_id=_line(row, "id", source, LONGEST_ID),
        raw=_bytes(row, bodies[0], source),
        media_type=BODIES[bodies[0]],
        given=Given(
            title=_line(row, "title", source, LONGEST_VALUE),
            url=_url(row, source),
            publisher=_line(row, "publisher", source, LONGEST_VALUE),
            authors=_authors(row, source),
            published=_published(row, source),
        ),
    )


def _bytes(row: Mapping[str, object], name: str, source: str) -> bytes:
    value = row[name]
    if not isinstance(value, str):
        raise SourceRejected(source, f"{name}: it must be a string")
    return _encoded(value, name, source)


def _line(row: Mapping[str, object], name: str, source: str, longest: int) -> str | None:
    """A value of one line, white space collapsed; null where it is absent or blank."""
    value = row.get(name, "")
    if not isinstance(value, str):
        raise SourceRejected(source, f"{name}: it must be a string")
    if len(value) > longest:
        raise SourceRejected(source, f"{name}: it may have at most {longest} characters")
    _encoded(value, name, source)
    return " ".join(value.split()) or None


def _encoded(value: str, name: str, source: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        reason = f"{name}: it holds half a character (a lone surrogate) at {error.start}"
        raise SourceRejected(source, reason) from error


def _url(row: Mapping[str, object], source: str) -> str | None:
    url = _line(row, "url", source, LONGEST_URL)
    if url and (" " in url or not url.lower().startswith(("http://", "https://"))):
        raise SourceRejected(source, "url: it must begin with http:// or https:// and hold no space")
    return url


def _authors(row: Mapping[str, object], source: str) -> tuple[str, ...]:
    value = row.get("authors", [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SourceRejected(source, "authors: it must be a list of strings")
    named = (_line({"authors": each}, "authors", source, LONGEST_VALUE) for each in value)
    return tuple(name for name in named if name)


def _published(row: Mapping[str, object], source: str) -> date | None:
    """A date, or the date of a time as its own zone has it."""
    text = _line(row, "published", source, LONGEST_VALUE)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise SourceRejected(source, f"published: {text!r} is no ISO 8601 date, such as 2016-02-02") from error
