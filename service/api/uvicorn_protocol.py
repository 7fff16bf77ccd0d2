"""Uvicorn's httptools protocol with limits for request heads, no upgrades, and problems as error responses.

httptools parses in C; with h11 a tenth of a request's time is spent parsing in Python. The parser itself limits neither
the size of a request's head nor the time of its arrival, so both limits are here. Nor does it stop between requests:
from a client that sends many requests without waiting for the answers (pipelining), it would parse thousands, each into
objects of fifty times its size. So data is parsed in slices, and while MAX_PIPELINED requests wait, the rest is kept
unparsed.

An upgrade, such as to HTTP/2 (`h2c`), is declined by answering the request as ordinary HTTP/1.1, as RFC 9110 (7.8)
allows. httptools stops at the end of such a request's head and leaves the body to the new protocol; so a new parser
continues from there.
"""

import asyncio
from typing import Any

from httptools import HttpParserError, HttpParserInvalidURLError, HttpParserUpgrade, HttpRequestParser
from starlette.responses import Response
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from wherefrom.service.api.responses import problem_response
from wherefrom.service.schemas.problem import TYPE_PREFIX, http_problem

BAD_REQUEST = 400
REQUEST_TIMEOUT = 408
HEADERS_TOO_LARGE = 431
NOT_IMPLEMENTED = 501
MAX_HEAD_BYTES = 64 * 1024
"""Maximum size of a head, and of the overhead of a chunked body: the head of a chunk, or the trailer fields."""
MAX_PIPELINED = 8
"""Maximum number of requests of one connection that wait for the answer to the one before; later data is not parsed."""
SLICE_BYTES = 2 * 1024
"""Number of bytes that are parsed before the number of waiting requests is checked."""
BODY_SLICE_BYTES = 16 * 1024
"""The same inside a chunked body, whose end is not known."""
HEAD_TIMEOUT_SECONDS = 30.0
INVALID = "Invalid HTTP request received."
INVALID_ADDRESS = (
    "the address of the request has a character that must be percent-encoded: %C3%A9 for \u00e9, as with curl's"
    " --data-urlencode"
)
FRAMING_HEADERS = (b"content-length", b"transfer-encoding")
"""Headers that determine the end of a body."""


class HeldFlow(FlowControl):
    """Flow control that never reads from the connection while `held`, since received data must be parsed first."""

    held = False

    def resume_reading(self) -> None:
        """Read again, unless reading is held."""
        if not self.held:
            super().resume_reading()


class Refused(Exception):
    """A request that is not answered by the application; raised inside a callback of the parser."""


