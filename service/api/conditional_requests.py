"""`If-Match` and `If-None-Match`: for which state of a document a request is made."""

import re
from collections.abc import Sequence
from functools import partial

from starlette.datastructures import Headers

from wherefrom.index.errors import PreconditionFailed
from wherefrom.index.types import Precondition
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


def precondition(headers: Headers, document_id: str) -> Precondition | None:
    """Return the precondition of a change that `If-Match` or `If-None-Match` states, `None` if there is none.

    `If-None-Match: *` requires that the document does not exist. Raise MalformedHeader.
    """
    if given := _given(headers, "if-none-match"):
        if given != ANY:
            raise MalformedHeader("If-None-Match: a change takes only *, for a document that is not there yet")
        return partial(_check_absent, document_id)
    given = _given(headers, "if-match")
    if not given:
        return None
    strong = None if given == ANY else [tag for weak, tag in _tags("If-Match", given) if not weak]
    return partial(_check_match, document_id, given, strong)


def _check_absent(document_id: str, stored: str | None) -> None:
    if stored is not None:
        raise PreconditionFailed(document_id, "", stored)


def _check_match(document_id: str, given: str, tags: Sequence[str] | None, stored: str | None) -> None:
    """Raise PreconditionFailed unless there is a document, and its etag is one of `tags` (any if `None`)."""
    if stored is None or (tags is not None and stored not in tags):
        raise PreconditionFailed(document_id, given, stored)


def _given(headers: Headers, name: str) -> str:
    return ", ".join(headers.getlist(name)).strip()


def _tags(name: str, given: str) -> list[tuple[str, str]]:
    if given and not TAGS.fullmatch(given):
        raise MalformedHeader(f'{name}: must be * or entity tags in quotes, as in "5f2b"')
    return TAG.findall(given)
