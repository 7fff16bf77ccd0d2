"""No request body is read beyond a bound."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import http_problem, problem_response

TOO_LARGE = 413
UPLOADS = "/v1/documents"


class BodyLimit:
    """Refuse bodies over `most_bytes`, or over `most_upload_bytes` for documents, declared or streamed, as a problem.

    FastAPI's own `max_body_size` answers a declared length with plain text.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int, most_upload_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._most_upload_bytes = most_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most_upload_bytes if scope["path"].startswith(UPLOADS) else self._most_bytes
        if _declares_more(scope, most):
            response = problem_response(http_problem(TOO_LARGE, _detail(most), scope["path"]))
            await response(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, most), send)


def _declares_more(scope: Scope, most: int) -> bool:
    length = Headers(scope=scope).get("content-length", "")
    return length.isdecimal() and int(length) > most


def _counted(receive: Receive, most: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(TOO_LARGE, _detail(most))
        return message

    return counted


def _detail(most: int) -> str:
    return f"the body is larger than {most} bytes"
