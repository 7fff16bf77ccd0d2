"""`If-Match` and `If-None-Match`: for which state of a document a request is made."""

import re

from starlette.datastructures import Headers

from wherefrom.index.errors import PreconditionFailed
from wherefrom.index.storage.writer import ABSENT
from wherefrom.service.errors import MalformedHeader

ANY = "*"
TAG = re.compile(r'(?P<weak>W/)?"(?P<tag>[\x21\x23-\x7e\x80-\xff]*)"')
TAGS = re.compile(rf"{TAG.pattern}(?:\s*,\s*{TAG.pattern})*".replace("?P<weak>", "").replace("?P<tag>", ""))


def entity_tag(etag: str) -> str:
    """The value of an `ETag` header."""
    return f'"{etag}"'


def is_known(headers: Headers, etag: str) -> bool:
    """Whether the client holds this state already, by its `If-None-Match`. Raise MalformedHeader."""
    given = _given(headers, "if-none-match")
    return given == ANY or any(tag == etag for _, tag in _tags("If-None-Match", given))


def wanted_state(headers: Headers, document_id: str, found: str | None) -> str | None:
    """The etag that a change is made for, null for any, given the one that is stored.

    `If-None-Match: *` is for a document that is not there. Raise PreconditionFailed, MalformedHeader.
    """
    if given := _given(headers, "if-none-match"):
        if given != ANY:
            raise MalformedHeader("If-None-Match: a change takes only *, for a document that is not there yet")
        return ABSENT
    given = _given(headers, "if-match")
    if not given:
        return None
    if given == ANY:
        if found is None:
            raise PreconditionFailed(document_id, ANY, found)
        return found
    strong = [tag for weak, tag in _tags("If-Match", given) if not weak]
    if found not in strong:
        raise PreconditionFailed(document_id, given, found)
    return found


def _given(headers: Headers, name: str) -> str:
    return ", ".join(headers.getlist(name)).strip()


def _tags(name: str, given: str) -> list[tuple[str, str]]:
    if given and not TAGS.fullmatch(given):
        raise MalformedHeader(f'{name}: must be * or entity tags in quotes, as in "5f2b"')
    return TAG.findall(given)
