"""No request body is read beyond a bound, or waited for longer than a bound."""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wherefrom.service.error_mapping import describe
from wherefrom.service.errors import UnsupportedBody
from wherefrom.service.schemas.problem import problem_response
from wherefrom.service.settings import Settings

TOO_SLOW = 408
TOO_LARGE = 413
UPLOADS = "/v1/documents"
BATCH = f"{UPLOADS}:batch"
CLOSE = {"Connection": "close"}


class BodyLimit:
    """Refuse bodies that are too large, declared or streamed, too slow, or packed where packing is not read.

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
        most = bound(path, self._settings)
        if error := _refused(Headers(scope=scope), most, packed=path.startswith(UPLOADS)):
            await problem_response(describe(error, path), CLOSE)(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, most, self._settings.request_seconds), send)


def bound(path: str, settings: Settings) -> int:
    """The most bytes that a body sent to this path may have."""
    if path == BATCH:
        return settings.max_upload_bytes
    return settings.max_document_bytes if path.startswith(UPLOADS) else settings.max_body_bytes


def _refused(headers: Headers, most: int, *, packed: bool) -> Exception | None:
    length, coding = headers.get("content-length", ""), headers.get("content-encoding", "identity")
    if length.isdecimal() and int(length) > most:
        return too_large(most)
    if not packed and coding != "identity":
        return UnsupportedBody(f"Content-Encoding: {coding!r} is not read here")
    return None


def _counted(receive: Receive, most: int, seconds: float) -> Receive:
    seen, whole = 0, False
    deadline = asyncio.get_running_loop().time() + seconds

    async def counted() -> Message:
        nonlocal seen, whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise HTTPException(TOO_SLOW, f"the body did not come within {seconds:g} s", CLOSE) from None
        seen += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if seen > most:
            raise too_large(most)
        return message

    return counted


def too_large(most: int, when: str = "") -> HTTPException:
    """The error of a body beyond the bound; FastAPI lets no other through while it reads one."""
    return HTTPException(TOO_LARGE, f"the body is larger than {most} bytes{when}", CLOSE)
