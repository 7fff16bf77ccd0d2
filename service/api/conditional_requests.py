"""Conditional requests: `If-Match` and `If-None-Match` name the state of a document that a request applies to."""

import re

from starlette.datastructures import Headers

from wherefrom.index.errors import PreconditionFailed
from wherefrom.index.types import Precondition
from wherefrom.service.errors import MalformedHeader

ANY = "*"
TAG = re.compile(r'(?P<weak>W/)?"(?P<tag>[\x21\x23-\x7e\x80-\xff]*)"')
TAGS = re.compile(rf"{TAG.pattern}(?:\s*,\s*{TAG.pattern})*".replace("?P<weak>", "").replace("?P<tag>", ""))


def entity_tag(etag: str) -> str:
    """Return the value of an `ETag` header."""
    return f'"{etag}"'


def weak_entity_tag(etag: str) -> str:
    """Return the value of a weak `ETag` header, which names a state but no exact bytes; it never matches `If-Match`."""
    return f"W/{entity_tag(etag)}"


def is_unchanged(headers: Headers, etag: str) -> bool:
    """Return whether the client holds this state already, by its `If-None-Match`. Raise MalformedHeader."""
    value = _header(headers, "if-none-match")
    return value == ANY or any(tag == etag for _, tag in _parse_tags("If-None-Match", value))


def precondition(headers: Headers, document_id: str) -> Precondition | None:
    """Return the precondition that the `If-Match` or `If-None-Match` of a change states, `None` if there is none.

    `If-None-Match: *` requires that the document does not exist, `If-Match` that it does; together they never hold. The
    precondition raises PreconditionFailed or MalformedHeader. It parses the headers when it is checked, so that the
    removal of a missing document raises DocumentNotFound whatever the headers are.
    """
    none_match, match = _header(headers, "if-none-match"), _header(headers, "if-match")
    if not (none_match or match):
        return None

    def check(stored: str | None) -> None:
        if none_match not in ("", ANY):
            raise MalformedHeader("If-None-Match: a change takes only *, for a document that is not there yet")
        if match:
            allowed = [stored] if match == ANY else [tag for weak, tag in _parse_tags("If-Match", match) if not weak]
            if stored is None or stored not in allowed:
                raise PreconditionFailed(document_id, match, stored)
        if none_match and stored is not None:
            raise PreconditionFailed(document_id, "", stored)

    return check


def _header(headers: Headers, name: str) -> str:
    return ", ".join(headers.getlist(name)).strip()


def _parse_tags(name: str, value: str) -> list[tuple[str, str]]:
    if value and not TAGS.fullmatch(value):
        raise MalformedHeader(f'{name}: must be * or entity tags in quotes, as in "5f2b"')
    return TAG.findall(value)
