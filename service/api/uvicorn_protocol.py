"""Uvicorn's httptools protocol with limits for request heads, no upgrades, and problems as error responses.

httptools parses in C; with h11 a tenth of a request's time is spent parsing in Python. The parser itself limits neither
the size of a request's head nor how long it may take to arrive, so both limits are here.

An upgrade, such as to HTTP/2 (`h2c`), is declined by answering the request as ordinary HTTP/1.1, as RFC 9110 (7.8)
allows. httptools stops at the end of such a request's head and leaves the body to a protocol that we do not have; so a
new parser goes on from there.
"""

import asyncio
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wherefrom.service.api.responses import problem_response
from wherefrom.service.schemas.problem import http_problem

BAD_REQUEST = 400
REQUEST_TIMEOUT = 408
HEADERS_TOO_LARGE = 431
MAX_HEAD_BYTES = 64 * 1024
"""A head that arrives in a single read, of at most 256 KiB, is let through."""
HEAD_TIMEOUT_SECONDS = 30.0
FRAMING_HEADERS = (b"content-length", b"transfer-encoding")
"""They say where a body ends."""
PROBLEM_TYPES = {
    BAD_REQUEST: "bad-request",
    REQUEST_TIMEOUT: "request-timeout",
    HEADERS_TOO_LARGE: "request-header-fields-too-large",
}
REASON_PHRASES = {
    BAD_REQUEST: "Bad Request",
    REQUEST_TIMEOUT: "Request Timeout",
    HEADERS_TOO_LARGE: "Request Header Fields Too Large",
}


class ProblemProtocol(HttpToolsProtocol):
    """Refuses malformed HTTP, and heads that are too large or too slow, with a problem."""

    _head_bytes = 0
    _head_timeout: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Start the time limit of the first head."""
        super().connection_made(transport)
        self._start_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limit."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse data, counting the bytes of an incomplete head."""
        self._unset_keepalive_if_required()
        try:
            self._parse(data)
        except HttpParserError:
            self._refuse(BAD_REQUEST, "Invalid HTTP request received.")
        if self._head_timeout is not None and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(HEADERS_TOO_LARGE, f"the head of the request is larger than {MAX_HEAD_BYTES} bytes")

    def on_message_begin(self) -> None:
        """Start the limits of a head."""
        super().on_message_begin()
        if self._head_timeout is None:
            self._start_head()

    def on_headers_complete(self) -> None:
        """End the limits of a head."""
        self._end_head()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request; one that offers an upgrade ends later, since its body has not been parsed."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _parse(self, data: bytes | memoryview) -> None:
        while True:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as upgrade:
                data = memoryview(data)[upgrade.args[0] :]
                _begin_after_head(self)
            else:
                return

    def _start_head(self) -> None:
        self._head_bytes = 0
        self._head_timeout = self.loop.call_later(HEAD_TIMEOUT_SECONDS, self._time_out)

    def _end_head(self) -> None:
        if self._head_timeout is not None:
            self._head_timeout.cancel()
            self._head_timeout = None

    def _time_out(self) -> None:
        if not self.transport.is_closing():
            reason = f"the head of the request did not come within {HEAD_TIMEOUT_SECONDS:g} s"
            self._refuse(REQUEST_TIMEOUT, reason)

    def _refuse(self, status: int, reason: str) -> None:
        if metrics := getattr(getattr(self.config.app, "state", None), "metrics", None):
            metrics.refused(PROBLEM_TYPES[status])
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # the application must not write its response after this one
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self.transport.close()
                return
        response = problem_response(http_problem(status, reason, "/"), {"connection": "close"})
        status_line = f"HTTP/1.1 {status} {REASON_PHRASES[status]}\r\n".encode()
        self.transport.write(status_line + _header_lines(response) + b"\r\n" + bytes(response.body))
        self.transport.close()


class _AfterHead:
    """Callbacks of a parser that begins with the head of a request whose head the protocol has seen already."""

    def __init__(self, protocol: HttpToolsProtocol) -> None:
        self._protocol = protocol
        self.in_known_head = True
        self.on_body = protocol.on_body
        self.on_message_complete = protocol.on_message_complete

    def on_message_begin(self) -> None:
        if not self.in_known_head:
            self._protocol.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if not self.in_known_head:
            self._protocol.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.in_known_head:
            self._protocol.on_header(name, value)

    def on_headers_complete(self) -> None:
        if not self.in_known_head:
            self._protocol.on_headers_complete()


def _begin_after_head(protocol: HttpToolsProtocol) -> None:
    """Give the protocol a parser at the end of the head that it has seen, without that head's offer of an upgrade."""
    callbacks = _AfterHead(protocol)
    protocol.parser = HttpRequestParser(callbacks)
    protocol.parser.set_dangerous_leniencies(lenient_data_after_close=True)
    lines = [name + b": " + value + b"\r\n" for name, value in protocol.headers if name in FRAMING_HEADERS]
    if not protocol.cycle.keep_alive:
        lines.append(b"connection: close\r\n")
    protocol.parser.feed_data(b"POST / HTTP/1.1\r\n" + b"".join(lines) + b"\r\n")
    callbacks.in_known_head = False


def _header_lines(response: Response) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
