"""Routes that refuse unknown query parameters instead of ignoring them."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from wherefrom.service.errors import InvalidRequest
from wherefrom.service.schemas.fields import unknown_name


class StrictRoute(APIRoute):
    """A route that answers 422 to an unknown query parameter, and names similar known ones."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request. Raise InvalidRequest."""
        if scope["query_string"] and scope["method"] in (self.methods or ()):
            _check(scope["query_string"], dict.fromkeys(_parameters(self.dependant)))
        await super().handle(scope, receive, send)


def _check(query_string: bytes, known: Mapping[str, object]) -> None:
    names = [name for name, _ in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)]
    if unknown := unknown_name(names, known, "parameter"):
        detail = {"type": unknown.type, "loc": ("query",), "msg": unknown.message(), "ctx": unknown.context}
        raise InvalidRequest([detail])


def _parameters(dependant: Dependant) -> Iterator[str]:
    """Yield the names of a route's query parameters, those that are fields of a model included."""
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from kind.model_fields
        else:
            yield parameter.alias
    for dependency in dependant.dependencies:
        yield from _parameters(dependency)