class ProblemProtocol(HttpToolsProtocol):
    """Refuses malformed HTTP, and heads that are too large or too slow, with a problem; limits pipelining."""

    _in_head = True
    _head_timeout: asyncio.TimerHandle | None = None
    _overhead_bytes = 0
    """Bytes since the head began or, inside a chunked body, since the last content."""
    _body_bytes_left = 0
    """Bytes of the present body that have not arrived yet, if its length is known."""
    _in_chunked_body = False
    _running: RequestResponseCycle | None = None
    """The request that is being answered; `cycle` is the last one that was received."""
    _unparsed = b""
    """Data that has been received after MAX_PIPELINED waiting requests."""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Start the time limit of the first head."""
        super().connection_made(transport)
        self.flow = self._flow = HeldFlow(transport)
        self._start_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limit; notify the request that is being answered: uvicorn notifies only the last one."""
        self._stop_head_timeout()
        self._unparsed = b""
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse data, or keep it while too many requests wait."""
        self._unset_keepalive_if_required()
        if self._unparsed:
            self._unparsed += data
        else:
            self._parse_slices(data)

    def on_response_complete(self) -> None:
        """Begin the next request, and parse the kept data."""
        super().on_response_complete()
        if self._unparsed and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            data, self._unparsed = self._unparsed, b""
            self._flow.held = False
            if self._in_head:
                self._start_head_timeout()
            self._parse_slices(data)
            self._flow.resume_reading()

    def on_message_begin(self) -> None:
        """Start the limits of a head."""
        super().on_message_begin()
        self._start_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head; fields after a body are counted and otherwise ignored (RFC 9110, 6.5.1)."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End the limits of a head. Raise Refused if the transfer coding of the body is not supported."""
        self._in_head = False
        self._overhead_bytes = 0
        self._stop_head_timeout()
        for name, value in self.headers:
            if name == b"content-length":
                self._body_bytes_left = int(value)
            elif name == b"transfer-encoding":
                if value.strip().lower() != b"chunked":
                    raise Refused(NOT_IMPLEMENTED, "Transfer-Encoding: only chunked is read")
                self._in_chunked_body = True
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Reset the overhead, since a chunk has begun."""
        self._overhead_bytes = 0

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._overhead_bytes = 0
        self._body_bytes_left -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; one that offers an upgrade ends later, since its body has not been parsed."""
        if not self.parser.should_upgrade():
            self._body_bytes_left = self._overhead_bytes = 0
            self._in_chunked_body = False
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _parse_slices(self, data: bytes) -> None:
        """Parse data slice by slice, until too many requests wait."""
        start = 0
        while start < len(data):
            if len(self.pipeline) >= MAX_PIPELINED:
                self._unparsed = data[start:]
                self._stop_head_timeout()  # the rest of a head may be here already
                self._flow.pause_reading()
                self._flow.held = True
                return
            end = start + self._slice_bytes()
            part = data if end >= len(data) and not start else data[start:end]
            if not self._parse_slice(part):
                return
            start = end

    def _slice_bytes(self) -> int:
        if self._in_chunked_body:
            return BODY_SLICE_BYTES
        return max(self._body_bytes_left, SLICE_BYTES)

    def _parse_slice(self, part: bytes) -> bool:
        """Parse a slice, and return whether the connection goes on."""
        try:
            self._parse(part)
        except HttpParserError as error:
            refused = error.__context__
            invalid = INVALID_ADDRESS if isinstance(error, HttpParserInvalidURLError) else INVALID
            status, reason = refused.args if isinstance(refused, Refused) else (BAD_REQUEST, invalid)
            self._refuse(status, reason)
        if self._in_head or self._in_chunked_body:
            self._overhead_bytes += len(part)
        if self._overhead_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            what = "head" if self._in_head else "fields after the body or around its chunks"
            self._refuse(HEADERS_TOO_LARGE, f"the {what} of the request is larger than {MAX_HEAD_BYTES} bytes")
        return not self.transport.is_closing()

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
        self._in_head = True
        self._overhead_bytes = 0
        if self._head_timeout is None:
            self._start_head_timeout()

    def _start_head_timeout(self) -> None:
        self._head_timeout = self.loop.call_later(HEAD_TIMEOUT_SECONDS, self._time_out)

    def _stop_head_timeout(self) -> None:
        if self._head_timeout is not None:
            self._head_timeout.cancel()
            self._head_timeout = None

    def _time_out(self) -> None:
        if not self.transport.is_closing():
            reason = f"the head of the request did not come within {HEAD_TIMEOUT_SECONDS:g} s"
            self._refuse(REQUEST_TIMEOUT, reason)

    def _refuse(self, status: int, reason: str) -> None:
        problem = http_problem(status, reason, "/")
        if metrics := getattr(getattr(self.config.app, "state", None), "metrics", None):
            metrics.refused(problem.type.removeprefix(TYPE_PREFIX))
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # the application must not write its response after this one
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self.transport.close()
                return
        response = problem_response(problem, {"connection": "close"})
        status_line = f"HTTP/1.1 {status} {problem.title}\r\n".encode()
        self.transport.write(status_line + _header_lines(response) + b"\r\n" + bytes(response.body))
        self.transport.close()


class _AfterHead:
    """Callbacks of a parser that parses a request's head again, which the protocol has already seen."""

    def __init__(self, protocol: ProblemProtocol) -> None:
        self._protocol = protocol
        self.in_known_head = True
        self.on_body = protocol.on_body
        self.on_chunk_header = protocol.on_chunk_header
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


def _begin_after_head(protocol: ProblemProtocol) -> None:
    """Replace the protocol's parser by one at the end of the present head, without the head's offer of an upgrade."""
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
