"""What a service believes of forwarding headers, and where its links lead."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.documents import prose
from tests.support.library_samples import QUESTION, seeds_library
from tests.support.servers.prefix_proxy import prefix_proxy
from tests.support.servers.word_server import word_server
from wherefrom.service.api.app import create_app
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.client.client import Client
from wherefrom.service.settings import InvalidSetting, Settings

KEY = "the-key-of-the-desk"
HEADERS = {"authorization": f"Bearer {KEY}", "content-type": "text/plain"}
PROXY = ("10.0.0.1", 50_000)
STRANGER = ("192.0.2.7", 50_000)
PING: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
LIMITED: dict[str, Any] = {"rate_limit": "2/minute", "trusted_proxies": "10.0.0.1"}


def client(data: Path, address: tuple[str, int] = PROXY, **settings: Any) -> TestClient:  # noqa: ANN401
    app = create_app(Settings(api_keys=parse_keys(KEY), **settings), lambda: seeds_library(data))
    return TestClient(app, base_url="http://127.0.0.1:8000", client=address)


@pytest.fixture
def trusting(tmp_path: Path) -> Iterator[TestClient]:
    with client(tmp_path, trusted_proxies="10.0.0.1") as opened:
        yield opened


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded"])
def test_rate_limits_apply_to_the_clients_of_a_trusted_proxy(tmp_path: Path, name: str) -> None:
    form = "for={}" if name == "Forwarded" else "{}"
    with client(tmp_path, **LIMITED) as opened:
        statuses = [
            opened.get("/v1/index", headers={name: form.format(address)}).status_code
            for address in ("192.0.2.7", "192.0.2.7", "192.0.2.7", "192.0.2.8")
        ]
    assert statuses == [200, 200, 429, 200]


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded"])
def test_a_stranger_cannot_choose_an_address(tmp_path: Path, name: str) -> None:
    form = "for={}" if name == "Forwarded" else "{}"
    with client(tmp_path, STRANGER, **LIMITED) as opened:
        statuses = [
            opened.get("/v1/index", headers={name: form.format(f"192.0.2.{number}")}).status_code for number in range(3)
        ]
    assert statuses == [200, 200, 429]


def test_a_client_of_a_trusted_proxy_cannot_choose_an_address_by_the_other_header(tmp_path: Path) -> None:
    with client(tmp_path, **LIMITED) as opened:
        statuses = [
            opened.get(
                "/v1/index", headers={"X-Forwarded-For": "192.0.2.7", "Forwarded": f"for=198.51.100.{number}"}
            ).status_code
            for number in range(3)
        ]
    assert statuses == [200, 200, 429]


def test_links_have_the_prefix_of_a_trusted_proxy(trusting: TestClient) -> None:
    prefixed = HEADERS | {"X-Forwarded-Prefix": "/kb"}
    put = trusting.put("/v1/documents/a", content=prose(1), headers=prefixed)
    assert put.headers["location"] == "/kb/v1/documents/a"
    assert trusting.get("/v1/documents/none", headers=prefixed).json()["instance"] == "/kb/v1/documents/none"
    assert trusting.put("/v1/documents/b", headers={"X-Forwarded-Prefix": "/kb"}).json()["instance"].startswith("/kb/")
    assert trusting.get("/openapi.json", headers=prefixed).json()["servers"] == [{"url": "/kb"}]
    assert "servers" not in trusting.get("/openapi.json").json()


def test_links_have_no_prefix_of_a_stranger(tmp_path: Path) -> None:
    with client(tmp_path, STRANGER, trusted_proxies="10.0.0.1") as opened:
        put = opened.put("/v1/documents/a", content=prose(1), headers=HEADERS | {"X-Forwarded-Prefix": "/kb"})
        assert put.headers["location"] == "/v1/documents/a"
        assert "servers" not in opened.get("/openapi.json", headers={"X-Forwarded-Prefix": "/kb"}).json()


def test_a_prefix_that_is_no_path_is_ignored(trusting: TestClient) -> None:
    headers = HEADERS | {"X-Forwarded-Prefix": "//evil.example"}
    assert trusting.put("/v1/documents/a", content=prose(1), headers=headers).headers["location"] == "/v1/documents/a"


def test_a_path_with_the_root_path_and_without_it_is_the_same(tmp_path: Path) -> None:
    with client(tmp_path, root_path="/kb") as opened:
        for path in ("/v1/documents/none", "/kb/v1/documents/none"):
            assert opened.get(path).json()["instance"] == "/kb/v1/documents/none"
        for path in ("/", "/page/main.js", "/docs", "/openapi.json", "/livez", "/v1/index", "/metrics"):
            assert opened.get(path).status_code == opened.get(f"/kb{path}").status_code == 200
        assert opened.get("/kb").status_code == opened.get("/kbx/v1/index").status_code == 404
        assert opened.get("/kb/openapi.json").json()["servers"] == [{"url": "/kb"}]


@pytest.mark.parametrize("prefix", ["", "/kb", "/kb/kb", "/%6bb"])
def test_the_root_path_opens_no_way_around_access_control(tmp_path: Path, prefix: str) -> None:
    with client(tmp_path, root_path="/kb", private=True, trusted_proxies="10.0.0.1") as opened:
        for path in ("/v1/index", "/v1/ask?q=x", "/metrics", "/mcp"):
            for headers in ({}, {"X-Forwarded-Prefix": "/kb"}, {"X-Forwarded-Prefix": "/v1"}):
                assert opened.get(f"{prefix}{path}", headers=headers).status_code in (401, 404)


def test_a_prefix_of_a_trusted_proxy_opens_no_way_around_access_control(trusting: TestClient) -> None:
    for prefix in ("/kb", "/v1", "/page"):
        response = trusting.delete(f"{prefix}/v1/documents/none", headers={"X-Forwarded-Prefix": prefix})
        assert response.status_code in (401, 404, 405)


@pytest.mark.parametrize("path", ["/v1", "/v1/kb", "/mcp", "/docs", "/metrics", "/openapi.json"])
def test_a_root_path_that_begins_as_a_path_of_the_service_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InvalidSetting, match="is a path of the service itself"):
        create_app(Settings(root_path=path), lambda: seeds_library(tmp_path))


def test_agents_behind_a_proxy_that_changes_the_host_are_answered(trusting: TestClient) -> None:
    headers = {"accept": "application/json", "origin": "https://news.example", "x-forwarded-for": "192.0.2.7"}
    assert trusting.post("/mcp", json=PING, headers=headers).status_code == 403
    forwarded = headers | {"x-forwarded-host": "news.example"}
    assert trusting.post("/mcp", json=PING, headers=forwarded).json()["result"] == {}
    foreign = forwarded | {"origin": "https://evil.example"}
    assert trusting.post("/mcp", json=PING, headers=foreign).status_code == 403


def test_a_page_of_another_site_cannot_hide_its_host_behind_a_forwarded_one(tmp_path: Path) -> None:
    """A name that points at this machine reaches a service there directly, from the address of a trusted proxy."""
    app = create_app(Settings(trusted_proxies="127.0.0.1"), lambda: seeds_library(tmp_path))
    with TestClient(app, base_url="http://evil.example:8000", client=("127.0.0.1", 50_000)) as opened:
        for name, value in (("X-Forwarded-Host", "localhost"), ("Forwarded", "for=127.0.0.1;host=localhost")):
            assert opened.get("/v1/index", headers={name: value}).status_code == 403


def test_what_a_trusted_proxy_forwards_is_never_a_change_from_this_machine(tmp_path: Path) -> None:
    app = create_app(Settings(trusted_proxies="127.0.0.1"), lambda: seeds_library(tmp_path))
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000)) as opened:
        for name, value in (("X-Forwarded-For", "127.0.0.1"), ("Forwarded", "for=127.0.0.1"), ("Forwarded", "for=_x")):
            assert opened.delete("/v1/documents/a", headers={name: value}).status_code == 403


@pytest.mark.parametrize("strip", [True, False])
def test_the_client_works_through_a_proxy_that_removes_or_keeps_the_path(tmp_path: Path, strip: bool) -> None:  # noqa: FBT001
    added = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Prefix": "/kb"}
    settings = {"WHEREFROM_ROOT_PATH": "/kb", "WHEREFROM_TRUSTED_PROXIES": "127.0.0.1"}
    with (
        word_server(tmp_path, **settings) as served,
        prefix_proxy(served.url, "/kb", headers=added, strip=strip) as url,
        Client(url) as opened,
    ):
        assert opened.ask(QUESTION).status == "answered"
        assert len(opened.documents()) == 5
