"""Limits of request bodies: their size, and the time in which they must arrive."""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wherefrom.service.api.error_handlers import describe
from wherefrom.service.api.links import link
from wherefrom.service.api.responses import problem_response
from wherefrom.service.errors import UnsupportedBody
from wherefrom.service.settings import Settings

REQUEST_TIMEOUT = 408
CONTENT_TOO_LARGE = 413
SERVICE_UNAVAILABLE = 503
DOCUMENTS_PATH = "/v1/documents"
BATCH_PATH = f"{DOCUMENTS_PATH}:batch"
CLOSE_HEADERS = {"Connection": "close"}
DISCARDED_BYTES = 64 * 2**20
DISCARD_SECONDS = 10.0
"""Limits of reading on after a refusal: a client that still sends when the connection closes may lose the response."""


class BodyLimit:
    """Refuse bodies that are too large, declared or streamed, too slow, or compressed on paths for plain bodies only.

    FastAPI's own `max_body_size` answers a declared length with plain text.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted, or refuse it."""
        if scope["type"] != "http" or scope["method"] == "GET":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        max_bytes = body_limit(path, self._settings)
        headers = Headers(scope=scope)
        if error := _refusal(headers, max_bytes, gzip_allowed=path.startswith(DOCUMENTS_PATH)):
            if "expect" not in headers:  # such a client waits for the response before it sends the body
                await _discard(receive)
            await problem_response(describe(error, link(scope, path)), CLOSE_HEADERS)(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, max_bytes, self._settings.request_seconds), send)


def body_limit(path: str, settings: Settings) -> int:
    """Return the maximum size in bytes of a body sent to this path."""
    if path == BATCH_PATH:
        return settings.max_upload_bytes
    return settings.max_document_bytes if path.startswith(DOCUMENTS_PATH) else settings.max_body_bytes


def too_large(max_bytes: int, suffix: str = "") -> HTTPException:
    """Return the error for a body beyond the limit: the only type that FastAPI passes on while it reads a body."""
    return HTTPException(CONTENT_TOO_LARGE, f"the body is larger than {max_bytes} bytes{suffix}", CLOSE_HEADERS)


def _refusal(headers: Headers, max_bytes: int, *, gzip_allowed: bool) -> Exception | None:
    length, coding = headers.get("content-length", ""), headers.get("content-encoding", "identity")
    if length.isdecimal() and int(length) > max_bytes:
        return too_large(max_bytes)
    if not gzip_allowed and coding != "identity":
        return UnsupportedBody(f"Content-Encoding: {coding!r} is not read here")
    return None


def _counted(receive: Receive, max_bytes: int, timeout_seconds: float) -> Receive:
    received_bytes, is_complete = 0, False
    deadline = asyncio.get_running_loop().time() + timeout_seconds

    async def counted() -> Message:
        nonlocal received_bytes, is_complete
        if is_complete:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            reason = f"the body did not come within {timeout_seconds:g} s"
            raise HTTPException(REQUEST_TIMEOUT, reason, CLOSE_HEADERS) from None
        except asyncio.CancelledError:
            # Only uvicorn cancels a request that waits for its body: when the shutdown time is over.
            raise HTTPException(
                SERVICE_UNAVAILABLE, "the service is shutting down; send it again", CLOSE_HEADERS
            ) from None
        received_bytes += len(message.get("body", b""))
        is_complete = not message.get("more_body", False)
        if received_bytes > max_bytes:
            if not is_complete:
                await _discard(receive)
            raise too_large(max_bytes)
        return message

    return counted


async def _discard(receive: Receive) -> None:
    """Read the rest of a body, within limits of size and time, so that the client gets to read the response."""
    left = DISCARDED_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            while left > 0:
                message = await receive()
                if not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
