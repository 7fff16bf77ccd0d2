from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.library_samples import QUESTION, seeds_library
from wherefrom.service.api.app import create_app
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.quotations.files import DOCX
from wherefrom.service.schemas.citations import EXAMPLE
from wherefrom.service.settings import Settings

VERIFY = "/v1/citations/verify"
EXPORT = "/v1/citations/export"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    app = create_app(Settings(max_batch=10), lambda: seeds_library(data))
    with TestClient(app) as opened:
        yield opened


@pytest.fixture
def citations(client: TestClient) -> list[dict[str, Any]]:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    return [answer["answer"]["citation"], *(passage["citation"] for passage in answer["passages"])]


def test_every_served_citation_is_valid(client: TestClient, citations: list[dict[str, Any]]) -> None:
    content = client.post(VERIFY, json={"citations": citations}).json()
    assert [list(result) for result in content["results"]] == [["valid", "reason", "found"]] * len(citations)
    assert all(result["valid"] for result in content["results"])


def test_a_citation_is_accepted_as_served_and_wrapped(client: TestClient, citations: list[dict[str, Any]]) -> None:
    bare = client.post(VERIFY, json=citations[0]).json()
    assert bare == {"valid": True, "reason": None, "found": citations[0]["cited_text"]}
    assert client.post(VERIFY, json={"citation": citations[0]}).json() == bare


def test_a_changed_citation_is_not_valid(client: TestClient, citations: list[dict[str, Any]]) -> None:
    content = client.post(VERIFY, json=citations[0] | {"cited_text": "Something else."}).json()
    assert content["valid"] is False
    assert content["reason"]
    assert content["found"] == citations[0]["cited_text"]


def test_a_citation_of_a_document_that_is_not_there_is_not_valid_and_no_error(
    client: TestClient, citations: list[dict[str, Any]]
) -> None:
    content = client.post(VERIFY, json=citations[0] | {"document_id": "none"}).json()
    assert content == {"valid": False, "reason": "no document has the id 'none'", "found": None}


def test_segments_beyond_the_source_are_not_valid_and_no_error(
    client: TestClient, citations: list[dict[str, Any]]
) -> None:
    for segments in ([], [{"start": 10**30, "end": 10**31}], [{"start": 9, "end": 3}]):
        response = client.post(VERIFY, json=citations[0] | {"segments": segments})
        assert response.status_code == 200
        assert response.json()["valid"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "document_id"),
        ([], "body"),
        ({"citation": {}}, "citation.document_id"),
        ({"citation": EXAMPLE, "extra": 1}, "extra"),
        ({"citations": []}, "citations"),
        ({"citations": [EXAMPLE, {}]}, "citations.1.document_id"),
        ({"citations": [EXAMPLE] * 11}, "citations"),
        (EXAMPLE | {"segments": [{"start": -1, "end": 3}]}, "segments.0.start"),
        (EXAMPLE | {"segments": [{"start": 0, "end": 3, "ende": 3}]}, "segments.0.ende"),
        (EXAMPLE | {"segments": [{"start": 0, "end": 3}] * 1001}, "segments"),
    ],
)
def test_an_invalid_citation_is_a_422_that_names_the_field(client: TestClient, body: Any, field: str) -> None:  # noqa: ANN401
    response = client.post(VERIFY, json=body)
    assert response.status_code == 422
    assert response.json()["field"] == field


def test_the_example_of_the_description_holds(client: TestClient) -> None:
    assert client.post(VERIFY, json=EXAMPLE).json()["valid"] is True


