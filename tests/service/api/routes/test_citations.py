from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.library_samples import QUESTION, seeds_library
from wherefrom.service.api.app import create_app
from wherefrom.service.schemas.citations import EXAMPLE
from wherefrom.service.settings import Settings

VERIFY = "/v1/citations/verify"


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
