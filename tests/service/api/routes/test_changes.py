import gzip
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import empty_client
from tests.support.documents import prose
from wherefrom.index.engine import Change, ItemVectors
from wherefrom.index.errors import EngineUnavailable
from wherefrom.index.library import Library
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.types import Document, DocumentSummary, Precondition
from wherefrom.service.settings import Settings

URL = "/v1/documents/story-1"
TEXT = {"content-type": "text/plain; charset=utf-8"}
JSON = {"content-type": "application/json"}
LINES = {"content-type": "application/x-ndjson"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with empty_client(tmp_path) as opened:
        yield opened


def lines(*articles: object) -> bytes:
    return b"".join(json.dumps(article).encode() + b"\n" for article in articles)


def article(seed: int, **more: object) -> dict[str, object]:
    return {"id": f"story-{seed}", "text": prose(seed).decode(), **more}


def test_a_new_document_is_a_201_with_its_location_and_can_be_asked_at_once(client: TestClient) -> None:
    response = client.put(URL, content=prose(1), headers=TEXT)
    content = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == URL
    assert response.headers["etag"] == f'"{content["document"]["etag"]}"'
    assert (content["change"], content["document"]["document_id"], content["document"]["paragraphs"]) == (
        "added",
        "story-1",
        4,
    )
    assert client.get(response.headers["location"] + "/raw").content == prose(1)
    answer = client.get("/v1/ask", params={"q": "What was filed as number 1.2?"}).json()
    assert answer["passages"][0]["citation"]["document_id"] == "story-1"


def test_the_reply_may_wait_until_questions_find_the_document(client: TestClient) -> None:
    assert client.put(URL, content=prose(1), headers=TEXT, params={"wait": "searchable"}).status_code == 201
    refused = client.put(URL, content=prose(1), headers=TEXT, params={"wait": "forever"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "wait")


def test_an_identical_document_stays_as_it_is(client: TestClient) -> None:
    first = client.put(URL, content=prose(1), headers=TEXT)
    generation = client.get("/v1/index").json()["generation"]
    again = client.put(URL, content=prose(1), headers=TEXT)
    assert (again.status_code, again.json()["change"]) == (200, "unchanged")
    assert again.headers["etag"] == first.headers["etag"]
    assert "location" not in again.headers
    assert client.get("/v1/index").json()["generation"] == generation


def test_other_contents_replace_the_document(client: TestClient) -> None:
    client.put(URL, content=prose(1), headers=TEXT)
    response = client.put(URL, content=prose(2), headers=TEXT)
    assert (response.status_code, response.json()["change"]) == (200, "updated")
    assert client.get(URL + "/raw").content == prose(2)
    assert client.get("/v1/index").json()["documents"] == 1


def test_metadata_in_the_url_is_used_verbatim(client: TestClient) -> None:
    given = {
        "title": "A <b>title</b>",
        "url": "https://news.example/1",
        "publisher": "The Example",
        "authors": ["Ann", "Bob"],
        "published": "2016-02-29",
    }
    content = client.put(URL, content=prose(1), headers=TEXT, params=given).json()["document"]
    assert {name: content[name] for name in given} == given


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"titel": "x"}, "titel"),
        ({"title": " "}, "title"),
        ({"published": "yesterday"}, "published"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"authors": [""]}, "authors.0"),
    ],
)
def test_invalid_metadata_is_refused_by_field(
    client: TestClient, given: dict[str, str | list[str]], field: str
) -> None:
    response = client.put(URL, content=prose(1), headers=TEXT, params=given)
    assert (response.status_code, response.json()["field"]) == (422, field)
    assert client.get(URL).status_code == 404


def test_html_is_given_back_as_it_was_sent_and_never_as_a_page(client: TestClient) -> None:
    page = b"<html><head><title>T</title></head><body><p>" + b"</p><p>".join(prose(1).split(b"\n\n")) + b"</p></body>"
    response = client.put(URL, content=page, headers={"content-type": "text/html"})
    raw = client.get(URL + "/raw")
    assert (response.status_code, response.json()["document"]["media_type"]) == (201, "text/html")
    assert raw.content == page
    assert raw.headers["content-type"].startswith("text/plain")
    assert raw.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_json_body_holds_text_and_metadata(client: TestClient) -> None:
    body = {"text": prose(1).decode(), "title": "Told", "authors": ["Ann"], "published": "2020-01-02"}
    content = client.put(URL, json=body).json()["document"]
    assert (content["title"], content["authors"], content["published"]) == ("Told", ["Ann"], "2020-01-02")
    assert client.get(URL + "/raw").content == prose(1)


