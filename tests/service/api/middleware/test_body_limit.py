import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from tests.support.library_samples import WordEmbedder
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.api.middleware.body_limit import BodyLimit
from wherefrom.service.settings import Settings

JSON = {"content-type": "application/json"}
MOST = 100


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(max_body_bytes=MOST), lambda: Library.open(tmp_path, embedder=WordEmbedder()))
    with TestClient(app) as opened:
        yield opened


def body(size: int) -> bytes:
    return b'{"question": "x"}'.ljust(size)


def test_a_body_of_exactly_the_maximum_size_is_read(client: TestClient) -> None:
    assert client.post("/v1/ask", content=body(MOST), headers=JSON).status_code == 200


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/citations/verify", "/nowhere"])
def test_a_body_that_declares_more_is_refused_unread(client: TestClient, path: str) -> None:
    response = client.post(path, content=body(MOST + 1), headers=JSON)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"] == "the body is larger than 100 bytes"


def test_a_body_that_streams_more_is_refused(client: TestClient) -> None:
    pieces = (b"x" for _ in range(MOST + 1))
    response = client.post("/v1/ask", content=pieces, headers=JSON)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_a_content_length_that_is_no_number_is_ignored(client: TestClient) -> None:
    response = client.post("/v1/ask", content=body(50), headers=JSON | {"content-length": "many"})
    assert response.status_code == 200


def test_a_compressed_body_is_refused_where_compression_is_not_supported(client: TestClient) -> None:
    response = client.post("/v1/ask", content=body(50), headers=JSON | {"content-encoding": "gzip"})
    assert response.status_code == 415
    assert "Content-Encoding" in response.json()["detail"]


def test_a_body_that_does_not_arrive_times_out() -> None:
    async def slow() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def read_it(_: Scope, receive: Receive, __: Send) -> None:
        await receive()

    async def scenario() -> None:
        limited = BodyLimit(read_it, settings=Settings(request_seconds=0.05))
        with pytest.raises(HTTPException) as refused:
            await limited({"type": "http", "method": "POST", "path": "/v1/ask", "headers": []}, slow, send)
        assert refused.value.status_code == 408

    async def send(_: Message) -> None:
        raise AssertionError

    asyncio.run(scenario())


def test_no_timeout_applies_after_the_body_is_complete() -> None:
    messages: list[Message] = [{"type": "http.request", "body": b"x", "more_body": False}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        if len(messages) == 1:
            await asyncio.sleep(0.2)
        return messages.pop(0)

    async def read_it(_: Scope, receive: Receive, __: Send) -> None:
        assert (await receive())["body"] == b"x"
        assert (await receive())["type"] == "http.disconnect"

    async def scenario() -> None:
        limited = BodyLimit(read_it, settings=Settings(request_seconds=0.1))
        await limited({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send)

    async def send(_: Message) -> None:
        raise AssertionError

    asyncio.run(scenario())
    assert messages == []
