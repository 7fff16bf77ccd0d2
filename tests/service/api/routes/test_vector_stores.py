"""A search in the form of OpenAI's vector stores."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import QUESTION, seeds_library
from wherefrom.service.settings import Settings

URL = "/v1/vector_stores/vs_1/search"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data), Settings(max_batch=3)) as opened:
        yield opened


def compared(key: str, kind: str, value: object) -> dict[str, object]:
    return {"type": kind, "key": key, "value": value}


def test_results_are_the_passages_of_the_answer(client: TestClient) -> None:
    page = client.post(URL, json={"query": QUESTION, "max_num_results": 2}).json()
    passages = client.get("/v1/ask", params={"q": QUESTION, "top_k": 2}).json()["passages"]
    assert list(page) == ["object", "search_query", "data", "has_more", "next_page"]
    assert (page["object"], page["search_query"]) == ("vector_store.search_results.page", [QUESTION])
    assert (page["has_more"], page["next_page"]) == (False, None)
    for result, passage in zip(page["data"], passages, strict=True):
        citation = passage["citation"]
        assert list(result)[:5] == ["file_id", "filename", "score", "attributes", "content"]
        assert (result["file_id"], result["score"]) == (citation["document_id"], passage["confidence"])
        assert result["content"] == [{"type": "text", "text": passage["text"]}]
        assert result["citation"] == citation
        attributes = result["attributes"]
        assert attributes == {name: citation[name] for name in attributes if name != "authors"} | (
            {"authors": ", ".join(citation["authors"])} if citation["authors"] else {}
        )


def test_of_several_queries_each_passage_comes_once_with_its_best_score(client: TestClient) -> None:
    queries = [QUESTION, "Who is the ambassador?"]
    both = client.post(URL, json={"query": queries}).json()
    alone = [client.post(URL, json={"query": query}).json()["data"] for query in queries]
    best: dict[str, float] = {}
    for result in (result for rank in zip(*alone, strict=True) for result in rank):
        text = result["content"][0]["text"]
        best[text] = max(best.get(text, 0.0), result["score"])
    found = {result["content"][0]["text"]: result["score"] for result in both["data"]}
    assert both["search_query"] == queries
    assert len(found) == len(both["data"]) == 10
    assert list(found.items()) == list(best.items())[:10]


def test_results_below_the_threshold_are_left_out(client: TestClient) -> None:
    scores = [result["score"] for result in client.post(URL, json={"query": QUESTION}).json()["data"]]
    options = {"ranker": "default-2024-11-15", "score_threshold": scores[2]}
    above = client.post(URL, json={"query": QUESTION, "ranking_options": options}).json()["data"]
    assert [result["score"] for result in above] == [score for score in scores if score >= scores[2]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (compared("publisher", "eq", "CHINA TOPIX"), {"CHINA TOPIX"}),
        (
            {"type": "or", "filters": [compared("publisher", "eq", name) for name in ("CHINA TOPIX", "Press TV")]},
            {"CHINA TOPIX", "Press TV"},
        ),
        (
            {
                "type": "and",
                "filters": [
                    {"type": "and", "filters": [compared("published", "gte", "2016-01-01")]},
                    compared("published", "lt", 1_500_000_000),
                ],
            },
            {"The Korea Times"},
        ),
        (compared("file_id", "in", ["000_3a64872121ddd60b.txt"]), {"The Korea Times"}),
        (None, {"CHINA TOPIX", "The Korea Times", "Press TV", None}),
    ],
)
def test_filters_restrict_the_documents(client: TestClient, filters: object, expected: set[str | None]) -> None:
    body = {"query": QUESTION, "max_num_results": 50, "filters": filters, "rewrite_query": True}
    results = client.post(URL, json=body).json()["data"]
    assert {result["citation"]["publisher"] for result in results} == expected


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": []}, "query"),
        ({"query": ["x", " "]}, "query.1"),
        ({"query": 1}, "query"),
        ({"query": "x", "max_num_results": 51}, "max_num_results"),
        ({"query": "x", "top_k": 5}, "top_k"),
        ({"query": ["x"] * 4}, "query"),
        ({"query": "x", "filters": compared("publisher", "ne", "AFP")}, "filters.type"),
        ({"query": "x", "filters": {"type": "or", "filters": [{"type": "eq"}]}}, "filters.filters.0.key"),
        ({"query": "x", "filters": compared("colour", "eq", "red")}, "filters.extra"),
        ({"query": "x", "filters": compared("publisher", "eq", "CHINA TOPICS")}, "filters.publisher"),
        ({"query": "x", "rewrite_query": "yes"}, "rewrite_query"),
    ],
)
def test_a_refusal_is_told_in_the_form_of_openai(client: TestClient, body: dict[str, object], field: str) -> None:
    response = client.post(URL, json=body)
    problem = response.json()
    assert (response.status_code, problem["field"]) == (422, field)
    error = problem["error"]
    assert (error["message"], error["param"]) == (problem["detail"], field)
    assert (error["type"], problem["type"]) == (
        "invalid_request_error",
        "urn:wherefrom:problem:" + error["code"].replace("_", "-"),
    )


def test_filters_nested_without_end_are_refused(client: TestClient) -> None:
    nested: object = compared("publisher", "eq", "AFP")
    for _ in range(400):
        nested = {"type": "and", "filters": [nested]}
    assert client.post(URL, json={"query": "x", "filters": nested}).status_code == 422


def test_a_search_is_no_change_and_needs_no_writing_key(client: TestClient) -> None:
    forwarded = {"x-forwarded-for": "203.0.113.5"}
    assert client.post(URL, json={"query": "x"}, headers=forwarded).status_code == 200
    assert client.post(f"{URL}/more", json={}).json()["error"]["type"] == "invalid_request_error"