def test_a_json_body_may_name_no_other_document(client: TestClient) -> None:
    response = client.put(URL, json=article(2))
    assert (response.status_code, response.json()["field"]) == (422, "id")
    assert client.put(URL, json=article(1)).status_code == 201


def test_metadata_beside_a_json_body_is_refused(client: TestClient) -> None:
    assert client.put(URL, json=article(1), params={"title": "x"}).status_code == 422


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b'{"text": 1}', b'{"titel": "x"}', b"[" * 100_000, b"\xff"])
def test_a_json_body_that_is_no_article_is_refused(client: TestClient, body: bytes) -> None:
    response = client.put(URL, content=body, headers=JSON)
    assert response.status_code in {400, 422}
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("kind", ["", "application/zip", "multipart/form-data; boundary=x", "text", "text/plain/x"])
def test_an_unsupported_type_is_refused_with_the_supported_ones(client: TestClient, kind: str) -> None:
    response = client.put(URL, content=prose(1), headers={"content-type": kind})
    assert response.status_code == 415
    assert "text/plain, text/html, application/json" in response.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"Home\nNews\n", b"\x00\x01\x02" * 100])
def test_a_source_without_an_article_is_refused(client: TestClient, body: bytes) -> None:
    response = client.put(URL, content=body, headers=TEXT)
    assert (response.status_code, response.json()["type"]) == (422, "urn:wherefrom:problem:source-rejected")


@pytest.mark.parametrize("name", ["..", ".hidden", "a b", "a%2Fb", "%00", "ü", "a" * 129, "-x", "a%0a"])
def test_an_id_that_is_not_safe_in_a_url_is_refused(client: TestClient, name: str) -> None:
    response = client.put(f"/v1/documents/{name}", content=prose(1), headers=TEXT)
    assert response.status_code in {404, 405, 422}
    assert client.get("/v1/index").json()["documents"] == 0


def test_a_change_for_another_state_is_a_412_and_changes_nothing(client: TestClient) -> None:
    first = client.put(URL, content=prose(1), headers=TEXT).headers["etag"]
    second = client.put(URL, content=prose(2), headers=TEXT | {"if-match": first})
    assert second.status_code == 200
    for refused in (
        client.put(URL, content=prose(3), headers=TEXT | {"if-match": first}),
        client.put(URL, content=prose(3), headers=TEXT | {"if-none-match": "*"}),
        client.put("/v1/documents/new", content=prose(3), headers=TEXT | {"if-match": "*"}),
        client.delete(URL, headers={"if-match": first}),
    ):
        assert (refused.status_code, refused.headers["content-type"]) == (412, "application/problem+json")
    assert client.get(URL, headers={"accept-encoding": "identity"}).headers["etag"] == second.headers["etag"]
    assert client.delete(URL, headers={"if-match": f'"other", {second.headers["etag"]}'}).status_code == 204


