import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import empty_client
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.settings import Settings


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with empty_client(tmp_path, Settings(access_log=True)) as opened:
        yield opened


def test_a_request_keeps_the_id_of_its_client(client: TestClient) -> None:
    for path in ("/livez", "/nowhere", "/v1/ask?q="):
        assert client.get(path, headers={"x-request-id": "desk-7.1_a"}).headers.get_list("x-request-id") == [
            "desk-7.1_a"
        ]


@pytest.mark.parametrize("given", ["", "a b", "a" * 65, "a\tb", '"', "\u00fc"])
def test_a_malformed_id_is_replaced(client: TestClient, given: str) -> None:
    headers = [(b"x-request-id", given.encode())]
    named = client.get("/livez", headers=headers).headers["x-request-id"]
    assert len(named) == 16
    assert named != client.get("/livez", headers=headers).headers["x-request-id"]


def test_a_request_is_logged_without_its_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "wherefrom.requests")
    headers = {"authorization": "Bearer secret-secret-secret", "x-request-id": "one"}
    client.get("/v1/documents/a%0Ab", headers=headers)
    client.get("/v1/ask", params={"q": "private"}, headers=headers)
    record, asked = [record for record in caplog.records if record.name == "wherefrom.requests"]
    assert record.getMessage().startswith("GET /v1/documents/a%0Ab 404, ")
    facts = vars(record)
    assert (facts["status"], facts["problem"]) == (404, "document-not-found")
    assert "trace_id" not in facts
    assert record.getMessage().endswith(" ms")
    assert vars(asked)["status"] == 200
    for facts in (vars(record), vars(asked)):
        assert not any("private" in str(value) or "secret" in str(value) for value in facts.values())


def test_requests_are_not_logged_by_default(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with empty_client(tmp_path) as client:
        client.get("/livez")
    assert [record for record in caplog.records if record.name == "wherefrom.requests"] == []


def test_the_log_names_the_key_that_made_a_change(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "wherefrom.requests")
    settings = Settings(access_log=True, api_keys=parse_keys("desk:the-key-of-the-desk"))
    with empty_client(tmp_path, settings) as client:
        client.delete("/v1/documents/a", headers={"authorization": "Bearer the-key-of-the-desk"})
        client.get("/livez")
    key_names = [vars(record).get("key") for record in caplog.records if record.name == "wherefrom.requests"]
    assert key_names == ["desk", None]
