"""Routes that refuse unknown, repeated and wrongly encoded query parameters instead of ignoring them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from wherefrom.service.errors import InvalidRequest
from wherefrom.service.schemas.fields import unknown_name

NO_UTF8 = re.compile("[\udc80-\udcff]")
"""The surrogates that stand for bytes that are not UTF-8."""


class StrictRoute(APIRoute):
    """A route that answers 422 to an unknown query parameter, with similar known ones, and to one given twice.

    Parameters that take several values may be repeated. A value must be UTF-8: FastAPI would replace what is not.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request. Raise InvalidRequest."""
        if scope["query_string"] and scope["method"] in (self.methods or ()):
            _check(scope["query_string"], dict(_parameters(self.dependant)))
        await super().handle(scope, receive, send)


def takes_several(annotation: object) -> bool:
    """Return whether a parameter of this type takes several values."""
    return get_origin(annotation) in {tuple, list} or any(map(takes_several, get_args(annotation)))


def _check(query_string: bytes, known: Mapping[str, bool]) -> None:
    """Raise InvalidRequest for an unknown, repeated or wrongly encoded one; `known` says which take several values."""
    pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
    names = [name for name, _ in pairs]
    if unknown := unknown_name(names, known, "parameter"):
        detail = {"type": unknown.type, "loc": ("query",), "msg": unknown.message(), "ctx": unknown.context}
        raise InvalidRequest([detail])
    if repeated := next((name for name, count in Counter(names).items() if count > 1 and not known[name]), None):
        raise InvalidRequest([{"type": "repeated", "loc": ("query", repeated), "msg": "must be given only once"}])
    if garbled := next((name for name, value in pairs if NO_UTF8.search(value)), None):
        message = "must be UTF-8, percent-encoded: %C3%A9 for \u00e9"
        raise InvalidRequest([{"type": "encoding", "loc": ("query", garbled), "msg": message}])


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Yield a route's query parameters, fields of a model included: names, and whether each takes several values."""
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from ((name, takes_several(field.annotation)) for name, field in kind.model_fields.items())
        else:
            yield parameter.alias, takes_several(kind)
    for dependency in dependant.dependencies:
        yield from _parameters(dependency)
