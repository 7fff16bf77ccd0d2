"""HTTP as httptools parses it: in C, where h11 spends a tenth of a request's time in Python.

The parser itself has no bounds, so they are here: how large a request's head may be, and how long it may take to come.
"""

import asyncio
from typing import Any

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wherefrom.service.api.joined_writes import JoinedWrites
from wherefrom.service.schemas.problem import http_problem, problem_response

MALFORMED = 400
TOO_SLOW = 408
TOO_LARGE = 431
MOST_HEAD = 64 * 1024
"""Bytes of a head; one that comes in a single read, of at most 256 KiB, is let through."""
HEAD_SECONDS = 30.0
REASONS = {MALFORMED: "Bad Request", TOO_SLOW: "Request Timeout", TOO_LARGE: "Request Header Fields Too Large"}


class ProblemProtocol(HttpToolsProtocol):
    """Refuses what is no HTTP, and heads that are too large or too slow, with a problem, as all else is refused."""

    _head_bytes = 0
    _head_ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Wait for the first head, but not for ever."""
        super().connection_made(JoinedWrites(transport, self.loop))  # type: ignore[arg-type]
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and count what comes before a head is whole."""
        super().data_received(data)
        if self._head_ends is not None and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD:
                self._refuse(TOO_LARGE, f"the head of the request is larger than {MOST_HEAD} bytes")

    def on_message_begin(self) -> None:
        """Begin to count and to wait."""
        super().on_message_begin()
        if self._head_ends is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """Stop counting and waiting."""
        self._end_head()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong and close the connection."""
        self._refuse(MALFORMED, msg)

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_ends = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _end_head(self) -> None:
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self._refuse(TOO_SLOW, f"the head of the request did not come within {HEAD_SECONDS:g} s")

    def _refuse(self, status: int, reason: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whoever answers this request is not to do so behind our words
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self.transport.close()
                return
        response = problem_response(http_problem(status, reason, "/"), {"connection": "close"})
        head = f"HTTP/1.1 {status} {REASONS[status]}\r\n".encode()
        self.transport.write(head + _lines(response) + b"\r\n" + bytes(response.body))
        self.transport.close()


def _lines(response: Response) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