def test_half_of_a_surrogate_pair_is_refused(client: TestClient) -> None:
    body = rb'{"document_id": "\ud800", "cited_text": "a", "source_sha256": "b", "segments": []}'
    response = client.post(VERIFY, content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422
    assert response.json()["detail"] == "document_id: must hold whole characters, not half a surrogate pair"


def test_quotations_are_given_out_as_a_file_in_each_form(client: TestClient, citations: list[dict[str, Any]]) -> None:
    forms = {
        "markdown": ("text/markdown; charset=utf-8", "quotations.md", b"# Quotations"),
        "docx": (DOCX, "quotations.docx", b"PK"),
        "csv": ("text/csv; charset=utf-8", "quotations.csv", "\ufeffnumber".encode()),
    }
    for form, (media_type, name, beginning) in forms.items():
        quoted = [citation | {"note": "a note"} for citation in citations]
        response = client.post(EXPORT, json={"format": form, "quotations": quoted})
        assert response.status_code == 200
        assert response.headers["content-type"] == media_type
        assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert response.content.startswith(beginning)


def test_a_quotation_is_what_stands_in_the_source_whatever_else_was_sent(
    client: TestClient, citations: list[dict[str, Any]]
) -> None:
    sent = {name: citations[0][name] for name in ("document_id", "source_sha256", "segments")}
    invented = {"title": "Invented", "formatted": "Invented.", "publisher": "Invented", "url": "https://invented.org"}
    text = client.post(EXPORT, json={"format": "markdown", "quotations": [sent | invented]}).text
    assert citations[0]["cited_text"][:40] in text
    assert "nvented" not in text


def test_null_stands_for_what_is_left_out(client: TestClient, citations: list[dict[str, Any]]) -> None:
    for name in ("note", "cited_text", "text_sha256"):
        body = {"format": "csv", "quotations": [citations[0] | {name: None}]}
        assert client.post(EXPORT, json=body).status_code == 200


def test_no_file_is_written_if_one_quotation_does_not_hold_and_each_such_is_named(
    client: TestClient, citations: list[dict[str, Any]]
) -> None:
    good = citations[0]
    quoted = [good | {"cited_text": "Invented."}, good, good | {"document_id": "none"}, good | {"source_sha256": "0"}]
    response = client.post(EXPORT, json={"format": "csv", "quotations": quoted})
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == "urn:wherefrom:problem:quotation-refused"
    assert problem["field"] == "quotations.0"
    assert problem["errors"] == [
        {"field": "quotations.0", "reason": "another text stands at these segments"},
        {"field": "quotations.2", "reason": "no document has the id 'none'"},
        {"field": "quotations.3", "reason": "the document has changed since: its source has another SHA-256"},
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"format": "csv"}, "quotations"),
        ({"format": "csv", "quotations": []}, "quotations"),
        ({"format": "pdf", "quotations": [EXAMPLE]}, "format"),
        ({"format": "csv", "quotations": [EXAMPLE], "titel": "x"}, "titel"),
        ({"format": "csv", "quotations": [EXAMPLE] * 11}, "quotations"),
        ({"format": "csv", "quotations": [EXAMPLE | {"note": "x" * 10_001}]}, "quotations.0.note"),
        ({"format": "csv", "quotations": [EXAMPLE | {"note": 3}]}, "quotations.0.note"),
        ({"format": "csv", "quotations": [{"document_id": "x"}]}, "quotations.0.source_sha256"),
    ],
)
def test_an_invalid_export_is_a_422_that_names_the_field(client: TestClient, body: Any, field: str) -> None:  # noqa: ANN401
    response = client.post(EXPORT, json=body)
    assert (response.status_code, response.json()["field"]) == (422, field)


def test_quotations_of_more_than_a_million_characters_are_refused(tmp_path: Path) -> None:
    app = create_app(Settings(max_batch=1_000), lambda: seeds_library(tmp_path))
    with TestClient(app) as opened:
        summary = opened.get("/v1/documents/002_8dddc422d49da77a.txt").json()
        whole = len(opened.get("/v1/documents/002_8dddc422d49da77a.txt/text").text)
        each = {**EXAMPLE, "source_sha256": summary["source_sha256"], "segments": [{"start": 0, "end": whole}]}
        del each["cited_text"]
        response = opened.post(EXPORT, json={"format": "csv", "quotations": [each] * (1_000_000 // whole + 100)})
    assert (response.status_code, response.json()["field"]) == (422, "quotations")


def test_reading_rights_are_enough_to_export(tmp_path: Path, citations: list[dict[str, Any]]) -> None:
    app = create_app(Settings(read_keys=parse_keys("the-reading-key-of-the-test")), lambda: seeds_library(tmp_path))
    with TestClient(app) as opened:
        headers = {"Authorization": "Bearer the-reading-key-of-the-test"}
        response = opened.post(EXPORT, json={"format": "csv", "quotations": citations[:1]}, headers=headers)
    assert response.status_code == 200
