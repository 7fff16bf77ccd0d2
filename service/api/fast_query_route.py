"""Fast path for `GET /v1/ask`; anything invalid falls back to FastAPI, which answers 422.

FastAPI's own handling of query parameters takes as long as finding the answer.
"""

from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.types import Receive, Scope, Send

from wherefrom.service.api.known_parameters import StrictRoute, takes_several
from wherefrom.service.schemas.requests import AskQuery

TELEMETRY_KEY = "fastapi.telemetry"
"""Key in the scope of traced requests, for which FastAPI creates its spans only on its own path."""
REPEATABLE = frozenset(name for name, field in AskQuery.model_fields.items() if takes_several(field.annotation))


class FastQueryRoute(StrictRoute):
    """A route whose endpoint, if it handles GET, takes an `AskQuery` and the library."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        traced = TELEMETRY_KEY in scope
        query = None if scope["method"] != "GET" or traced else parse_query(scope["query_string"])
        if query is None:
            await super().handle(scope, receive, send)
        else:
            response = await self.endpoint(query, scope["app"].state.library)
            await response(scope, receive, send)


def parse_query(query_string: bytes) -> AskQuery | None:
    """Parse a query string as FastAPI does; return `None` if it is invalid."""
    values: dict[str, str | list[str]] = {}
    try:
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return None
    for name, value in pairs:
        if name in REPEATABLE:
            values[name] = [*values.get(name, ()), value]
        elif name in values:
            return None
        else:
            values[name] = value
    try:
        return AskQuery.model_validate(values)
    except ValidationError:
        return None
