import asyncio
import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.responses import PlainTextResponse
from uvicorn import Config
from uvicorn.server import ServerState

from tests.support.word_server import word_server
from wherefrom.service.api import uvicorn_protocol
from wherefrom.service.api.uvicorn_protocol import MAX_HEAD_BYTES, ProblemProtocol


def test_malformed_http_is_refused_with_a_problem(tmp_path: Path) -> None:
    with word_server(tmp_path / "data") as served:
        address = urlsplit(served.url)
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(b"GET /livez HTTP/1.1\r\nhost\x00: x\r\n\r\n")
            response = connection.makefile("rb").read()
    head, _, body = response.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    assert json.loads(body)["detail"] == "Invalid HTTP request received."


def response_to(*parts: bytes, pause: float = 0) -> bytes:
    """Return the response of a minimal server to these bytes, until it closes the connection."""

    async def scenario() -> bytes:
        config = Config(PlainTextResponse("answered"), http=ProblemProtocol, lifespan="off", log_config=None)
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        async with await loop.create_server(lambda: ProblemProtocol(config, state, {}), "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            for part in parts:
                writer.write(part)
                await asyncio.sleep(pause)
            response = await asyncio.wait_for(reader.read(), timeout=10)
            writer.close()
            return response

    return asyncio.run(scenario())


def test_a_head_that_does_not_arrive_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn_protocol, "HEAD_TIMEOUT_SECONDS", 0.1)
    whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    for parts in ((), (b"GET / HTTP/1.1\r\nHost:",), (whole, b"GET /")):
        response = response_to(*parts, pause=0.05)
        assert b"HTTP/1.1 408 Request Timeout\r\n" in response
        assert response.count(b"answered") == (whole in parts)


def test_a_head_without_an_end_is_refused() -> None:
    response = response_to(b"GET / HTTP/1.1\r\nX: ", *[b"a" * 8_192] * (MAX_HEAD_BYTES // 8_192), pause=0.02)
    assert response.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"application/problem+json" in response


def test_a_large_body_does_not_count_as_head() -> None:
    head = f"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {2 * MAX_HEAD_BYTES}\r\n\r\n".encode()
    assert b"answered" in response_to(head + b"a" * MAX_HEAD_BYTES, b"a" * MAX_HEAD_BYTES, pause=0.05)
