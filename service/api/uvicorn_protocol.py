"""Uvicorn's httptools protocol with limits for request heads, and problems as error responses.

httptools parses in C; with h11 a tenth of a request's time is spent parsing in Python. The parser itself limits neither
the size of a request's head nor how long it may take to arrive, so both limits are here.
"""

import asyncio
from typing import Any

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
        super().data_received(data)
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

    def send_400_response(self, msg: str) -> None:
        """Send a problem and close the connection."""
        self._refuse(BAD_REQUEST, msg)

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


def _header_lines(response: Response) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
