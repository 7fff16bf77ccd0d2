from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.support.clients import empty_client
from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.api.middleware.access_control import (
    MCP_PATH,
    PROTECTED_PATHS,
    describe_access,
    required_right,
)
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.settings import Settings

WRITER, READER, STRANGER = "the-key-of-a-writer", "the-key-of-a-reader", "the-key-of-no-one"
KEYED = Settings(api_keys=parse_keys(f"desk:{WRITER}"))
READ_KEYED = Settings(read_keys=parse_keys(f"robot:{READER}"))
SHUT = Settings(api_keys=parse_keys(f"desk:{WRITER}"), read_keys=parse_keys(f"robot:{READER}"))
VERIFIABLE = {"document_id": "a", "source_sha256": "0" * 64, "segments": [{"start": 0, "end": 1}], "cited_text": "x"}
OPEN_PATHS = ("/", "/docs", "/openapi.json", "/livez", "/readyz")


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def put(client: TestClient, **headers: str) -> Response:
    return client.put("/v1/documents/a", content=prose(1), headers={"content-type": "text/plain", **headers})


def remote_client(data: Path, settings: Settings) -> TestClient:
    app = create_app(settings, lambda: Library.open(data, embedder=WordEmbedder()))
    return TestClient(app, base_url="http://news.example", client=("192.0.2.7", 50_000))


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[TestClient]:
    with empty_client(tmp_path, KEYED) as client:
        yield client


def test_a_change_needs_a_key_if_any_are_configured(keyed: TestClient) -> None:
    for headers in ({}, bearer(STRANGER), {"authorization": f"Basic {WRITER}"}, {"authorization": WRITER}):
        response = put(keyed, **headers)
        assert (response.status_code, response.json()["type"]) == (401, "urn:wherefrom:problem:unauthorized")
        assert response.headers["www-authenticate"] == 'Bearer realm="wherefrom"'
    assert keyed.get("/v1/index").json()["documents"] == 0
    assert put(keyed, **bearer(WRITER)).status_code == 201
    assert put(keyed, authorization=f"bearer  {WRITER}").status_code == 200


def test_an_unknown_key_is_refused_even_where_no_key_is_needed(keyed: TestClient) -> None:
    assert keyed.get("/v1/index", headers=bearer(STRANGER)).status_code == 401
    assert keyed.get("/v1/index").status_code == 200
    assert keyed.get("/livez", headers=bearer(STRANGER)).status_code == 200


def test_reading_needs_a_key_if_there_are_read_keys(tmp_path: Path) -> None:
    with empty_client(tmp_path, SHUT) as client:
        for path in ("/v1/ask?q=x", "/v1/index", "/v1/documents", "/v1/documents/a/raw", "/metrics", "/mcp"):
            assert client.get(path).status_code == 401
            assert client.get(path, headers=bearer(READER)).status_code != 401
        assert client.post("/v1/ask", json={"question": "x"}).status_code == 401
        assert client.post("/v1/ask", json={"question": "x"}, headers=bearer(READER)).status_code == 200
        assert client.get("/v1/index", headers=bearer(WRITER)).status_code == 200
        for path in OPEN_PATHS:
            assert client.get(path, follow_redirects=False).status_code < 400


def test_a_read_key_may_not_change_documents(tmp_path: Path) -> None:
    with empty_client(tmp_path, SHUT) as client:
        response = put(client, **bearer(READER))
        assert response.status_code == 403
        assert response.json()["detail"] == "the API key 'robot' may only read"
        assert client.delete("/v1/documents/a", headers=bearer(READER)).status_code == 403


@pytest.mark.parametrize("from_file", [False, True])
def test_with_read_keys_alone_nobody_may_change_documents(tmp_path: Path, *, from_file: bool) -> None:
    settings = Settings(read_keys_file=READ_KEYED.read_keys) if from_file else READ_KEYED
    with empty_client(tmp_path / "data", settings) as client:
        for headers in ({}, bearer(STRANGER)):
            assert put(client, **headers).status_code == 401
        assert "set WHEREFROM_API_KEYS" in put(client).json()["detail"]
        assert put(client, **bearer(READER)).status_code == 403
        assert client.get("/v1/index").status_code == 401
        assert client.get("/v1/index", headers=bearer(READER)).json()["documents"] == 0


