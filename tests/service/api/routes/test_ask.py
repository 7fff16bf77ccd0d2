import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.support.library_samples import FIRST, QUESTION, seeds_library
from wherefrom.service.api.app import create_app
from wherefrom.service.settings import Settings

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    app = create_app(Settings(max_batch=3), lambda: seeds_library(data))
    with TestClient(app) as opened:
        yield opened


def post(client: TestClient, body: object) -> Response:
    return client.post("/v1/ask", json=body)


def problem(response: Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = response.json()
    assert content["status"] == status
    return content


def without_time(response: Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    content: dict[str, Any] = response.json()
    assert content.pop("took_ms") >= 0
    return content


def test_an_answer_has_the_keys_of_the_contract_in_order(client: TestClient) -> None:
    content = post(client, {"question": QUESTION, "explain": True}).json()
    assert list(content) == [
        "question",
        "status",
        "no_answer_reason",
        "confidence",
        "threshold",
        "answer",
        "passages",
        "index",
        "effort",
        "took_ms",
    ]
    assert list(content["answer"]) == ["text", "citation"]
    assert list(content["passages"][0]) == [
        "rank",
        "passage_id",
        "text",
        "confidence",
        "highlights",
        "citation",
        "also_in",
        "scores",
        "shared_words",
    ]
    assert list(content["passages"][0]["scores"]) == ["dense", "sentence", "lexical", "fused"]


def test_the_passage_that_answers_comes_first_with_its_citation(client: TestClient) -> None:
    content = post(client, {"question": QUESTION}).json()
    assert (content["question"], content["status"], content["no_answer_reason"]) == (QUESTION, "answered", None)
    first = content["passages"][0]["citation"]
    assert (first["document_id"], first["line_start"], first["paragraph"]) == (FIRST, 43, 13)
    assert content["answer"]["citation"]["cited_text"] == content["answer"]["text"]
    assert len(content["passages"]) == 5
    assert "scores" not in content["passages"][0]


def test_get_and_post_give_the_same_answer(client: TestClient) -> None:
    by_post = post(
        client,
        {
            "question": QUESTION,
            "top_k": 3,
            "filters": {
                "publisher": ["The Korea Times", "CHINA TOPIX"],
                "published_from": "2016-01-01",
                "published_to": "2016-12-31",
                "document_id": ["000_3a64872121ddd60b.txt"],
            },
            "max_per_document": 2,
            "explain": True,
        },
    )
    by_get = client.get(
        "/v1/ask",
        params={
            "q": QUESTION,
            "top_k": "3",
            "publisher": ["The Korea Times", "CHINA TOPIX"],
            "published_from": "2016-01-01",
            "published_to": "2016-12-31",
            "document_id": "000_3a64872121ddd60b.txt",
            "max_per_document": "2",
            "explain": "true",
        },
    )
    assert without_time(by_get) == without_time(by_post)
    assert len(by_post.json()["passages"]) == 2


def test_the_same_question_gives_the_same_bytes_but_for_the_time(client: TestClient) -> None:
    first, second = (json.dumps(without_time(post(client, {"question": QUESTION}))) for _ in range(2))
    assert first == second


def test_filters_that_match_nothing_are_no_answer_and_no_error(client: TestClient) -> None:
    content = post(client, {"question": QUESTION, "filters": {"published_from": "2030-01-01"}}).json()
    assert (content["status"], content["no_answer_reason"]) == ("no_answer", "filters_matched_nothing")
    assert (content["answer"], content["passages"]) == (None, [])


def test_a_whole_number_may_be_spelled_with_a_point(client: TestClient) -> None:
    assert len(post(client, {"question": QUESTION, "top_k": 2.0}).json()["passages"]) == 2


def test_a_null_filter_is_the_same_as_no_filter(client: TestClient) -> None:
    filters = {"published_from": None, "published_to": None}
    content = post(client, {"question": QUESTION, "filters": filters, "max_per_document": None})
    assert without_time(content) == without_time(post(client, {"question": QUESTION}))


def test_a_batch_is_answered_in_the_order_of_its_questions(client: TestClient) -> None:
    questions = [QUESTION, "Who is the ambassador?"]
    content = client.post("/v1/ask/batch", json={"questions": questions, "top_k": 1}).json()
    assert list(content) == ["answers"]
    assert [answer["question"] for answer in content["answers"]] == questions
    assert all(len(answer["passages"]) == 1 for answer in content["answers"])


def test_a_batch_of_more_than_the_settings_allow_is_refused(client: TestClient) -> None:
    content = problem(client.post("/v1/ask/batch", json={"questions": ["x"] * 4}), 422)
    assert (content["field"], content["detail"]) == (
        "questions",
        "questions: must have at most 3 in one request, not 4",
    )


def test_an_invalid_question_in_a_batch_is_named_by_its_index(client: TestClient) -> None:
    content = problem(client.post("/v1/ask/batch", json={"questions": ["x", ""]}), 422)
    assert content["field"] == "questions.1"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \n"}, "question"),
        ({"question": "x" * 2001}, "question"),
        ({"question": "x" * 100_000}, "question"),
        ({"question": 7}, "question"),
        ({"question": "\ud800"}, "question"),
        ({"question": "x", "top_k": 0}, "top_k"),
        ({"question": "x", "top_k": 101}, "top_k"),
        ({"question": "x", "top_k": 10_000}, "top_k"),
        ({"question": "x", "top_k": "5"}, "top_k"),
        ({"question": "x", "top_k": True}, "top_k"),
        ({"question": "x", "top_k": 1.5}, "top_k"),
        ({"question": "x", "top_k": float("nan")}, "top_k"),
        ({"question": "x", "max_per_document": 0}, "max_per_document"),
        ({"question": "x", "explain": "yes"}, "explain"),
        ({"question": "x", "filters": 3}, "filters"),
        ({"question": "x", "filters": {"publisher": "CHINA TOPIX"}}, "filters.publisher"),
        ({"question": "x", "filters": {"document_id": [1]}}, "filters.document_id.0"),
        ({"question": "x", "filters": {"publisher": ["x"] * 101}}, "filters.publisher"),
        ({"question": "x", "filters": {"published_from": 20160101}}, "filters.published_from"),
        ({"question": "x", "filters": {"published_to": "2016-02-30"}}, "filters.published_to"),
        ({"question": "x", "filters": {"published_to": "2016-02-01T10:00"}}, "filters.published_to"),
        ([], "body"),
        ("x", "body"),
    ],
)
def test_what_is_out_of_bounds_is_a_422_that_names_the_field(client: TestClient, body: object, field: str) -> None:
    content = problem(client.post("/v1/ask", content=json.dumps(body), headers=JSON), 422)
    assert content["field"] == field
    assert content["errors"][0]["field"] == field
    assert content["detail"].startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20", "q"),
        ("q=x&top_k=0", "top_k"),
        ("q=x&top_k=many", "top_k"),
        ("q=x&published_from=yesterday", "published_from"),
    ],
)
def test_a_bad_query_is_a_422_that_names_the_parameter(client: TestClient, query: str, field: str) -> None:
    assert problem(client.get(f"/v1/ask?{query}"), 422)["field"] == field


