import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.documents import read
from tests.support.library_samples import FIRST, WordEmbedder, seeds_library
from tests.support.paths import SEEDS
from wherefrom.index.library import Library
from wherefrom.index.types import DocumentSummary, IndexInfo
from wherefrom.service.api.app import create_app
from wherefrom.service.settings import Settings

RUSSIAN = "Россия выступила против размещения системы в этом регионе, заявил посол в Сеуле.\n" * 3
MARKED = "\ufeffDie Nachricht: “Schluß” — so schrieb Björk am Dienstag in Köln über die Brücke am Rhein 🌉.\r\n" * 3


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with TestClient(create_app(Settings(), lambda: seeds_library(data))) as opened:
        yield opened


INTERVIEW = """The quay of Southport will be closed for eleven months from May, the council decided on Monday.

Who pays for the new quay?

The region pays two thirds of the work, and the rest comes from a fund of the fishing cooperatives.

And the islands?

Ferries to the islands will leave from the coal dock, which adds twenty minutes to each crossing.
"""


def raw_of(data: Path, document_id: str, raw: bytes, source: str) -> TestClient:
    def opened() -> Library:
        library = Library.open(data, embedder=WordEmbedder())
        library.put(document_id, read(raw, source=source))
        return library

    return TestClient(create_app(Settings(), opened))


def test_every_document_is_listed(client: TestClient) -> None:
    documents = client.get("/v1/documents").json()["documents"]
    assert [document["document_id"] for document in documents] == sorted(path.name for path in SEEDS.glob("*.txt"))
    assert [document["paragraphs"] for document in documents] == [14, 8, 16, 17, 13]
    assert documents[0]["published"] == "2016-02-02"


