"""No request body is read beyond a bound."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import http_problem, problem_response

TOO_LARGE = 413


class BodyLimit:
    """Refuse bodies over `most_bytes`, declared or streamed, as a problem.

    FastAPI's own `max_body_size` answers a declared length with plain text.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._detail = f"the body is larger than {most_bytes} bytes"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._declares_more(scope):
            response = problem_response(http_problem(TOO_LARGE, self._detail, scope["path"]))
            await response(scope, receive, send)
        else:
            await self._app(scope, self._counted(receive), send)

    def _declares_more(self, scope: Scope) -> bool:
        length = Headers(scope=scope).get("content-length", "")
        return length.isdecimal() and int(length) > self._most_bytes

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most_bytes:
                raise HTTPException(TOO_LARGE, self._detail)
            return message

        return counted