def test_of_concurrent_requests_that_create_one_document_one_succeeds(client: TestClient) -> None:
    def create(seed: int) -> int:
        return client.put(URL, content=prose(seed), headers=TEXT | {"if-none-match": "*"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(create, range(8))) == [201] + [412] * 7


def test_a_deleted_document_is_gone_at_once(client: TestClient) -> None:
    client.put(URL, content=prose(1), headers=TEXT)
    response = client.delete(URL)
    assert (response.status_code, response.content) == (204, b"")
    assert client.get(URL).status_code == 404
    assert client.delete(URL).status_code == 404
    assert client.get("/v1/ask?q=report").json()["no_answer_reason"] == "index_empty"


def test_a_batch_reports_invalid_lines_by_number_and_stores_the_others(client: TestClient) -> None:
    body = lines(article(1)) + b"\n{broken\n" + lines({"id": "menu", "text": "Home"}, article(2), article(1))
    response = client.post("/v1/documents:batch", content=body, headers=LINES)
    results = [json.loads(line) for line in response.text.splitlines()]
    assert response.headers["content-type"] == "application/x-ndjson"
    assert [(result["line"], result["document_id"], result["change"]) for result in results] == [
        (1, "story-1", "added"),
        (3, None, None),
        (4, "menu", None),
        (5, "story-2", "added"),
        (6, "story-1", "unchanged"),
    ]
    assert [result["error"] is None for result in results] == [True, False, False, True, True]
    assert client.get("/v1/index").json()["documents"] == 2


def test_a_batch_sent_again_changes_nothing(client: TestClient) -> None:
    body = lines({"text": prose(1).decode()}, article(2), {"id": "https://news.example/3", "text": prose(3).decode()})
    first, again = (client.post("/v1/documents:batch", content=body, headers=LINES).text for _ in range(2))
    assert again == first.replace('"added"', '"unchanged"')
    for line in first.splitlines():
        assert client.get(f"/v1/documents/{json.loads(line)['document_id']}").status_code == 200


def test_a_batch_of_many_lines_keeps_their_order(client: TestClient) -> None:
    body = lines(*(article(seed) for seed in range(150)))
    results = client.post("/v1/documents:batch", content=body, headers=LINES).text.splitlines()
    assert [json.loads(line)["line"] for line in results] == list(range(1, 151))
    assert client.get("/v1/index").json()["documents"] == 150


def test_an_empty_batch_gives_no_results(client: TestClient) -> None:
    response = client.post("/v1/documents:batch", content=b"\n\n", headers=LINES)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_a_batch_of_another_type_is_refused(client: TestClient, kind: str) -> None:
    response = client.post("/v1/documents:batch", content=lines(article(1)), headers={"content-type": kind})
    assert response.status_code == 415


def test_a_batch_as_one_json_value_is_answered_with_one_json_value(client: TestClient) -> None:
    body = {"documents": [article(1), {"id": "menu", "text": "Home"}, None, {"text": "\ud800"}, article(2)]}
    response = client.post("/v1/documents:batch", content=json.dumps(body), headers=JSON)
    assert response.headers["content-type"] == "application/json"
    results = response.json()["results"]
    assert [(result["line"], result["document_id"], result["change"]) for result in results] == [
        (1, "story-1", "added"),
        (2, "menu", None),
        (3, None, None),
        (4, None, None),
        (5, "story-2", "added"),
    ]
    assert [result["error"] is None for result in results] == [True, False, False, False, True]
    empty = client.post("/v1/documents:batch", json={"documents": []})
    assert (empty.status_code, empty.json()) == (200, {"results": []})


@pytest.mark.parametrize(
    ("accept", "of_lines", "of_json"),
    [
        ("", LINES, JSON),
        ("*/*", LINES, JSON),
        ("application/json", JSON, JSON),
        ("application/x-ndjson", LINES, LINES),
        ("application/x-ndjson;q=0.5, application/json", JSON, JSON),
        ("text/html", LINES, JSON),
    ],
)
def test_the_results_of_a_batch_come_in_the_form_that_the_client_prefers(
    client: TestClient, accept: str, of_lines: dict[str, str], of_json: dict[str, str]
) -> None:
    sent = [
        (LINES, lines(article(1), article(2))),
        (JSON, json.dumps({"documents": [article(1), article(2)]}).encode()),
    ]
    for (given, content), expected in zip(sent, (of_lines, of_json), strict=True):
        response = client.post("/v1/documents:batch", content=content, headers=given | {"accept": accept})
        assert response.headers["content-type"] == expected["content-type"]
        lines_of = response.text.splitlines()
        results = [json.loads(line) for line in lines_of] if expected is LINES else response.json()["results"]
        assert [result["document_id"] for result in results] == ["story-1", "story-2"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"documents": [1e999]}', 400),
        (b'{"documents": [NaN]}', 400),
        (b"[" * 100_000, 400),
        (b"[]", 415),
        (b'{"documents": null}', 415),
        (b'{"documents": {}}', 422),
        (b'{"documents": [], "more": 1}', 422),
    ],
)
def test_a_json_value_that_is_no_batch_is_refused(client: TestClient, body: bytes, status: int) -> None:
    assert client.post("/v1/documents:batch", content=body, headers=JSON).status_code == status


