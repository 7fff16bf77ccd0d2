"""A shorter way for questions in URLs than FastAPI's own, which takes as long as finding their answers.

Only what is well formed goes it. Whatever is not goes FastAPI's way, which says what is wrong with it.
"""

from urllib.parse import parse_qsl

from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from wherefrom.service.schemas.requests import AskQuery

TRACED = "fastapi.telemetry"
"""In the scope of a request that FastAPI makes spans for, which it does on its own way only."""
REPEATED = frozenset(name for name, field in AskQuery.model_fields.items() if field.default == ())


class ShortWay(APIRoute):
    """A route whose endpoint, where it is asked by GET, takes an `AskQuery` and the library."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        query = None if scope["method"] != "GET" or TRACED in scope else well_formed(scope["query_string"])
        if query is None:
            await super().handle(scope, receive, send)
        else:
            response = await self.endpoint(query, scope["app"].state.library)
            await response(scope, receive, send)


def well_formed(query: bytes) -> AskQuery | None:
    """Read a question in a URL as FastAPI does; null if it says what no question may."""
    given: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name in REPEATED:
            given[name] = [*given.get(name, ()), value]
        else:
            given[name] = value
    try:
        return AskQuery.model_validate(given)
    except ValidationError:
        return None
