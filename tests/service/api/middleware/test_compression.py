"""Responses are compressed for clients that accept gzip, and each form has an entity tag of its own."""

import gzip
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient as PlainClient

from tests.support.clients import local_client
from tests.support.documents import prose
from tests.support.library_samples import FIRST, QUESTION, seeds_library
from tests.support.paths import SEEDS
from wherefrom.service.api.middleware.compression import MIN_BYTES, THREAD_BYTES, Compression, accepts_gzip
from wherefrom.service.settings import Settings

GZIP = {"accept-encoding": "gzip"}
PLAIN = {"accept-encoding": "identity"}
DOCUMENT = f"/v1/documents/{FIRST}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("accept_encoding", "accepted"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("deflate, gzip ; q=0.001", True),
        ("*", True),
        ("gzip;q=1, identity;q=0.5", True),
        ("identity, gzip", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("identity;q=1, gzip;q=0.5", False),
        ("br, deflate", False),
        ("agzip", False),
        ("", False),
    ],
)
def test_quality_values_decide(accept_encoding: str, *, accepted: bool) -> None:
    assert accepts_gzip(accept_encoding) is accepted


def test_an_answer_is_the_same_compressed(client: TestClient) -> None:
    with client.stream("GET", f"/v1/ask?q={QUESTION}", headers=GZIP) as response:
        assert response.headers["content-encoding"] == "gzip"
        sent = b"".join(response.iter_raw())
    assert int(response.headers["content-length"]) == len(sent)
    plain = client.get(f"/v1/ask?q={QUESTION}", headers=PLAIN)
    assert "content-encoding" not in plain.headers
    assert len(sent) < len(plain.content) / 2
    assert gzip.decompress(sent).partition(b'"took_ms"')[0] == plain.content.partition(b'"took_ms"')[0]


def test_every_response_says_that_it_varies(client: TestClient) -> None:
    for path in ("/v1/documents", "/v1/index", "/livez", "/", DOCUMENT, "/v1/documents/none"):
        for headers in (GZIP, PLAIN):
            assert "accept-encoding" in client.get(path, headers=headers).headers["vary"]


def test_varying_by_origin_stays(tmp_path: Path) -> None:
    settings = Settings(cors_origins=("https://a.example", "https://b.example"))
    with local_client(lambda: seeds_library(tmp_path), settings) as client:
        varies = client.get("/v1/documents", headers={**GZIP, "origin": "https://a.example"}).headers["vary"]
    assert {"origin", "accept-encoding"} <= {name.strip().lower() for name in varies.split(",")}


def test_small_bodies_and_streamed_lines_are_sent_as_they_are(client: TestClient) -> None:
    assert "content-encoding" not in client.get("/v1/index", headers=GZIP).headers
    line = b'{"id": "lines", "text": "The lighthouse of Westport went dark on Sunday, its keeper said."}\n'
    headers = {**GZIP, "content-type": "application/x-ndjson"}
    response = client.post("/v1/documents:batch", content=line + b"{}\n" * 40, headers=headers)
    assert len(response.content) > MIN_BYTES
    assert "content-encoding" not in response.headers
    client.delete("/v1/documents/lines")


def test_the_page_and_the_description_are_compressed(client: TestClient) -> None:
    for path in ("/", "/openapi.json", "/page/main.js"):
        assert client.get(path, headers=GZIP).headers["content-encoding"] == "gzip"


async def _chunks() -> AsyncIterator[str]:
    for _ in range(3):
        yield "a" * MIN_BYTES


async def _send(request: Request) -> Response:
    size = int(request.query_params.get("size", MIN_BYTES))
    match request.path_params["kind"]:
        case "text":
            return PlainTextResponse("a" * size)
        case "image":
            return Response(b"a" * size, media_type="image/png")
        case "packed":
            return PlainTextResponse("a" * size, headers={"content-encoding": "br"})
        case "range":
            return PlainTextResponse("a" * size, 206)
        case "events":
            return PlainTextResponse("a" * size, media_type="text/event-stream")
    return StreamingResponse(_chunks(), media_type="text/plain")


PLAIN_APP = PlainClient(Compression(Starlette(routes=[Route("/{kind}", _send)])))


def coding_of(path: str) -> str | None:
    with PLAIN_APP.stream("GET", path, headers=GZIP) as response:
        coding: str | None = response.headers.get("content-encoding")
        return coding


def test_what_is_compressed_already_or_sent_in_parts_is_left_alone() -> None:
    assert coding_of("/text") == "gzip"
    assert coding_of(f"/text?size={MIN_BYTES - 1}") is None
    assert coding_of("/packed") == "br"
    for kind in ("image", "range", "events", "stream"):
        assert coding_of(f"/{kind}") is None
    assert len(PLAIN_APP.get("/stream", headers=GZIP).content) == 3 * MIN_BYTES


def test_a_large_body_is_compressed_in_another_thread_to_the_same_bytes() -> None:
    assert PLAIN_APP.get(f"/text?size={2 * THREAD_BYTES}", headers=GZIP).text == "a" * 2 * THREAD_BYTES


def test_each_form_has_a_tag_of_its_own_and_both_name_the_state(client: TestClient) -> None:
    plain, packed = (client.get(DOCUMENT, headers=headers).headers["etag"] for headers in (PLAIN, GZIP))
    assert packed == f'{plain[:-1]}-gzip"'
    for headers in (PLAIN, GZIP):
        for tag in (plain, packed, f'"other", {packed}'):
            response = client.get(DOCUMENT, headers={**headers, "if-none-match": tag})
            assert (response.status_code, response.content) == (304, b"")
    assert client.get(DOCUMENT, headers={**GZIP, "if-none-match": packed}).headers["etag"] == packed
    assert client.get(DOCUMENT, headers={**PLAIN, "if-none-match": plain}).headers["etag"] == plain
    assert client.get(DOCUMENT, headers={**GZIP, "if-none-match": '"other-gzip"'}).status_code == 200


def test_the_page_is_not_sent_again_to_a_browser_that_has_it_compressed(client: TestClient) -> None:
    first = client.get("/page/main.js", headers=GZIP)
    assert client.get("/page/main.js", headers={**GZIP, "if-none-match": first.headers["etag"]}).status_code == 304


def test_a_document_that_was_read_compressed_can_be_changed_by_its_tag(client: TestClient) -> None:
    path, headers = "/v1/documents/changed", {"content-type": "text/plain"}
    first = client.put(path, content=prose(1), headers=headers).headers["etag"]
    read = client.get(path, headers=GZIP).headers["etag"]
    assert read == f'{first[:-1]}-gzip"'
    second = client.put(path, content=prose(2), headers={**headers, **GZIP, "if-match": read})
    assert second.status_code == 200
    assert "-gzip" not in second.headers["etag"]
    assert client.delete(path, headers={"if-match": read}).status_code == 412
    assert client.delete(path, headers={"if-match": second.headers["etag"]}).status_code == 204


def test_a_source_comes_back_byte_for_byte(client: TestClient) -> None:
    response = client.get(f"{DOCUMENT}/raw", headers=GZIP)
    assert response.headers["content-encoding"] == "gzip"
    assert response.content == (SEEDS / FIRST).read_bytes()