def test_every_field_that_is_wrong_is_listed(client: TestClient) -> None:
    content = problem(post(client, {"question": "", "top_k": 0}), 422)
    assert {error["field"] for error in content["errors"]} == {"question", "top_k"}


def test_an_unknown_filter_field_names_the_close_one(client: TestClient) -> None:
    content = problem(post(client, {"question": "x", "filters": {"publsher": ["x"]}}), 422)
    assert content["field"] == "filters.publsher"
    assert content["close"][0] == "publisher"


def test_an_unknown_query_parameter_names_the_close_one(client: TestClient) -> None:
    content = problem(client.get("/v1/ask?q=x&topk=3"), 422)
    assert (content["field"], content["close"]) == ("topk", ["top_k"])


def test_an_unknown_field_without_a_close_one_lists_the_known_fields(client: TestClient) -> None:
    content = problem(post(client, {"question": "x", "zzz": 1}), 422)
    assert "close" not in content
    assert (
        "known: top_k, filters, max_per_document, explain, prefer, half_life_days, effort, context, question"
        in content["detail"]
    )


def test_an_unknown_field_that_cannot_be_encoded_is_still_named(client: TestClient) -> None:
    content = problem(client.post("/v1/ask", content=b'{"question":"x","\\ud800":1}', headers=JSON), 422)
    assert content["field"] == "\\ud800"


def test_an_unknown_filter_value_names_close_ones(client: TestClient) -> None:
    content = problem(post(client, {"question": "x", "filters": {"publisher": ["Korea Times"]}}), 422)
    assert content["type"] == "urn:wherefrom:problem:unknown-filter-value"
    assert (content["field"], content["close"][0]) == ("filters.publisher", "The Korea Times")


@pytest.mark.parametrize("body", [b'{"question": "x"', b"{}}", b'{"question": "\xff"}', b"[" * 100_000])
def test_what_is_not_json_is_a_400(client: TestClient, body: bytes) -> None:
    problem(client.post("/v1/ask", content=body, headers=JSON), 400)


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_sent_as_json_is_a_415(client: TestClient, media_type: str | None) -> None:
    headers = {"content-type": media_type} if media_type else {}
    problem(client.post("/v1/ask", content=b'{"question": "x"}', headers=headers), 415)


def test_null_is_a_field_left_out(client: TestClient) -> None:
    nulls = dict.fromkeys(("top_k", "filters", "max_per_document", "explain"))
    plain = post(client, {"question": QUESTION}).json()
    assert post(client, {"question": QUESTION, **nulls}).json() | {"took_ms": 0} == plain | {"took_ms": 0}
    empty = dict.fromkeys(("publisher", "document_id", "published_from", "published_to"))
    assert post(client, {"question": QUESTION, "filters": empty}).json() | {"took_ms": 0} == plain | {"took_ms": 0}
    batch = client.post("/v1/ask/batch", json={"questions": [QUESTION], **nulls}).json()["answers"][0]
    assert batch | {"took_ms": 0} == plain | {"took_ms": 0}
    assert problem(post(client, {"question": None}), 422)["field"] == "question"


def test_a_body_in_another_encoding_is_told_as_such(client: TestClient) -> None:
    body = '{"question": "where is the caf\u00e9?"}'.encode("cp1252")
    refused = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert refused.status_code == 400
    assert refused.json()["detail"] == "the body is not JSON: it is not UTF-8, at byte 30"
    malformed = client.post("/v1/ask", content=b"{", headers={"content-type": "application/json"})
    assert refused.json()["type"] == malformed.json()["type"]