def test_a_batch_as_one_json_value_is_no_larger_than_a_document(tmp_path: Path) -> None:
    body = json.dumps({"documents": [article(1)]})
    with empty_client(tmp_path, Settings(max_document_bytes=len(body) - 1)) as client:
        response = client.post("/v1/documents:batch", content=body, headers=JSON)
    assert response.status_code == 413
    assert "application/x-ndjson" in response.json()["detail"]


def test_bodies_may_be_gzip(client: TestClient) -> None:
    packed = gzip.compress(prose(1))
    assert client.put(URL, content=packed, headers=TEXT | {"content-encoding": "gzip"}).status_code == 201
    assert client.get(URL + "/raw").content == prose(1)
    refused = client.put(URL, content=packed, headers=TEXT | {"content-encoding": "br"})
    assert refused.status_code == 415


def test_a_body_that_decompresses_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    with empty_client(tmp_path, Settings(max_document_bytes=10_000)) as client:
        bomb = gzip.compress(b"a" * 50_000_000)
        assert len(bomb) > 10_000
        headers = TEXT | {"content-encoding": "gzip"}
        assert client.put(URL, content=bomb, headers=headers).status_code == 413
        assert client.put(URL, content=gzip.compress(b"a" * 10_001), headers=headers).status_code == 413


def test_a_document_has_its_own_size_limit(tmp_path: Path) -> None:
    with empty_client(tmp_path, Settings(max_body_bytes=10, max_document_bytes=len(prose(1)))) as client:
        assert client.put(URL, content=prose(1), headers=TEXT).status_code == 201
        assert client.put(URL, content=prose(1) + b"\n", headers=TEXT).status_code == 413
        assert client.post("/v1/ask", json={"question": "x"}).status_code == 413


def test_a_state_that_the_client_holds_is_a_304(client: TestClient) -> None:
    etag = client.put(URL, content=prose(1), headers=TEXT).headers["etag"]
    for path in (URL, URL + "/raw"):
        for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            response = client.get(path, headers={"if-none-match": given})
            assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", etag)
        assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_an_error_after_the_commit_says_that_the_document_was_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Library.put

    def put_and_cut(
        library: Library,
        document_id: str,
        document: Document,
        *,
        precondition: Precondition | None,
        vectors: Sequence[ItemVectors],
    ) -> Change:
        change = put(library, document_id, document, precondition=precondition, vectors=vectors)
        with (tmp_path / CATALOG).open("r+b") as file:
            file.truncate(10)
        return change

    monkeypatch.setattr(Library, "put", put_and_cut)
    with empty_client(tmp_path) as client:
        problem = client.put(URL, content=prose(1), headers=TEXT)
    assert problem.status_code == 503
    assert problem.json()["type"].endswith("index-damaged")
    assert "the document was stored (added), but could not be read back" in problem.json()["detail"]
    assert "nothing was changed" not in problem.json()["detail"]


def test_an_engine_that_cannot_be_reached_after_the_commit_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_library: Library, _document_id: str) -> DocumentSummary:
        raise EngineUnavailable("PostgreSQL", "connection refused")

    with empty_client(tmp_path) as client:
        monkeypatch.setattr(Library, "document", unreachable)
        problem = client.put(URL, content=prose(1), headers=TEXT)
    assert problem.status_code == 503
    assert problem.headers["retry-after"]
    assert problem.json()["type"].endswith("engine-unavailable")
    assert problem.json()["detail"].startswith("PostgreSQL cannot be used now: the document was stored (added), but")


def test_a_catalog_cut_short_under_a_running_service_is_named_by_every_change_and_question(tmp_path: Path) -> None:
    with empty_client(tmp_path) as client:
        assert client.put(URL, content=prose(1), headers=TEXT).status_code == 201
        with (tmp_path / CATALOG).open("r+b") as file:
            file.truncate(0)
        responses = [
            client.put(URL, content=prose(2), headers=TEXT),
            client.delete(URL),
            client.get(URL),
            client.get("/v1/ask", params={"q": "What was filed as number 1.2?"}),
        ]
    assert {response.status_code for response in responses} == {503}
    assert all(response.json()["type"].endswith("index-damaged") for response in responses)


