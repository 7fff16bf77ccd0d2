"""Dify's external knowledge API, as Dify sends and reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import FIRST, QUESTION, seeds_library
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.settings import Settings

KEY = "the-key-of-the-test"
BODY: dict[str, object] = {
    "knowledge_id": "articles",
    "query": QUESTION,
    "retrieval_setting": {"top_k": 3, "score_threshold": 0.0},
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened


def conditions(*comparisons: tuple[object, str, object], join: str = "and") -> dict[str, object]:
    rows = [{"name": name, "comparison_operator": operator, "value": value} for name, operator, value in comparisons]
    return BODY | {"metadata_condition": {"logical_operator": join, "conditions": rows}}


def test_records_are_the_passages_of_the_answer(client: TestClient) -> None:
    records = client.post("/retrieval", json=BODY).json()["records"]
    passages = client.get("/v1/ask", params={"q": QUESTION, "top_k": 3}).json()["passages"]
    assert [record["content"] for record in records] == [passage["text"] for passage in passages]
    assert [record["score"] for record in records] == [passage["confidence"] for passage in passages]
    assert [record["metadata"] for record in records] == [passage["citation"] for passage in passages]
    assert records[0]["title"] == passages[0]["citation"]["title"]
    assert list(records[0]) == ["content", "score", "title", "metadata"]


def test_records_below_the_threshold_are_left_out(client: TestClient) -> None:
    scores = [record["score"] for record in client.post("/retrieval", json=BODY).json()["records"]]
    setting = {"top_k": 3, "score_threshold": scores[1]}
    above = client.post("/retrieval", json=BODY | {"retrieval_setting": setting}).json()["records"]
    assert [record["score"] for record in above] == [score for score in scores if score >= scores[1]]
    setting = {"top_k": 3, "score_threshold": 1}
    assert client.post("/retrieval", json=BODY | {"retrieval_setting": setting}).json() == {"records": []}


def test_what_may_be_left_out_may_be_null(client: TestClient) -> None:
    short = {"knowledge_id": "a", "query": QUESTION}
    nulls = short | {"retrieval_setting": None, "metadata_condition": None}
    empty: dict[str, object] = short | {"retrieval_setting": {}, "metadata_condition": {"conditions": []}}
    assert client.post("/retrieval", json=short).json() == client.post("/retrieval", json=nulls).json()
    assert client.post("/retrieval", json=short).json() == client.post("/retrieval", json=empty).json()
    assert len(client.post("/retrieval", json=short).json()["records"]) == 5


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (conditions((["publisher"], "is", "CHINA TOPIX")), {"CHINA TOPIX"}),
        (conditions(("publisher", "in", ["CHINA TOPIX"])), {"CHINA TOPIX"}),
        (conditions((["published"], "after", "2016-02-01"), (["published"], "≤", "2016-02-02")), {"The Korea Times"}),
        (
            conditions((["publisher"], "is", "CHINA TOPIX"), (["publisher"], "=", "The Korea Times"), join="or"),
            {"CHINA TOPIX", "The Korea Times"},
        ),
    ],
)
def test_conditions_restrict_the_documents(client: TestClient, body: dict[str, object], expected: set[str]) -> None:
    records = client.post("/retrieval", json=body | {"retrieval_setting": {"top_k": 100}}).json()["records"]
    assert {record["metadata"]["publisher"] for record in records} == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"query": QUESTION}, "knowledge_id: Field required"),
        (BODY | {"query": ""}, "query: must have at least 1 character"),
        (BODY | {"inputs": {}}, "inputs: unknown field"),
        (BODY | {"retrieval_setting": {"score_threshold": "0.5"}}, "score_threshold: must be a number"),
        (BODY | {"retrieval_setting": {"score_threshold": 1.5}}, "score_threshold: must be at most 1"),
        (conditions((["publsher"], "is", "x")), "unknown key; close: publisher"),
        (conditions((["publisher", "agency"], "is", "x")), "name: must be a string"),
        (conditions((["publisher"], "contains", "x")), "'contains' is not supported; the operators are is, =,"),
        (conditions((["publisher"], "is", "CHINA TOPICS")), "close: CHINA TOPIX"),
    ],
)
def test_a_refusal_is_told_in_the_form_of_dify(client: TestClient, body: dict[str, object], reason: str) -> None:
    response = client.post("/retrieval", json=body)
    problem = response.json()
    assert (response.status_code, problem["error_code"], problem["status"]) == (422, 422, 422)
    assert reason in problem["error_msg"]
    assert problem["error_msg"] == problem["detail"]


def test_a_key_is_checked_as_everywhere_and_refused_with_the_codes_of_dify(tmp_path: Path) -> None:
    settings = Settings(read_keys=parse_keys(KEY), private=True)
    with local_client(lambda: seeds_library(tmp_path), settings) as client:
        missing, wrong, right = (
            client.post("/retrieval", json=BODY, headers=headers)
            for headers in ({}, {"authorization": "Bearer x"}, {"authorization": f"Bearer {KEY}"})
        )
    assert (missing.status_code, missing.json()["error_code"]) == (401, 1001)
    assert (wrong.status_code, wrong.json()["error_code"]) == (401, 1002)
    assert right.json()["records"][0]["metadata"]["document_id"] == FIRST


def test_a_body_that_is_not_read_has_the_codes_too(client: TestClient) -> None:
    large = client.post("/retrieval", content=b"x" * 2_000_000, headers={"content-type": "application/json"})
    assert (large.status_code, large.json()["error_code"]) == (413, 413)
    assert client.get("/retrieval").json()["error_code"] == 405
