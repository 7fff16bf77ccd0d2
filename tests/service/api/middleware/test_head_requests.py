"""HEAD is answered wherever GET is, with the headers of GET and no body (RFC 9110, 9.3.2)."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import FIRST, QUESTION, seeds_library
from tests.support.servers.word_server import word_server

VARYING = ("x-request-id", "date")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened


def readable_paths(client: TestClient) -> list[str]:
    described = client.get("/openapi.json").json()["paths"]
    paths = [path.format(document_id=FIRST, number=1) for path, operations in described.items() if "get" in operations]
    assert "/v1/documents" in paths
    assert "/livez" in paths
    return [*(path for path in paths if path not in ("/v1/ask", "/metrics")), "/", "/docs", "/openapi.json"]


def test_head_has_the_status_and_headers_of_get_on_every_path(client: TestClient) -> None:
    for path in readable_paths(client):
        for coding in ("identity", "gzip"):
            got, head = (
                client.request(method, path, headers={"accept-encoding": coding}) for method in ("GET", "HEAD")
            )
            is_there = "/pages/" not in path  # a text has none
            assert (head.status_code, head.content) == (200 if is_there else 404, b""), path
            assert {**head.headers, **dict.fromkeys(VARYING)} == {**got.headers, **dict.fromkeys(VARYING)}, path


def test_a_question_and_metrics_have_head_too(client: TestClient) -> None:
    for path in (f"/v1/ask?q={QUESTION}", "/metrics"):
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) > 0


def test_an_error_and_an_unchanged_state_are_the_same_for_head(client: TestClient) -> None:
    assert client.head("/v1/documents/none").status_code == 404
    assert client.head("/v1/ask?q=x&topk=3").status_code == 422
    etag = client.head(f"/v1/documents/{FIRST}").headers["etag"]
    assert client.head(f"/v1/documents/{FIRST}", headers={"if-none-match": etag}).status_code == 304


def test_a_path_without_get_has_no_head(client: TestClient) -> None:
    for path in ("/v1/ask/batch", "/v1/citations/verify", "/mcp"):
        response = client.head(path)
        assert response.status_code == 405
        assert "HEAD" not in response.headers["allow"]


def test_the_description_lists_no_head(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert not any("head" in operations for operations in paths.values())


def test_head_counts_as_head_of_its_route(tmp_path: Path) -> None:
    with local_client(lambda: seeds_library(tmp_path)) as client:
        client.head(f"/v1/documents/{FIRST}")
        text = client.get("/metrics").text
    line = next(line for line in text.splitlines() if 'method="HEAD"' in line)
    assert 'route="/v1/documents/{document_id}"' in line


def test_a_connection_goes_on_after_head(tmp_path: Path) -> None:
    with word_server(tmp_path / "data") as served:
        address = urlsplit(served.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        for path in ("/v1/documents", f"/v1/documents/{FIRST}/raw", "/docs/swagger-ui-bundle.js", "/livez"):
            connection.request("HEAD", path)
            response = connection.getresponse()
            assert (response.status, response.read()) == (200, b"")
            assert int(response.headers["content-length"]) > 0
        connection.request("GET", "/livez")
        assert connection.getresponse().read() == b'{"status":"live"}'
        connection.close()
