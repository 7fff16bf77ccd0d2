from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import empty_client
from tests.support.library_samples import WordEmbedder
from wherefrom.index.conversation import Context
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query
from wherefrom.service.api.app import create_app
from wherefrom.service.api.middleware.security_headers import PAGE_POLICY
from wherefrom.service.settings import Settings

NAMES = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cache-control",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
)


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", "/livez", "/v1/index", "/v1/ask?q=", "/v1/documents/no"]
)
def test_every_response_has_the_security_headers(tmp_path: Path, path: str) -> None:
    with empty_client(tmp_path) as client:
        headers = client.get(path, follow_redirects=False).headers
    for name in NAMES:
        assert len(headers.get_list(name)) == 1, name
    assert headers["x-content-type-options"] == "nosniff"


def test_errors_of_every_layer_have_the_security_headers(tmp_path: Path) -> None:
    class Broken(Library):
        def encode(self, _: Sequence[str], _contexts: Sequence[Context | None] = ()) -> list[Query]:
            raise RuntimeError("secret")

    app = create_app(Settings(host="192.0.2.1"), lambda: Broken.open(tmp_path, embedder=WordEmbedder()))
    with TestClient(app, raise_server_exceptions=False) as client:
        responses = (
            client.get("/v1/ask?q=x"),
            client.delete("/v1/documents/a"),
            client.post("/v1/ask", content=b"x", headers={"content-length": "9999999"}),
            client.get("/nowhere"),
        )
    assert [response.status_code for response in responses] == [500, 403, 413, 404]
    for response in responses:
        assert all(name in response.headers for name in NAMES)


def test_the_page_may_run_nothing_but_its_own_files() -> None:
    policy = dict(part.strip().split(" ", 1) for part in PAGE_POLICY.split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in PAGE_POLICY


def test_configured_origins_may_read_responses(tmp_path: Path) -> None:
    with empty_client(tmp_path, Settings(cors_origins=("https://a.example",))) as client:
        assert client.get("/livez").headers["cross-origin-resource-policy"] == "cross-origin"
