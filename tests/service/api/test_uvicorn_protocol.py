import asyncio
import http.client
import json
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from tests.support.documents import prose
from tests.support.servers.word_server import word_server
from wherefrom.service.api import uvicorn_protocol
from wherefrom.service.api.uvicorn_protocol import MAX_HEAD_BYTES, ProblemProtocol

UPGRADE = b"Host: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAM\r\n"
WORDS = b"ordinary request"
ANSWERED = PlainTextResponse("answered")


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


def response_to(*parts: bytes, pause: float = 0, app: ASGIApp = ANSWERED) -> bytes:
    """Return the response of a minimal server to these bytes, until it closes the connection."""

    async def scenario() -> bytes:
        config = Config(app, http=ProblemProtocol, ws="none", lifespan="off", log_config=None)
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


def test_a_letter_that_is_not_encoded_in_the_address_is_told() -> None:
    response = response_to("GET /v1/ask?q=Erdo\u011fan HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert response.startswith(b"HTTP/1.1 400 ")
    assert "percent-encoded" in json.loads(response.partition(b"\r\n\r\n")[2])["detail"]


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


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the method, the path and the body."""
    request = Request(scope, receive)
    text = f"<{request.method} {request.url.path} {(await request.body()).decode()}>"
    await PlainTextResponse(text)(scope, receive, send)


def echoes(*parts: bytes, pause: float = 0) -> list[bytes]:
    return re.findall(rb"<[^>]*>", response_to(*parts, pause=pause, app=echo))


def offer(method: bytes, path: bytes, *framing: bytes) -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\n" + UPGRADE + b"".join(line + b"\r\n" for line in framing) + b"\r\n"


LAST = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"GET", b"DELETE"])
def test_a_body_sent_with_an_offer_to_upgrade_is_read(method: bytes) -> None:
    name = method.decode()
    sized = offer(method, b"/a", b"Content-Length: %d" % len(WORDS)) + WORDS
    chunked = offer(method, b"/b", b"Transfer-Encoding: chunked") + b"8\r\nordinary\r\n8\r\n request\r\n0\r\n\r\n"
    expected = [f"<{name} /{path} ordinary request>".encode() for path in "ab"] + [b"<GET /last >"]
    assert echoes(sized, chunked, LAST, pause=0.05) == expected
    assert echoes(sized + chunked + LAST) == expected
    whole = sized + chunked + LAST
    assert echoes(*(whole[at : at + 7] for at in range(0, len(whole), 7)), pause=0.001) == expected


def test_requests_without_a_body_that_offer_an_upgrade_keep_the_connection() -> None:
    assert echoes(offer(b"GET", b"/a"), offer(b"GET", b"/b"), LAST, pause=0.05) == [
        *(b"<GET /a >", b"<GET /b >", b"<GET /last >")
    ]
    assert echoes(offer(b"GET", b"/a") * 50 + LAST) == [b"<GET /a >"] * 50 + [b"<GET /last >"]


def test_a_large_body_sent_with_an_offer_arrives_whole() -> None:
    size = 1_000_000
    head = offer(b"PUT", b"/a", b"Content-Length: %d" % size)
    (echoed,) = echoes(head, b"a" * size, LAST, pause=0.05)[:1]
    assert echoed == b"<PUT /a " + b"a" * size + b">"


def test_an_offer_to_close_is_kept() -> None:
    head = b"POST /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\n"
    response = response_to(head, b"hello", app=echo)
    assert b"<POST /a hello>" in response
    assert b"connection: close" in response


def test_what_follows_such_a_body_is_a_request_of_its_own() -> None:
    """The length decides where the body ends, so that nobody can hide a request behind an offer."""
    response = response_to(offer(b"POST", b"/a", b"Content-Length: 5") + b"hello" + b"garbage\r\n\r\n", app=echo)
    assert b"400 Bad Request" in response
    both = offer(b"POST", b"/a", b"Content-Length: 5", b"Transfer-Encoding: chunked")
    assert b"400 Bad Request" in response_to(both + b"0\r\n\r\n", app=echo)


def test_an_offer_of_websockets_is_declined_in_the_same_way() -> None:
    head = offer(b"GET", b"/a").replace(b"h2c", b"websocket")
    assert echoes(head, LAST, pause=0.05) == [b"<GET /a >", b"<GET /last >"]


def test_a_client_that_offers_http_2_asks_writes_and_uploads(tmp_path: Path) -> None:
    line = {"id": "h2c-line", "text": "The lighthouse of Westport went dark on Sunday, its keeper said."}
    offered = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAAAAIAAAABAAM"}
    requests = [
        ("POST", "/v1/ask", json.dumps({"question": "what is THAAD for?"}).encode(), "application/json", 200),
        ("PUT", "/v1/documents/h2c", prose(4), "text/plain", 201),
        ("POST", "/v1/documents:batch", json.dumps(line).encode(), "application/x-ndjson", 200),
        ("GET", "/v1/documents/h2c-line", None, "", 200),
    ]
    with word_server(tmp_path / "data") as served:
        address = urlsplit(served.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        for method, path, body, media_type, status in requests:
            connection.request(method, path, body, {**offered, "Content-Type": media_type})
            response = connection.getresponse()
            content = response.read()
            assert response.status == status, content
        connection.close()
    assert json.loads(content)["document_id"] == "h2c-line"
    assert not any("upgrade" in line.lower() for line in served.lines)


def get(path: str) -> bytes:
    return f"GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def test_thousands_of_pipelined_requests_are_answered_in_order() -> None:
    requests = b"".join(get(str(number)) for number in range(5_000))
    assert echoes(requests + LAST) == [f"<GET /{number} >".encode() for number in range(5_000)] + [b"<GET /last >"]
    cut = [(requests + LAST)[at : at + 9_973] for at in range(0, len(requests), 9_973)]
    assert len(echoes(*cut)) == 5_001


def test_pipelined_bodies_are_read_whole() -> None:
    sized = [b"PUT /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n" % n + b"a" * 3_000 for n in range(40)]
    chunk = b"bb8\r\n" + b"b" * 3_000 + b"\r\n0\r\n\r\n"
    chunked = [b"PUT /%d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" % n + chunk for n in range(40)]
    echoed = echoes(b"".join(sized + chunked) + LAST)
    assert echoed[:40] == [b"<PUT /%d " % n + b"a" * 3_000 + b">" for n in range(40)]
    assert echoed[40:80] == [b"<PUT /%d " % n + b"b" * 3_000 + b">" for n in range(40)]
    assert echoed[80:] == [b"<GET /last >"]


@pytest.mark.parametrize("first", [get("first"), b"POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"])
def test_behind_an_answer_that_takes_long_few_requests_are_parsed_and_few_bytes_read(first: bytes) -> None:
    seen: list[tuple[int, int]] = []

    async def scenario() -> None:
        release, protocols = asyncio.Event(), list[ProblemProtocol]()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await Request(scope, receive).body()
            waiting = asyncio.ensure_future(receive())  # as a streaming response does, to see the client leave
            await release.wait()
            waiting.cancel()
            await ANSWERED(scope, receive, send)

        def protocol() -> ProblemProtocol:
            protocols.append(ProblemProtocol(config, ServerState(), {}))
            return protocols[-1]

        config = Config(app, http=ProblemProtocol, ws="none", lifespan="off", log_config=None)
        config.load()
        loop = asyncio.get_running_loop()
        async with await loop.create_server(protocol, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            writer.write(first)
            await asyncio.sleep(0.05)
            writer.write(get("x") * 20_000 + LAST)
            for _ in range(20):
                await asyncio.sleep(0.02)
                seen.append((len(protocols[0].pipeline), len(protocols[0]._unparsed)))
            release.set()
            response = await asyncio.wait_for(reader.read(), timeout=100)
            assert response.count(b"answered") == 20_002
            writer.close()

    asyncio.run(scenario())
    assert max(waiting for waiting, _ in seen) <= 8 + 2_048 // len(get("x"))
    assert max(size for _, size in seen) <= 512 * 1024


CHUNKED = b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


async def fields(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the names of the request's fields, once its body is read."""
    request = Request(scope, receive)
    await request.body()
    await PlainTextResponse(f"<{','.join(request.headers)}>")(scope, receive, send)


def test_fields_after_a_body_are_left_out() -> None:
    trailers = b"3\r\nabc\r\n0\r\nX-Forwarded-For: 1.2.3.4\r\nAuthorization: Bearer a\r\n\r\n"
    response = response_to(CHUNKED + trailers + LAST, app=fields)
    assert re.findall(rb"<[^>]*>", response) == [b"<host,transfer-encoding>", b"<host,connection>"]


@pytest.mark.parametrize(
    "part", [b"X-%d: " + b"a" * 4_000 + b"\r\n", b"a" * 4_000], ids=["many fields", "one field without an end"]
)
def test_fields_after_a_body_are_bounded(part: bytes) -> None:
    parts = [part.replace(b"%d", b"%d" % number) for number in range(MAX_HEAD_BYTES // 4_000 + 1)]
    response = response_to(CHUNKED + b"3\r\nabc\r\n0\r\n", *parts, app=echo, pause=0.001)
    assert response.startswith(b"HTTP/1.1 431 ")
    assert b"fields after the body" in response


def test_what_a_chunk_says_beside_its_size_is_bounded() -> None:
    response = response_to(CHUNKED + b"3;", *[b"a" * 4_000] * (MAX_HEAD_BYTES // 4_000 + 1), app=echo, pause=0.001)
    assert response.startswith(b"HTTP/1.1 431 ")


def test_small_chunks_are_no_overhead() -> None:
    chunks = b"1\r\na\r\n" * 40_000
    (echoed, _) = echoes(CHUNKED + chunks + b"0\r\n\r\n" + LAST)
    assert echoed == b"<POST /a " + b"a" * 40_000 + b">"


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"Gzip,chunked"])
def test_a_transfer_coding_that_is_not_decoded_is_not_implemented(coding: bytes) -> None:
    response = response_to(CHUNKED.replace(b"chunked", coding) + b"3\r\nabc\r\n0\r\n\r\n" + LAST, app=echo)
    assert response.startswith(b"HTTP/1.1 501 Not Implemented\r\n")
    assert response.count(b"HTTP/1.1 ") == 1