def test_the_list_comes_in_pages(client: TestClient) -> None:
    everything = client.get("/v1/documents").json()
    assert (everything["total"], everything["cursor"]) == (5, None)
    listed, cursor = [], None
    for _ in range(3):
        page = client.get("/v1/documents", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        listed += page["documents"]
        cursor = page["cursor"]
    assert (listed, cursor) == (everything["documents"], None)


def test_the_list_is_filtered_like_answers(client: TestClient) -> None:
    listed = client.get(
        "/v1/documents", params={"publisher": "CHINA TOPIX", "q": "stance", "sort": "-published"}
    ).json()
    assert [document["publisher"] for document in listed["documents"]] == ["CHINA TOPIX"]
    assert listed["total"] == 1
    assert client.get("/v1/documents?q=nothing+of+this").json() == {"documents": [], "total": 0, "cursor": None}


@pytest.mark.parametrize(
    ("query", "field", "close"),
    [
        ("publsher=x", "publsher", "publisher"),
        ("publisher=China+Topics", "filters.publisher", "CHINA TOPIX"),
        ("limit=0", "limit", None),
        ("limit=1001", "limit", None),
        ("sort=size", "sort", None),
        ("cursor=x", "cursor", None),
    ],
)
def test_an_invalid_parameter_of_the_list_is_a_422(
    client: TestClient, query: str, field: str, close: str | None
) -> None:
    response = client.get(f"/v1/documents?{query}")
    problem = response.json()
    assert (response.status_code, problem["field"], problem.get("close", [None])[0]) == (422, field, close)


def test_a_document_is_its_summary_with_its_paragraphs(client: TestClient) -> None:
    summary = next(entry for entry in client.get("/v1/documents").json()["documents"] if entry["document_id"] == FIRST)
    shown = client.get(f"/v1/documents/{FIRST}").json()
    paragraphs = shown["paragraphs"]
    subheads = shown.pop("subheads")
    assert shown | {"paragraphs": len(paragraphs)} == summary
    assert list(shown) == list(summary)
    assert list(paragraphs[0]) == ["number", "kind", "text", "segments", "line_start", "line_end"]
    assert [(subhead["text"], subhead["line_start"], subhead["above"]) for subhead in subheads] == [
        ('"Grave Threats"', 21, 4),
        ('"Strong Reactions"', 33, 9),
    ]
    assert [paragraph["number"] for paragraph in paragraphs] == list(range(1, 17))


def test_questions_of_an_interview_are_paragraphs_without_a_number(tmp_path: Path) -> None:
    with raw_of(tmp_path, "quay", INTERVIEW.encode(), "quay.txt") as interview:
        shown = interview.get("/v1/documents/quay").json()
        reading = interview.get("/v1/documents/quay/reading").json()
        summary = interview.get("/v1/documents").json()["documents"][0]
    assert [(paragraph["number"], paragraph["kind"]) for paragraph in shown["paragraphs"]] == [
        *((1, "text"), (None, "question"), (2, "text"), (None, "question"), (3, "text"))
    ]
    assert summary["paragraphs"] == 3
    assert reading["paragraphs"] == shown["paragraphs"]
    for paragraph in shown["paragraphs"]:
        cited = "".join(INTERVIEW[span["start"] : span["end"]] for span in paragraph["segments"])
        assert cited == paragraph["text"]


def test_a_missing_document_is_a_404(client: TestClient) -> None:
    for path in ("/v1/documents/none", "/v1/documents/none/raw"):
        response = client.get(path)
        assert response.status_code == 404
        assert response.json()["detail"] == "no document has the id 'none'"


def test_a_path_in_an_id_reaches_no_file(client: TestClient) -> None:
    for document_id in ("..%2f..%2fetc%2fpasswd", "%2e%2e", "%00", "a%00b"):
        response = client.get(f"/v1/documents/{document_id}/raw")
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_raw_gives_the_same_bytes_back(client: TestClient) -> None:
    for path in SEEDS.glob("*.txt"):
        response = client.get(f"/v1/documents/{path.name}/raw")
        assert response.content == path.read_bytes()
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-disposition"] == f"inline; filename*=UTF-8''{path.name}"


def test_raw_names_the_charset_as_the_web_does(tmp_path: Path) -> None:
    raw = RUSSIAN.encode("cp1251")
    with raw_of(tmp_path, "a", raw, "a.txt") as client:
        encoding = client.get("/v1/documents/a").json()["encoding"]
        response = client.get("/v1/documents/a/raw")
    charset = response.headers["content-type"].removeprefix("text/plain; charset=")
    assert response.content == raw
    assert raw.decode(charset) == raw.decode(encoding)
    assert "cp" not in charset


def test_a_file_name_cannot_break_out_of_its_header(tmp_path: Path) -> None:
    name = 'ü";\r\nX-Bad: 1.txt'
    with raw_of(tmp_path, "a", RUSSIAN.encode(), f"in/{name}") as client:
        headers = client.get("/v1/documents/a/raw").headers
    assert "x-bad" not in headers
    assert headers["content-disposition"] == "inline; filename*=UTF-8''%C3%BC%22%3B%0D%0AX-Bad%3A%201.txt"


def test_the_index_says_what_it_holds_and_who_made_it(client: TestClient) -> None:
    content = client.get("/v1/index").json()
    assert list(content) == ["generation", "documents", "passages", "model", "model_sha256"]
    assert (content["documents"], content["passages"], content["model"]) == (5, 68, "words")


def test_a_reading_is_the_document_with_its_text_and_what_was_dropped(client: TestClient) -> None:
    reading = client.get(f"/v1/documents/{FIRST}/reading").json()
    shown = client.get(f"/v1/documents/{FIRST}").json()
    assert {name: reading[name] for name in shown if name != "etag"} | {"etag": shown["etag"]} == shown
    assert reading["text"] == (SEEDS / FIRST).read_bytes().decode()
    assert reading["dropped"][0] == {"start": 0, "end": 11, "rule": "masthead"}


def test_every_character_but_white_space_is_kept_or_dropped(client: TestClient) -> None:
    for path in SEEDS.glob("*.txt"):
        reading = client.get(f"/v1/documents/{path.name}/reading").json()
        kept = [span for block in (*reading["paragraphs"], *reading["subheads"]) for span in block["segments"]]
        covered = {at for span in [*kept, *reading["dropped"]] for at in range(span["start"], span["end"])}
        uncovered = "".join(letter for at, letter in enumerate(reading["text"]) if at not in covered)
        assert uncovered.strip() == ""


def test_offsets_count_characters_of_the_decoded_text(tmp_path: Path) -> None:
    raw = MARKED.encode("utf-16")

    def opened() -> Library:
        library = Library.open(tmp_path, embedder=WordEmbedder())
        library.put("a", read(raw, source="a.txt"))
        return library

    with TestClient(create_app(Settings(), opened)) as client:
        reading = client.get("/v1/documents/a/reading").json()
    assert reading["source_sha256"] == hashlib.sha256(raw).hexdigest()
    assert reading["text"] == raw.decode(reading["encoding"])
    for paragraph in reading["paragraphs"]:
        cut = "".join(reading["text"][segment["start"] : segment["end"]] for segment in paragraph["segments"])
        assert " ".join(cut.split()) == paragraph["text"]


def test_the_reading_of_a_missing_document_is_a_404(client: TestClient) -> None:
    assert client.get("/v1/documents/none/reading").status_code == 404


@pytest.mark.parametrize("path", ["/v1/documents", "/v1/index"])
def test_what_follows_from_the_whole_collection_has_the_tag_of_its_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    reads: list[str] = []
    listed, described = Library.documents, Library.info

    def documents(library: Library) -> tuple[DocumentSummary, ...]:
        reads.append("documents")
        return listed(library)

    def info(library: Library) -> IndexInfo:
        reads.append("info")
        return described(library)

    monkeypatch.setattr(Library, "documents", documents)
    monkeypatch.setattr(Library, "info", info)
    with local_client(lambda: seeds_library(tmp_path)) as client:
        first = client.get(path)
        etag = first.headers["etag"]
        assert etag.startswith('W/"')
        assert first.headers["cache-control"] == "private, no-cache"
        reads.clear()
        for given in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
            unchanged = client.get(path, headers={"if-none-match": given})
            assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)
        assert reads == []
        assert client.get(path, headers={"if-none-match": '"other"'}).content == first.content

        headers = {"content-type": "text/plain"}
        client.put("/v1/documents/new", content=RUSSIAN.encode(), headers=headers)
        changed = client.get(path, headers={"if-none-match": etag})
        assert changed.status_code == 200
        assert changed.headers["etag"] != etag
        client.put("/v1/documents/new", content=RUSSIAN.encode(), headers=headers)  # unchanged
        assert client.get(path, headers={"if-none-match": changed.headers["etag"]}).status_code == 304
        client.delete("/v1/documents/new")
        again = client.get(path, headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (200, first.content)


def test_a_malformed_tag_for_the_list_is_a_400(client: TestClient) -> None:
    assert client.get("/v1/documents", headers={"if-none-match": "x"}).status_code == 400


def test_the_values_of_filters_are_listed_with_their_counts(client: TestClient) -> None:
    values = client.get("/v1/filters").json()
    assert list(values) == ["documents", "publisher", "agency", "author", "language", "month"]
    assert values["documents"] == 5
    assert {each["value"] for each in values["publisher"]["values"]} >= {"The Korea Times", "CHINA TOPIX"}
    assert values["month"]["without"] == 3
    for each in values["publisher"]["values"]:
        listed = client.get("/v1/documents", params={"publisher": each["value"]}).json()
        assert listed["total"] == each["documents"]


def test_the_values_of_filters_are_searched_and_have_a_tag(client: TestClient) -> None:
    response = client.get("/v1/filters?field=publisher&q=korea&limit=1")
    values = response.json()
    assert list(values) == ["documents", "publisher"]
    assert values["publisher"]["values"] == [{"value": "The Korea Times", "documents": 1}]
    again = client.get("/v1/filters", headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/v1/filters?fields=publisher").status_code == 422
    assert client.get("/v1/filters?field=size").status_code == 422


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        ("*/*", "application/problem+json"),
        ("application/json, text/html;q=0.5", "application/problem+json"),
        ("application/json, text/html", "application/problem+json"),
        ("application/json, text/html;q=0", "application/problem+json"),
    ],
)
def test_an_address_without_anything_is_a_page_for_a_browser(accept: str, kind: str, client: TestClient) -> None:
    response = client.get("/nosuchpage", headers={"accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (404, kind)
    assert "{prefix}" not in response.text
    assert client.get("/v1/documents/none", headers={"accept": accept}).headers["content-type"] == (
        "application/problem+json"
    )
