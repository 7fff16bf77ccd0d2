"""Conditional requests: `If-Match` and `If-None-Match` name the state of a document that a request is made for."""

import re

from starlette.datastructures import Headers

from wherefrom.index.errors import PreconditionFailed
from wherefrom.index.storage.writer import ABSENT
from wherefrom.service.errors import MalformedHeader

ANY = "*"
TAG = re.compile(r'(?P<weak>W/)?"(?P<tag>[\x21\x23-\x7e\x80-\xff]*)"')
TAGS = re.compile(rf"{TAG.pattern}(?:\s*,\s*{TAG.pattern})*".replace("?P<weak>", "").replace("?P<tag>", ""))


def entity_tag(etag: str) -> str:
    """Return the value of an `ETag` header."""
    return f'"{etag}"'


def is_unchanged(headers: Headers, etag: str) -> bool:
    """Return whether the client holds this state already, by its `If-None-Match`. Raise MalformedHeader."""
    value = _header(headers, "if-none-match")
    return value == ANY or any(tag == etag for _, tag in _parse_tags("If-None-Match", value))


def expected_etag(headers: Headers, document_id: str, stored: str | None) -> str | None:
    """Return the etag that a change is made for, `None` for any, given the stored one.

    `If-None-Match: *` is for a document that does not exist. Raise PreconditionFailed, MalformedHeader.
    """
    if value := _header(headers, "if-none-match"):
        if value != ANY:
            raise MalformedHeader("If-None-Match: a change takes only *, for a document that is not there yet")
        return ABSENT
    value = _header(headers, "if-match")
    if not value:
        return None
    if value == ANY:
        if stored is None:
            raise PreconditionFailed(document_id, ANY, stored)
        return stored
    strong = [tag for weak, tag in _parse_tags("If-Match", value) if not weak]
    if stored not in strong:
        raise PreconditionFailed(document_id, value, stored)
    return stored


def _header(headers: Headers, name: str) -> str:
    return ", ".join(headers.getlist(name)).strip()


def _parse_tags(name: str, value: str) -> list[tuple[str, str]]:
    if value and not TAGS.fullmatch(value):
        raise MalformedHeader(f'{name}: must be * or entity tags in quotes, as in "5f2b"')
    return TAG.findall(value)
