"""Every refusal is counted by its reason, and every type of problem either has a reason or is no refusal."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.documents import prose
from tests.support.library_samples import seeds_library
from tests.support.servers.word_server import word_server
from wherefrom.service.api.app import create_app
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.error_mapping import PROBLEM_TYPES
from wherefrom.service.observability.refusals import ALL_REASONS, REASONS
from wherefrom.service.schemas.problem import TYPE_PREFIX, http_problem
from wherefrom.service.settings import Settings

NO_REFUSALS = {
    *(
        "document-not-found",
        "page-not-found",
        "paragraph-not-found",
        "agents-unavailable",
        "not-ready",
        "index-mismatch",
    ),
    *("index-damaged", "index-unusable", "model-unavailable", "extraction-unavailable", "engine-unavailable"),
    "internal-error",
}
TEXT = {"content-type": "text/plain"}
READER, WRITER = "the-key-of-a-reader", "the-key-of-a-writer"
KEYS = {"api_keys": parse_keys(WRITER), "read_keys": parse_keys(READER)}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def refused(client: TestClient | httpx2.Client, headers: dict[str, str] | None = None) -> dict[str, float]:
    """The reasons that have been counted."""
    lines = client.get("/metrics", headers=headers).text.splitlines()
    pairs = (
        line.removeprefix('wherefrom_refusals_total{reason="').split('"} ')
        for line in lines
        if "refusals_total{" in line
    )
    return {reason: float(count) for reason, count in pairs if float(count)}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with local_client(lambda: seeds_library(tmp_path)) as opened:
        yield opened


def test_every_problem_type_has_a_reason_or_is_no_refusal() -> None:
    slugs = {problem_type.slug for problem_type in PROBLEM_TYPES.values()}
    assert slugs - set(REASONS) == NO_REFUSALS
    of_http = {http_problem(status.value, "", "/").type.removeprefix(TYPE_PREFIX) for status in HTTPStatus}
    assert set(REASONS) - slugs <= of_http | {"content-too-large", "request-entity-too-large"}


def test_all_reasons_are_exposed_before_the_first_refusal(client: TestClient) -> None:
    text = client.get("/metrics").text
    for reason in ALL_REASONS:
        assert f'wherefrom_refusals_total{{reason="{reason}"}} 0.0' in text


def test_what_a_client_sends_wrong_is_counted(client: TestClient) -> None:
    client.get("/v1/ask?q=")
    client.post("/v1/ask", content=b"{", headers={"content-type": "application/json"})
    client.post("/v1/ask", content=b"x", headers=TEXT)
    client.put("/v1/documents/a", content=b"Home", headers=TEXT)
    client.put("/v1/documents/a", content=b"x" * (3 << 20), headers=TEXT)
    client.delete("/v1/documents/000_3a64872121ddd60b.txt", headers={"if-match": '"x"'})
    client.get("/v1/documents/none")
    client.get("/nowhere")
    assert refused(client) == {"invalid": 3, "source": 1, "body_too_large": 1, "precondition": 1}


def test_other_sites_and_machines_are_told_apart(client: TestClient, tmp_path: Path) -> None:
    client.get("/v1/index", headers={"host": "evil.example"})
    client.post("/mcp", json=PING, headers={"origin": "https://evil.example"})
    client.put("/v1/documents/a", content=prose(1), headers={**TEXT, "x-forwarded-for": "192.0.2.7"})
    assert refused(client) == {"host": 1, "origin": 1, "local_origin": 1}
    with local_client(lambda: seeds_library(tmp_path / "b"), Settings(host="0.0.0.0")) as beyond:  # noqa: S104
        beyond.put("/v1/documents/a", content=prose(1), headers=TEXT)
        assert refused(beyond) == {"local_origin": 1}


def test_keys_and_rates_are_counted(tmp_path: Path) -> None:
    settings: dict[str, Any] = {**KEYS, "rate_limit": "3/minute"}
    app = create_app(Settings(**settings), lambda: seeds_library(tmp_path))
    reader, writer = ({"authorization": f"Bearer {key}"} for key in (READER, WRITER))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.get("/v1/index")
        client.get("/v1/index", headers={"authorization": "Bearer another-key-of-someone"})
        client.get("/v1/index")
        client.get("/v1/index")
        client.delete("/v1/documents/a", headers=reader)
        assert refused(client, writer) == {"key": 3, "rate_limit": 1, "read_only_key": 1}


def test_requests_that_are_no_http_are_counted_too(tmp_path: Path) -> None:
    with word_server(tmp_path) as served:
        host, _, port = served.url.removeprefix("http://").partition(":")
        for sent in (b"no http at all\r\n\r\n", b"GET / HTTP/1.1\r\nx: " + b"x" * 400_000):
            with socket.create_connection((host, int(port)), timeout=10) as connection, suppress(ConnectionError):
                connection.sendall(sent)
                while connection.recv(65_536):
                    pass
        with httpx2.Client(base_url=served.url) as client:
            assert refused(client) == {"invalid": 1, "head_too_large": 1}


def test_a_body_in_a_coding_that_is_not_decoded_is_answered_and_counted(tmp_path: Path) -> None:
    head = b"PUT /v1/documents/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    with word_server(tmp_path) as served:
        host, _, port = served.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(head)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 501 Not Implemented\r\n")
        with httpx2.Client(base_url=served.url) as client:
            assert refused(client) == {"invalid": 1}
        assert not [line for line in served.lines if "Traceback" in line]


def test_refused_calls_of_tools_are_counted_too(client: TestClient) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    for arguments in ({"question": ""}, {"question": "x", "filters": {"publisher": ["zzzz"]}}):
        params = {"name": "ask", "arguments": arguments}
        client.post("/mcp", json={**call, "params": params}, headers={"accept": "application/json"})
    assert refused(client) == {"invalid": 2}