def test_a_page_whose_reading_fails_is_a_422_and_costs_no_other_line_its_answer(client: TestClient) -> None:
    story = prose(8).decode()
    page = f"<html><body><article><p>{story}</p><p>{story}&#{'1' * 5_000};</p>"
    response = client.put(URL, content=page.encode(), headers={"content-type": "text/html"})
    assert response.status_code == 422
    assert response.json()["detail"] == "story-1: it has a numeric character reference with thousands of digits"
    body = lines(article(1), {"id": "story-2", "html": page}, article(3))
    batch = client.post("/v1/documents:batch", content=body, headers=LINES)
    results = [json.loads(line) for line in batch.text.splitlines()]
    assert [result["change"] for result in results] == ["added", None, "added"]
    assert "thousands of digits" in results[1]["error"]


def test_a_document_of_which_much_may_be_missing_is_never_just_added(client: TestClient) -> None:
    page = f'<script type=application/ld+json>{{"wordCount": 5000}}</script><p>{prose(1).decode()}</p>'
    response = client.put(URL, content=page.encode(), headers={"content-type": "text/html"})
    (warning,) = response.json()["warnings"]
    assert response.json()["change"] == "added"
    assert warning.endswith("words are kept of an article that the page says has 5,000")
    result = client.post("/v1/documents:batch", content=lines({"id": "b", "html": page}), headers=LINES).json()
    assert result["warnings"] == [warning]
    assert "warnings" not in client.put(URL, content=prose(2), headers=TEXT).json()


def test_metadata_is_corrected_and_marked_as_given_by_hand(client: TestClient) -> None:
    etag = client.put(URL, content=prose(1), headers=TEXT).headers["etag"]
    body = {"title": "Mine", "publisher": "The Post", "authors": ["Ann"], "published": "2020-02-29"}
    response = client.patch(URL, json=body, headers={"if-match": etag})
    content = response.json()
    assert (response.status_code, content["change"]) == (200, "updated")
    assert {name: content["document"][name] for name in body} == body
    assert content["document"]["origins"] == dict.fromkeys(sorted(body), "by-hand")
    assert response.headers["etag"] == f'"{content["document"]["etag"]}"' != etag
    assert client.patch(URL, json={"title": "x"}, headers={"if-match": etag}).status_code == 412
    assert client.put(URL, content=prose(1), headers=TEXT).json()["document"]["title"] == "Mine"
    detail = client.get(URL).json()
    assert (detail["title"], detail["origins"]["title"]) == ("Mine", "by-hand")
    assert client.get(f"{URL}/reading").json()["title"] == "Mine"


def test_a_correction_is_taken_back_by_null_and_a_value_by_nothing(client: TestClient) -> None:
    url = f"{URL}?title=Given&published=2020-02-29&authors=Ann"
    client.put(url, content=prose(1), headers=TEXT)
    document = client.patch(URL, json={"title": "", "authors": [], "published": ""}).json()["document"]
    assert (document["title"], document["authors"], document["published"]) == (None, [], None)
    document = client.patch(URL, json={"title": None, "authors": None}).json()["document"]
    assert (document["title"], document["authors"], document["published"]) == ("Given", ["Ann"], None)
    assert document["origins"] == {"authors": "given", "published": "by-hand", "title": "given"}
    assert client.patch(URL, json={}).json()["change"] == "unchanged"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"titel": "x"}, "titel: unknown field; close: title"),
        ({"title": 5}, "title: must be a string"),
        ({"authors": "x"}, "authors: must be an array"),
        ({"authors": [" "]}, "must hold more than white space"),
        ({"published": "yesterday"}, "published: must be a day like 2016-02-29"),
        ([], "must be an object"),
    ],
)
def test_a_wrong_correction_is_a_422_and_changes_nothing(body: object, reason: str, client: TestClient) -> None:
    client.put(URL, content=prose(1), headers=TEXT)
    before = client.get("/v1/index").json()
    response = client.patch(URL, json=body)
    assert response.status_code == 422
    assert reason in response.json()["detail"]
    assert client.get("/v1/index").json() == before


def test_a_missing_document_cannot_be_corrected(client: TestClient) -> None:
    assert client.patch(URL, json={"title": "x"}).status_code == 404
