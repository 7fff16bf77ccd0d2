"""What is wrong with a request is said in the words of JSON, whatever is wrong with whichever field."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter, ValidationError

from tests.support.clients import local_client
from tests.support.library_samples import seeds_library
from wherefrom.service.mcp.tools import TOOLS
from wherefrom.service.schemas.citations import CitationBody, VerifyBody
from wherefrom.service.schemas.requests import AskBody, AskQuery, BatchBody, FilterBody, GivenQuery
from wherefrom.service.schemas.validation_messages import MESSAGES, message

PYTHON = re.compile(
    r"[Tt]uple|[Dd]ict|\b[Ll]ist|\bstr\b|\bint\b|[Bb]ool|None|True|False|instance|attribute|pars(e|ing)|model|Body"
    r"|Input should|Value error|after validation"
)
OUR_TYPES = {"blank", "date", "extra", "language", "number", "unknown_field"}
VALUES: list[Any] = [
    *(None, True, 1, 1.5, float("inf"), float("nan"), -1, 10**30),
    *("x", "", " ", "5", "1" * 5_000, "\ud800", "x" * 5_000),
    *([], {}, [1], [None], [""], [{}], [[["x"]]], {"a": 1}, ["x"] * 2_000),
]
FIELDS = [
    *("question", "questions", "top_k", "filters", "max_per_document", "explain", "publisher", "published_from"),
    *("published_to", "document_id", "q", "title", "url", "authors", "published", "cited_text", "source_sha256"),
    *("segments", "citation", "citations", "agency", "author", "language", "extra", "prefer", "half_life_days"),
    *("document_ids", "first", "limit", "cursor"),
]
TYPES: list[Any] = [AskBody, BatchBody, AskQuery, GivenQuery, FilterBody, CitationBody, VerifyBody]


def bodies() -> Iterator[Any]:
    for value in VALUES:
        yield value
        yield {"filters": dict.fromkeys(FilterBody.model_fields, value)}
        yield {"segments": [{"start": value, "end": value}]}
        yield {"citation": {"segments": [{"start": value}]}}
        yield {"citations": [value, {"segments": value}]}
        for field in FIELDS:
            yield {field: value}


@pytest.mark.parametrize("type_", [*TYPES, *(tool.arguments for tool in TOOLS)])
def test_every_wrong_value_of_every_field_is_told_in_words_of_json(type_: type) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(type_)
    seen = set()
    for body in bodies():
        try:
            adapter.validate_python(body)
        except ValidationError as error:
            for detail in error.errors():
                assert detail["type"] in MESSAGES or detail["type"] in OUR_TYPES, detail
                seen.add(message(detail))
    assert len(seen) >= 3
    assert [text for text in seen if PYTHON.search(text)] == []


def test_an_error_without_a_message_of_ours_has_no_prefix_of_python() -> None:
    assert message({"type": "value_error", "msg": "Value error, must be even"}) == "must be even"


def test_one_character_and_one_item_are_singular() -> None:
    short = {"type": "too_short", "msg": "", "ctx": {"min_length": 1, "actual_length": 0}}
    assert message(short) == "must have at least 1 item, not 0"


@pytest.mark.parametrize(
    ("method", "path", "body", "detail"),
    [
        ("POST", "/v1/ask", [], "body: must be an object"),
        ("POST", "/v1/ask", {"question": 5}, "question: must be a string"),
        ("POST", "/v1/ask", {"question": "x", "explain": "yes"}, "explain: must be true or false"),
        ("POST", "/v1/ask", {"question": "x", "top_k": 1.5}, "top_k: must be a whole number"),
        ("POST", "/v1/ask", {"question": "x", "filters": "AFP"}, "filters: must be an object"),
        ("POST", "/v1/ask", {"question": "x", "filters": {"publisher": "AFP"}}, "filters.publisher: must be an array"),
        ("POST", "/v1/ask/batch", {"questions": "x"}, "questions: must be an array"),
        ("POST", "/v1/citations/verify", {"citation": 1}, "citation: must be an object"),
        ("POST", "/v1/citations/verify", {"citations": []}, "citations: must have at least 1 item, not 0"),
        ("PUT", "/v1/documents/a", {"text": "x", "authors": "Ann"}, "a: authors: it must be an array of strings"),
        ("POST", "/v1/vector_stores/a/search", {"query": 5}, "query: must be a string or an array of strings"),
        ("GET", "/v1/ask?q=x&explain=maybe", None, "explain: must be true or false"),
        ("GET", "/v1/ask?q=x&top_k=five", None, "top_k: must be a whole number"),
    ],
)
def test_problems_say_it(client: TestClient, method: str, path: str, body: object, detail: str) -> None:
    response = client.request(method, path, content=json.dumps(body), headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["detail"]) == (422, detail)


def test_an_array_with_an_invalid_item_is_not_too_short(client: TestClient) -> None:
    body = {"format": "csv", "quotations": [{"document_id": "x"}]}
    problem = client.post("/v1/citations/export", json=body).json()
    assert {error["field"] for error in problem["errors"]} == {
        "quotations.0.source_sha256",
        "quotations.0.segments",
    }
    assert problem["field"].startswith("quotations.0.")


def test_the_field_of_a_value_with_several_forms_is_named_as_in_the_request(client: TestClient) -> None:
    assert client.get("/v1/filters?field=colour").json()["field"] == "field.0"
    messages = [{"role": "user", "content": 5}]
    assert client.post("/v1/chat/completions", json={"messages": messages}).json()["field"] == "messages.0.content"
    messages = [{"role": "user", "content": [{"text": "x"}]}]
    problem = client.post("/v1/chat/completions", json={"messages": messages}).json()
    assert problem["field"] == "messages.0.content.0.type"


def test_an_unknown_field_of_a_document_is_named_with_similar_ones(client: TestClient) -> None:
    problem = client.put("/v1/documents/a", json={"text": "x", "titel": "y"}).json()
    assert (problem["field"], problem["close"]) == ("titel", ["title"])
    raw = b'{"text": "x", "\\ud800": 1}'
    problem = client.put("/v1/documents/a", content=raw, headers={"content-type": "application/json"}).json()
    assert problem["field"] == "\\ud800"
    problem = client.put("/v1/documents/a", json={"text": "x", "extra": {"year": {}}}).json()
    assert problem["field"] == "extra.year"
    assert "close" not in problem


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened
