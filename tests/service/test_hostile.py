"""Hostile requests to a real server: they are refused or served as text, and nothing is lost."""

import gzip
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx2
import pytest

from tests.support.documents import prose
from tests.support.library_samples import QUESTION
from tests.support.paths import SEEDS
from tests.support.servers.word_server import Served, word_server
from wherefrom.index.verify import verify_folder

MOST, MOST_UPLOAD, PATIENCE = 100_000, 400_000, 1.0
TEXT = {"content-type": "text/plain"}
HTML = {"content-type": "text/html"}
JSON = {"content-type": "application/json"}
LINES = {"content-type": "application/x-ndjson"}
PACKED = {"content-encoding": "gzip"}
URL = "/v1/documents/hostile"
DEEP = b"[" * 50_000
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
REVERSED = "\u202egnp.exe\u202c \u2066invisible\u2069 \u200f"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "data"


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    """A server that must have every seed and valid citations at the end."""
    bounds = {"WHEREFROM_MAX_BODY_BYTES": str(MOST), "WHEREFROM_MAX_UPLOAD_BYTES": str(MOST_UPLOAD)}
    bounds["WHEREFROM_MAX_DOCUMENT_BYTES"] = bounds["WHEREFROM_MAX_UPLOAD_BYTES"]
    with word_server(data, WHEREFROM_REQUEST_SECONDS=str(PATIENCE), **bounds) as opened:
        yield opened
        stored = {document["document_id"] for document in httpx2.get(f"{opened.url}/v1/documents").json()["documents"]}
    assert {path.name for path in SEEDS.glob("*.txt")} <= stored
    audit = verify_folder(data)
    assert audit.mismatches == ()
    assert audit.documents == len(stored)
    assert sorted(path.name for path in data.parent.iterdir()) == ["data"]


@pytest.fixture
def client(served: Served) -> Iterator[httpx2.Client]:
    """A client of the server, which must be ready after each test and have logged no traceback."""
    before = len(served.lines)
    with httpx2.Client(base_url=served.url, timeout=30) as opened:
        yield opened
        assert opened.get("/readyz").status_code == 200
    assert served.process.poll() is None
    logged = "".join(served.lines[before:])
    assert "Traceback" not in logged, logged


def send(served: Served, request: bytes) -> bytes:
    """Send raw bytes and return all of the response, until the server closes or is silent for a while."""
    address = urlsplit(served.url)
    response = b""
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=2.5) as connection:
        with suppress(ConnectionError):
            connection.sendall(request)
        with suppress(ConnectionError, TimeoutError):
            while part := connection.recv(65_536):
                response += part
    return response


def status(response: bytes) -> int:
    """Return the status of a response; 0 if the connection was closed before the response was received."""
    return int(response.split(b" ", 2)[1]) if response else 0


def head(method: str, path: str, *lines: str) -> bytes:
    wanted = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *lines)
    return "\r\n".join(wanted).encode() + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"a" * (MOST_UPLOAD + 1), TEXT),
        (gzip.compress(b"a" * 100_000_000), TEXT | PACKED),
        (gzip.compress(gzip.compress(b"a" * 100_000_000)), TEXT | PACKED),
        (gzip.compress(b"") * 1_000, TEXT | PACKED),
        (b"not gzip", TEXT | PACKED),
        (b"", TEXT),
        (b"\x00" * 1_000, TEXT),
        (b"\xff\xfe\x00\xd8" * 100, TEXT),
        (bytes(range(256)) * 20, HTML),
        (DEEP, JSON),
        (b'{"text": ' * 20_000, JSON),
        (b'{"text": "\\ud800"}', JSON),
        (b'{"text": "a", "title": "\\ud800"}', JSON),
        (b'{"text": "\xff"}', JSON),
        (b'{"text": 1e999}', JSON),
        (b"9" * 10_000, JSON),
        (b'{"text": "a", "url": "javascript:alert(1)"}', JSON),
        (b'{"text": "a", "__proto__": {}}', JSON),
        (prose(1), {"content-type": "multipart/form-data; boundary=x"}),
        (prose(1), {"content-type": "application/x-www-form-urlencoded"}),
        (prose(1), {"content-type": "text/html, text/plain"}),
        (prose(1), TEXT | {"content-encoding": "gzip, gzip"}),
        (prose(1), TEXT | {"if-match": '"' * 1_000}),
    ],
    ids=range(23),
)
def test_bodies_without_a_document_are_refused(client: httpx2.Client, body: bytes, headers: dict[str, str]) -> None:
    response = client.put(URL, content=body, headers=headers)
    assert response.status_code in {400, 412, 413, 415, 422}
    assert response.headers["content-type"] == "application/problem+json"
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"<div>" * 60_000 + prose(1), HTML),
        (b"<" * 200_000, HTML),
        (b"<!--" * 50_000 + prose(1), HTML),
        (b"&#" * 100_000, HTML),
        (b"<p>" + b"&lt;" * 50_000, HTML),
        (b"a " * 150_000, TEXT),
        (b"A. " * 100_000, TEXT),
        (b"\n" * 300_000 + prose(1), TEXT),
        (b"(" * 200_000, TEXT),
        (b"a" + ("\u0301" * 100_000).encode(), TEXT),
    ],
    ids=range(10),
)
def test_contents_built_to_be_slow_are_handled_in_time(
    client: httpx2.Client, body: bytes, headers: dict[str, str]
) -> None:
    response = client.put("/v1/documents/slow", content=body, headers=headers)
    assert response.status_code in {200, 201, 422}


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/batch", "/v1/citations/verify", "/v1/documents:batch", URL])
@pytest.mark.parametrize(
    "body", [DEEP, b'{"a":' * 20_000, b"\xff\xfe", b"nul\x00", b"NaN", b"9" * 5_000, b"\xed\xa0\x80"]
)
def test_no_route_fails_on_invalid_json(client: httpx2.Client, path: str, body: bytes) -> None:
    method = "PUT" if path == URL else "POST"
    kind = LINES if path.endswith(":batch") else JSON
    response = client.request(method, path, content=body, headers=kind)
    if path.endswith(":batch"):
        assert all(json.loads(line)["error"] for line in response.text.splitlines())
    else:
        assert response.status_code in {400, 422}


@pytest.mark.parametrize(
    "asked",
    [
        {"filters": {"publisher": ["x"] * 10_000}},
        {"filters": {"document_id": [str(number) for number in range(10_000)]}},
        {"filters": {f"field{number}": [] for number in range(5_000)}},
        {"top_k": 10**400},
        {"top_k": -1},
        {"max_per_document": 0},
        {"question": "a" * 50_000},
        {"question": "\x00"},
        {"question": "\ud800"},
        {"question": ["a"]},
    ],
    ids=range(10),
)
def test_questions_beyond_their_limits_are_refused_by_field(client: httpx2.Client, asked: dict[str, object]) -> None:
    body = json.dumps({"question": QUESTION} | asked).encode()
    response = client.post("/v1/ask", content=body, headers=JSON)
    if asked.get("question") == "\x00":
        assert response.status_code in {200, 422}
        return
    assert response.status_code == 422
    assert response.json()["field"]


def test_thousands_of_filters_in_a_url_are_refused(client: httpx2.Client) -> None:
    for number in (101, 4_000):
        response = client.get("/v1/ask?q=x" + "&publisher=y" * number)
        assert response.status_code in {400, 414, 422, 431}


@pytest.mark.parametrize(
    "question",
    [
        REVERSED,
        SCRIPT,
        "\u0000radar",
        "%00%0d%0a",
        "radar\r\nX-Bad: 1",
        "' OR 1=1 --",
        "\U0001f99e" * 500,
        "\u0301" * 2_000,
    ],
)
def test_odd_questions_are_answered_as_data(client: httpx2.Client, question: str) -> None:
    response = client.post("/v1/ask", json={"question": question})
    assert response.status_code == 200
    assert response.json()["question"] == question
    assert response.headers["content-type"] == "application/json"
    assert "x-bad" not in response.headers


def test_scripts_and_bidi_marks_in_a_document_are_returned_as_data(client: httpx2.Client) -> None:
    marks = f"{SCRIPT} {REVERSED}"
    body = (
        prose(7).decode()
        + f"\n\nThe harbour of Eastport {marks} reopened on Tuesday after three days of storm, he said.\n"
    )
    given = {"title": marks, "publisher": marks, "authors": [marks]}
    assert client.put("/v1/documents/odd", content=body.encode(), headers=TEXT, params=given).status_code == 201
    asked = client.post("/v1/ask", json={"question": "When did the harbour of Eastport reopen?", "top_k": 1})
    citation = asked.json()["passages"][0]["citation"]
    assert (citation["document_id"], citation["publisher"]) == ("odd", marks)
    assert client.post("/v1/citations/verify", json=citation).json()["valid"]
    for path in ("/v1/documents/odd", "/v1/documents/odd/raw", "/v1/documents/odd/reading", "/v1/documents"):
        response = client.get(path)
        assert response.headers["content-type"].split(";")[0] in {"application/json", "text/plain"}
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in (policy := response.headers["content-security-policy"]) or "sandbox" in policy
    page = f"<html><body><h1>{SCRIPT}</h1><p>{'</p><p>'.join(prose(8).decode().split(chr(10) * 2))}</p></body></html>"
    assert client.put("/v1/documents/page", content=page.encode(), headers=HTML).status_code == 201
    raw = client.get("/v1/documents/page/raw")
    assert raw.content == page.encode()
    assert raw.headers["content-type"].startswith("text/plain")
    assert "sandbox" in raw.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2f..%2fetc%2fpasswd", "..%5c..%5cwindows", "%2e%2e%2f%2e%2e", "%252e%252e%252f", "....//....//etc",
        "/etc/passwd", "..;/..;/etc", "catalog.sqlite%00", "%c0%ae%c0%ae%c0%af", "C:%5cwindows", "file:///etc/passwd",
        "%ff%fe", "a%0d%0aX-Bad:1", "~root", "a" * 5_000, "%00", "con", "*", "%e2%80%ae",
    ],
)  # fmt: skip
def test_no_path_reaches_a_file(served: Served, client: httpx2.Client, data: Path, name: str) -> None:
    before = sorted(data.parent.rglob("*"))
    for path in (f"/v1/documents/{name}/raw", f"/v1/documents/{name}", f"/page/{name}", f"/docs/{name}"):
        response = send(served, head("GET", path))
        assert status(response) in {400, 404, 414, 431}
        assert b"root:" not in response
        assert b"\r\nx-bad" not in response.lower()
    response = send(
        served, head("PUT", f"/v1/documents/{name}", "Content-Type: text/plain", "Content-Length: 5") + b"hello"
    )
    assert status(response) in {400, 404, 405, 414, 422, 431}
    assert client.get("/livez").status_code == 200
    assert [path for path in sorted(data.parent.rglob("*")) if "sqlite-" not in path.name and path not in before] == []


BODY = prose(2)
CHUNKED = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY[:100], BODY[100:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (head("PUT", URL, "Content-Type: text/plain", "Content-Length: 5", "Content-Length: 6") + b"hello", {400}),
        (head("PUT", URL, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\nhello", {400, 415, 422}),
        (head("PUT", URL, "Content-Type: text/plain", "Transfer-Encoding: gzip") + b"x", {400, 501}),
        (head("PUT", URL, "Content-Type: text/plain", "Content-Length: -5") + b"hello", {400}),
        (head("PUT", URL, "Content-Type: text/plain", "Transfer-Encoding: chunked") + b"zz\r\nhello", {400}),
        (head("PUT", URL, "Content-Type: text/plain", "Content-Length: 99999999999999999999"), {400, 413}),
        (head("GET", "/livez", "X-Long: " + "a" * 200_000), {0, 400, 431}),
        (head("GET", "/livez?" + "a" * 200_000), {0, 400, 414, 431}),
        (head("GET", "/livez", "X Bad: 1"), {400}),
        (head("GET", "/livez", "X-Bad: a\x00b"), {200, 400}),
        (head("TRACE", "/v1/index"), {400, 403, 405}),
        (head("CONNECT", "127.0.0.1:80"), {400, 404, 405}),
        (head("PATCH", "/v1/documents", "Content-Length: 0"), {405}),
        (head("PATCH", URL, "Content-Length: 0"), {422}),
        (head("GET", "http://evil.example/v1/index"), {200, 400, 403, 404}),
        (b"GET /v1/index HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", {403}),
        (b"GET /v1/index HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", {400, 403}),
        (b"GET /v1/index HTTP/1.1\r\nConnection: close\r\n\r\n", {400, 403}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
        (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", {200, 400, 505}),
        (head("GET", "/livez", "X-Request-ID: a\tb<script>"), {200}),
    ],
    ids=range(21),
)
def test_malformed_and_smuggled_requests_are_refused(
    served: Served, client: httpx2.Client, request_bytes: bytes, expected: set[int]
) -> None:
    response = send(served, request_bytes)
    assert status(response) in expected
    assert b"<script>" not in response
    assert client.get(URL).status_code == 404


def test_a_body_in_chunks_without_a_length_is_read(served: Served, client: httpx2.Client) -> None:
    response = send(
        served, head("PUT", "/v1/documents/chunks", "Content-Type: text/plain", "Transfer-Encoding: chunked") + CHUNKED
    )
    assert status(response) == 201
    assert client.get("/v1/documents/chunks/raw").content == BODY


def test_chunks_beyond_the_limit_are_refused(served: Served, client: httpx2.Client) -> None:
    endless = b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n"
    response = send(served, head("PUT", URL, "Content-Type: text/plain", "Transfer-Encoding: chunked") + endless * 8)
    assert status(response) in {0, 413}
    assert client.get(URL).status_code == 404


def test_a_body_that_does_not_arrive_times_out(served: Served, client: httpx2.Client) -> None:
    began = time.monotonic()
    response = send(served, head("PUT", URL, "Content-Type: text/plain", "Content-Length: 500") + b"hello")
    assert status(response) == 408
    assert b"connection: close" in response.lower()
    assert PATIENCE <= time.monotonic() - began < PATIENCE + 4
    assert client.get(URL).status_code == 404


def test_an_incomplete_body_changes_nothing(served: Served, client: httpx2.Client) -> None:
    address = urlsplit(served.url)
    for part in (BODY[:-1], b'{"text": "A line."}\n{"te'):
        with socket.create_connection((str(address.hostname), address.port or 0), timeout=2.5) as connection:
            connection.sendall(head("PUT", URL, "Content-Type: text/plain", f"Content-Length: {len(part) + 1}") + part)
    time.sleep(0.2)
    assert client.get(URL).status_code == 404


def test_many_silent_connections_block_no_request(served: Served, client: httpx2.Client) -> None:
    address = urlsplit(served.url)
    silent = [socket.create_connection((str(address.hostname), address.port or 0)) for _ in range(200)]
    try:
        assert client.get("/v1/ask", params={"q": QUESTION}).status_code == 200
    finally:
        for connection in silent:
            connection.close()


def test_a_batch_of_invalid_lines_names_every_line(client: httpx2.Client) -> None:
    body = b"\n".join([b"{}", DEEP[:100], b"\xff", b"null", b'{"text": "Home"}'] * 2_000)
    lines = client.post("/v1/documents:batch", content=body, headers=LINES).text.splitlines()
    assert [json.loads(line)["line"] for line in lines] == list(range(1, 10_001))
    assert all(json.loads(line)["error"] for line in lines)


def test_a_batch_that_decompresses_beyond_the_limit_is_refused(client: httpx2.Client) -> None:
    body = gzip.compress(b"\n" * 100_000_000)
    assert client.post("/v1/documents:batch", content=body, headers=LINES | PACKED).status_code == 413


def test_the_body_of_a_question_is_never_decompressed(client: httpx2.Client) -> None:
    body = gzip.compress(json.dumps({"question": QUESTION}).encode())
    assert client.post("/v1/ask", content=body, headers=JSON | PACKED).status_code == 415


def test_invented_citations_are_not_valid(client: httpx2.Client) -> None:
    claim = {"document_id": "../../etc/passwd", "cited_text": "root", "source_sha256": "0" * 64}
    for segments in ([{"start": 0, "end": 10**30}], [{"start": 5, "end": 1}], [], [{"start": 0, "end": 1}] * 1_000):
        response = client.post("/v1/citations/verify", json=claim | {"segments": segments})
        assert response.status_code in {200, 422}
        assert response.status_code == 422 or response.json()["valid"] is False


def test_an_id_in_right_to_left_text_is_refused(client: httpx2.Client) -> None:
    response = client.put(f"/v1/documents/{quote(REVERSED)}", content=prose(1), headers=TEXT)
    assert (response.status_code, response.json()["field"]) == (422, "document_id")
