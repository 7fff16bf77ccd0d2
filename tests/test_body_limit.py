from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.library import Library
from service.app import create_app
from service.settings import Settings
from tests.library_samples import WordEmbedder

JSON = {"content-type": "application/json"}
MOST = 100


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(max_body_bytes=MOST), lambda: Library.open(tmp_path, embedder=WordEmbedder()))
    with TestClient(app) as opened:
        yield opened


def body(size: int) -> bytes:
    return b'{"question": "x"}'.ljust(size)


def test_a_body_of_just_the_bound_is_read(client: TestClient) -> None:
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


def test_a_length_that_is_no_number_is_not_believed(client: TestClient) -> None:
    response = client.post("/v1/ask", content=body(50), headers=JSON | {"content-length": "many"})
    assert response.status_code == 200