def test_a_private_service_lets_write_keys_read(tmp_path: Path) -> None:
    with empty_client(tmp_path, Settings(api_keys=KEYED.api_keys, private=True)) as client:
        assert client.get("/v1/index").status_code == 401
        assert client.get("/v1/index", headers=bearer(WRITER)).status_code == 200


def test_without_keys_only_this_machine_may_change_documents(tmp_path: Path) -> None:
    with empty_client(tmp_path) as client:
        assert put(client).status_code == 201
        for headers in (
            {"host": "evil.example:8000"},
            {"origin": "https://evil.example"},
            {"x-real-ip": "::1"},
            {"x-forwarded-proto": ""},
        ):
            response = put(client, **headers)
            assert response.status_code == 403
            assert "set WHEREFROM_API_KEYS" in response.json()["detail"]
    app = create_app(Settings(), lambda: Library.open(tmp_path, embedder=WordEmbedder()))
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("192.0.2.7", 1)) as far:
        assert put(far).status_code == 403


def test_without_keys_a_server_on_a_public_address_refuses_changes(tmp_path: Path) -> None:
    settings = Settings(host="0.0.0.0")  # noqa: S104 - never bound
    with empty_client(tmp_path, settings) as client:
        response = put(client)
        assert response.status_code == 403
        assert "set WHEREFROM_API_KEYS" in response.json()["detail"]
        assert client.get("/v1/index").status_code == 200


def test_dns_rebinding_reads_nothing(tmp_path: Path) -> None:
    with empty_client(tmp_path) as client:
        for path in ("/v1/ask?q=x", "/v1/documents"):
            response = client.get(path, headers={"host": "evil.example"})
            assert response.status_code == 403
            assert "WHEREFROM_ALLOWED_HOSTS" in response.json()["detail"]
    with empty_client(tmp_path, Settings(allowed_hosts=("news.example",))) as client:
        assert client.get("/v1/documents", headers={"host": "news.example:80"}).status_code == 200
    with remote_client(tmp_path, Settings(host="192.0.2.1")) as client:
        assert client.get("/v1/documents").status_code == 200


def test_the_body_of_a_forbidden_request_is_not_read(keyed: TestClient) -> None:
    assert put(keyed, **{"content-length": "9" * 12}).status_code == 401


def test_a_client_beyond_its_rate_limit_gets_a_retry_after(tmp_path: Path) -> None:
    settings = Settings(api_keys=KEYED.api_keys, rate_limit="2/hour")
    with empty_client(tmp_path, settings) as client:
        first = [client.get("/v1/index").status_code for _ in range(3)]
        refused = client.get("/v1/index")
        assert first == [200, 200, 429]
        assert refused.json()["type"] == "urn:wherefrom:problem:too-many-requests"
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert client.get("/v1/index", headers=bearer(WRITER)).status_code == 200
        assert client.get("/livez").status_code == 200
        for _ in range(3):
            guessed = client.get("/v1/index", headers=bearer(STRANGER))
        assert guessed.status_code == 429


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask/batch", {"questions": ["x"] * 5}),
        ("/v1/citations/verify", {"citations": [VERIFIABLE] * 5}),
    ],
)
def test_a_batch_counts_as_its_number_of_items(tmp_path: Path, path: str, body: dict[str, object]) -> None:
    with empty_client(tmp_path, Settings(rate_limit="6/hour")) as client:
        assert client.post(path, json=body).status_code == 200
        assert [client.get("/v1/index").status_code for _ in range(3)] == [200, 429, 429]
        assert client.post(path, json=body).status_code == 429


def test_a_batch_above_the_limit_is_answered_and_then_waited_for(tmp_path: Path) -> None:
    with empty_client(tmp_path, Settings(rate_limit="2/hour")) as client:
        assert client.post("/v1/ask/batch", json={"questions": ["x"] * 20}).status_code == 200
        refused = client.get("/v1/index")
        assert refused.status_code == 429
        assert 9 * 3_600 < int(refused.headers["retry-after"]) <= 10 * 3_600


def test_a_batch_that_is_too_large_counts_once(tmp_path: Path) -> None:
    with empty_client(tmp_path, Settings(rate_limit="2/hour", max_batch=3)) as client:
        assert client.post("/v1/ask/batch", json={"questions": ["x"] * 20}).status_code == 422
        assert [client.get("/v1/index").status_code for _ in range(2)] == [200, 429]


