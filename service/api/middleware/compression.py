"""Compression: bodies are sent as gzip to clients that accept it, each form with an entity tag of its own.

Starlette's GZipMiddleware treats `gzip;q=0` as acceptance, wraps the responses of clients that did not ask, compresses
at level 9 on the event loop, and gives both forms one strong tag. RFC 9110 (8.8.3.3) requires different tags: the tag
of the compressed form has the suffix `-gzip`. The suffix is removed from `If-Match` and `If-None-Match` of requests, so
that routes know one tag only. A weak tag names the state and not the bytes, and stays.
"""

import re
import zlib
from collections.abc import Iterable

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MIN_BYTES = 1_000
LEVEL = 1
"""zlib's level: half the time of the default, for a result 8 % larger; 70 us for an answer of 10 kB."""
THREAD_BYTES = 64 * 1024
"""Size from which compression runs in a worker thread; it takes about 0.4 ms."""
GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS
COMPRESSIBLE = re.compile(
    r"text/(?!event-stream)|application/([\w.-]+\+)?(json|javascript|xml|x-ndjson)|image/svg\+xml"
)
CODING = re.compile(r"\s*([^\s;,]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII | re.IGNORECASE)
GZIP_NAMES = ("gzip", "x-gzip")
CONDITIONS = (b"if-match", b"if-none-match")
SUFFIXED = re.compile(rb'-gzip(?=")')
NOT_MODIFIED = 304


class Compression:
    """Compress complete bodies from 1 kB up where the client accepts gzip; streams and ranges are sent as they are.

    `Vary` is set on every response by `SecurityHeaders`, so for other requests only their headers are checked.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and compress the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        accepted, had_suffix = b"", False
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted += b"," + value
            elif name in CONDITIONS and SUFFIXED.search(value):
                had_suffix = True
        if had_suffix:
            scope["headers"] = list(_without_suffixes(scope["headers"]))
        if accepted and accepts_gzip(accepted.decode("latin-1")):
            tagged = scope["method"] == "GET"
            send = _Response(send, tags_content=tagged, is_revalidation=tagged and had_suffix).send
        await self._app(scope, receive, send)


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether a client accepts gzip, and does not prefer the plain body (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accept_encoding.split(","):
        if match := CODING.fullmatch(part):
            weights[match[1].lower()] = float(match[2] or 1)
    gzip = max((weights[name] for name in GZIP_NAMES if name in weights), default=weights.get("*", 0))
    return gzip > 0 and gzip >= weights.get("identity", 0)


class _Response:
    """One response on its way to a client that accepts gzip: its head is held back until its body is known."""

    def __init__(self, send: Send, *, tags_content: bool, is_revalidation: bool) -> None:
        """With `tags_content` the entity tag is of the response's body; the tag of a PUT is of the stored document."""
        self._send = send
        self._tags_content = tags_content
        self._is_revalidation = is_revalidation
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if message["status"] == NOT_MODIFIED and self._is_revalidation:
                _add_suffix(headers)
            if _is_compressible(message["status"], headers):
                self._start = message
                return
        elif self._start is not None:
            start, self._start = self._start, None
            body: bytes = message.get("body", b"")
            if len(body) >= MIN_BYTES and not message.get("more_body", False):
                message["body"] = await _compress(body)
                start["headers"] = self._compressed_headers(start, len(message["body"]))
            await self._send(start)
        await self._send(message)

    def _compressed_headers(self, start: Message, size: int) -> list[tuple[bytes, bytes]]:
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-encoding"] = "gzip"
        headers["content-length"] = str(size)
        if "accept-ranges" in headers:
            del headers["accept-ranges"]
        if self._tags_content:
            _add_suffix(headers)
        return headers.raw


def _is_compressible(status: int, headers: MutableHeaders) -> bool:
    return (
        status not in (204, 206, NOT_MODIFIED)
        and "content-encoding" not in headers
        and COMPRESSIBLE.match(headers.get("content-type", "").lower()) is not None
    )


async def _compress(body: bytes) -> bytes:
    if len(body) < THREAD_BYTES:
        return _gzip(body)
    return await to_thread.run_sync(_gzip, body)


def _gzip(body: bytes) -> bytes:
    """Compress a body; equal bodies give equal bytes, since the header has no time."""
    stream = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP_WINDOW_BITS)
    return stream.compress(body) + stream.flush()


def _add_suffix(headers: MutableHeaders) -> None:
    tag = headers.get("etag", "")
    if tag.startswith('"'):
        headers["etag"] = f'{tag[:-1]}-gzip"'


def _without_suffixes(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    for name, value in headers:
        yield name, SUFFIXED.sub(b"", value) if name in CONDITIONS else value
