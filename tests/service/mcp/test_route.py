"""`/mcp` over HTTP: who may send to it, and under which addresses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import QUESTION, seeds_library
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.mcp.tools import TOOLS
from wherefrom.service.settings import Settings

PING: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"accept": "application/json, text/event-stream"}
SITE = "https://app.example.org"
KEY = "the-key-of-the-desk"
PREFLIGHT = {"origin": SITE, "access-control-request-method": "POST"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    settings = Settings(cors_origins=(SITE,), api_keys=parse_keys(f"desk:{KEY}"))
    with local_client(lambda: seeds_library(data), settings) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:9999", "file://"])
def test_a_foreign_origin_is_refused(client: TestClient, path: str, origin: str) -> None:
    for method in ("POST", "GET", "DELETE"):
        response = client.request(method, path, json=PING, headers={**ACCEPT, "origin": origin})
        assert response.status_code == 403
        assert "WHEREFROM_CORS_ORIGINS" in response.json()["detail"]


def test_a_key_does_not_excuse_a_foreign_origin(shared: TestClient) -> None:
    headers = {**ACCEPT, "authorization": f"Bearer {KEY}", "origin": "https://evil.example"}
    assert shared.post("/mcp", json=PING, headers=headers).status_code == 403


def test_a_second_origin_is_looked_at_too(client: TestClient) -> None:
    headers = [*ACCEPT.items(), ("origin", "http://127.0.0.1:8000"), ("origin", "https://evil.example")]
    assert client.post("/mcp", json=PING, headers=headers).status_code == 403


def test_agents_without_an_origin_its_own_page_and_allowed_sites_are_answered(
    client: TestClient, shared: TestClient
) -> None:
    own: list[dict[str, str]] = [{}, {"origin": "http://127.0.0.1:8000"}]
    for headers in own:
        assert client.post("/mcp", json=PING, headers={**ACCEPT, **headers}).json()["result"] == {}
    response = shared.post("/mcp", json=PING, headers={**ACCEPT, "origin": SITE})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == SITE


def test_a_slash_at_the_end_makes_no_difference(client: TestClient) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body |= {"params": {"name": "ask", "arguments": {"question": QUESTION, "top_k": 1, "filters": None}}}
    answers = [client.post(path, json=body, headers=ACCEPT).json()["result"] for path in ("/mcp", "/mcp/")]
    assert [answer["structuredContent"]["passages"][0]["rank"] for answer in answers] == [1, 1]
    assert [client.get(path).status_code for path in ("/mcp", "/mcp/", "/mcp/x", "/mcpx")] == [405, 405, 404, 404]


@pytest.mark.parametrize(
    "names", ["content-type,mcp-protocol-version", "mcp-session-id, last-event-id", "authorization,mcp-method,mcp-name"]
)
def test_an_allowed_site_may_send_the_headers_of_the_protocol(shared: TestClient, names: str) -> None:
    response = shared.options("/mcp", headers={**PREFLIGHT, "access-control-request-headers": names})
    assert response.status_code == 200
    allowed = {name.strip().lower() for name in response.headers["access-control-allow-headers"].split(",")}
    assert {name.strip() for name in names.split(",")} <= allowed


def test_another_site_may_not(shared: TestClient) -> None:
    headers = {**PREFLIGHT, "origin": "https://evil.example", "access-control-request-headers": "mcp-protocol-version"}
    assert shared.options("/mcp", headers=headers).status_code == 400


def test_compressed_replies_of_the_protocol_are_read(tmp_path: Path) -> None:
    with local_client(lambda: seeds_library(tmp_path)) as client:
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        response = client.post("/mcp", json=body, headers={**ACCEPT, "accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert len(response.json()["result"]["tools"]) == len(TOOLS)