def test_an_ipv4_address_written_as_ipv6_has_no_rate_limit_of_its_own(tmp_path: Path) -> None:
    app = create_app(Settings(rate_limit="2/hour"), lambda: Library.open(tmp_path, embedder=WordEmbedder()))
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("192.0.2.7", 1)) as plain:
        mapped = TestClient(app, base_url="http://127.0.0.1:8000", client=("::ffff:192.0.2.7", 1))
        codes = [client.get("/v1/index").status_code for client in (plain, mapped, plain, mapped)]
    assert codes == [200, 200, 429, 429]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            Settings(),
            (
                "Reading: everyone on this machine. Writing: everyone on this machine; behind a proxy, "
                "set WHEREFROM_API_KEYS, since what it forwards may look as if it came from this machine"
            ),
        ),
        (
            Settings(host="0.0.0.0"),  # noqa: S104 - never bound
            "Reading: everyone who can connect. Writing: nobody (set WHEREFROM_API_KEYS or WHEREFROM_API_KEYS_FILE)",
        ),
        (KEYED, "Reading: everyone on this machine. Writing: whoever has the API key"),
        (
            Settings(host="192.0.2.1", api_keys=parse_keys(f"{WRITER},{STRANGER}")),
            "Reading: everyone who can connect. Writing: whoever has one of the 2 API keys",
        ),
        (
            Settings(api_keys=KEYED.api_keys, private=True),
            "Reading: whoever has the API key. Writing: whoever has the API key",
        ),
        (
            READ_KEYED,
            "Reading: whoever has the API key. Writing: nobody (set WHEREFROM_API_KEYS or WHEREFROM_API_KEYS_FILE)",
        ),
        (SHUT, "Reading: whoever has one of the 2 API keys. Writing: whoever has the API key"),
    ],
)
def test_one_line_says_who_may_read_and_who_may_write(settings: Settings, line: str) -> None:
    assert describe_access(settings) == line


def test_only_configured_origins_may_read_from_a_browser(tmp_path: Path) -> None:
    site = "https://a.example"
    preflight = {"origin": site, "access-control-request-method": "PUT"}
    with empty_client(tmp_path) as client:
        response = client.options("/v1/documents/a", headers=preflight)
        assert "access-control-allow-origin" not in response.headers
    with empty_client(tmp_path, Settings(cors_origins=(site,), api_keys=KEYED.api_keys)) as client:
        response = client.options("/v1/documents/a", headers=preflight)
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, site)
        assert client.get("/v1/index", headers={"origin": site}).headers["access-control-allow-origin"] == site
        assert put(client, origin=site).headers["access-control-allow-origin"] == site
        assert "access-control-allow-origin" not in client.get("/v1/index", headers={"origin": "https://b"}).headers


def test_every_route_is_protected_or_listed_as_public(tmp_path: Path) -> None:
    routes = list(create_app(Settings(), lambda: Library.open(tmp_path, embedder=WordEmbedder())).routes)
    routes += [inner for route in routes for inner in getattr(getattr(route, "original_router", None), "routes", ())]
    open_routes = [
        route for route in routes if not getattr(route, "path", PROTECTED_PATHS[0]).startswith(PROTECTED_PATHS)
    ]
    for route in open_routes:
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or {"GET"}
        assert path in OPEN_PATHS or path.startswith(("/docs", "/page", "/static")), path
        assert methods <= {"GET", "HEAD"}, path
    assert len(open_routes) < len(routes) - 10


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "/v1/ask", "read"),
        ("POST", "/v1/ask", "read"),
        ("POST", "/v1/ask/", "write"),
        ("POST", "/v1/citations/verify", "read"),
        ("PUT", "/v1/ask", "read"),
        ("PUT", "/v1/documents/a", "write"),
        ("POST", "/v1/documents:batch", "write"),
        ("BREW", "/v1/documents", "write"),
        ("DELETE", MCP_PATH, "read"),
        ("GET", "/metrics", "read"),
        ("GET", "/", None),
    ],
)
def test_the_required_right_follows_from_method_and_path(method: str, path: str, right: str | None) -> None:
    assert required_right(method, path) == right
