"""Filters by metadata, operators and the preference: every way in takes them, and refuses them in the same words."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.support.clients import local_client
from tests.support.library_samples import seeds_library
from wherefrom.index.library import Library
from wherefrom.service.mcp.tools import ToolRefused, call_tool
from wherefrom.service.runtime.async_library import AsyncLibrary

QUESTION = "what was sold in the harbour?"
ARTICLES: list[dict[str, Any]] = [
    {
        "id": "harbour",
        "text": "The old harbour of Northport was sold on Monday, its owner said to the paper. (AP)",
        "title": "Old harbour sold",
        "authors": ["Ann Otter"],
        "language": "en-GB",
        "published": "2020-01-01",
        "extra": {"section": "world", "year": 2016, "opinion": False, "tags": ["ports", "money"]},
    },
    {
        "id": "mill",
        "text": "The mill and the harbour of Southport were bought on Tuesday, an owner of missiles said. (Reuters)",
        "title": "Mill bought",
        "language": "en",
        "published": "2024-01-01",
        "extra": {"section": "local", "year": "2016", "opinion": True},
    },
]
LOCAL_OPINION = "extra=section=world&extra=section=local&extra=opinion=true"
CASES: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"agency": ["AP"]}, "agency=AP", ["harbour"]),
    ({"author": ["Ann Otter"]}, "author=Ann+Otter", ["harbour"]),
    ({"title": ["mill BOUGHT"]}, "title=mill+BOUGHT", ["mill"]),
    ({"title": ["mill", "harbour"]}, "title=mill&title=harbour", ["harbour", "mill"]),
    ({"language": ["en"]}, "language=en", ["harbour", "mill"]),
    ({"extra": {"section": "world"}}, "extra=section%3Dworld", ["harbour"]),
    ({"extra": {"section": ["world", "local"], "opinion": True}}, LOCAL_OPINION, ["mill"]),
    ({"extra": {"year": {"from": 2015, "to": None}}}, "extra=year>=2015", ["harbour"]),
    ({"extra": {"year": [2016, "2016"]}}, "extra=year%3D2016", ["harbour", "mill"]),
    ({"extra": {"tags": "money"}}, "extra=tags=money", ["harbour"]),
]
REFUSED: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"agency": ["Reuter"]}, "filters.agency", ["Reuters"]),
    ({"author": ["Ann Oter"]}, "filters.author", ["Ann Otter"]),
    ({"title": ["harbor"]}, "filters.title", ["harbour"]),
    ({"language": ["eng"]}, "filters.language", ["en", "en-gb"]),
    ({"extra": {"sectoin": "world"}}, "filters.extra", ["section", "opinion"]),
    ({"extra": {"section": "wrld"}}, "filters.extra.section", ["world"]),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    with local_client(lambda: seeds_library(data)) as opened:
        lines = b"".join(json.dumps(article).encode() + b"\n" for article in ARTICLES)
        added = opened.post("/v1/documents:batch", content=lines, headers={"content-type": "application/x-ndjson"})
        assert [json.loads(line)["change"] for line in added.text.splitlines()] == ["added", "added"]
        yield opened


def documents(answer: Mapping[str, Any]) -> list[str]:
    return sorted({passage["citation"]["document_id"] for passage in answer["passages"]})


def post(client: TestClient, **body: Any) -> Response:  # noqa: ANN401
    return client.post("/v1/ask", json={"question": QUESTION, "top_k": 50, **body})


@pytest.mark.parametrize(("filters", "query", "wanted"), CASES)
def test_a_body_a_batch_and_a_url_choose_the_same(
    client: TestClient, filters: dict[str, Any], query: str, wanted: list[str]
) -> None:
    batch = {"questions": [QUESTION], "filters": filters, "top_k": 50}
    assert documents(post(client, filters=filters).json()) == wanted
    assert documents(client.post("/v1/ask/batch", json=batch).json()["answers"][0]) == wanted
    assert documents(client.get(f"/v1/ask?q={QUESTION}&top_k=50&{query}").json()) == wanted


@pytest.mark.parametrize(("filters", "field", "close"), REFUSED)
def test_an_unknown_value_is_a_422_with_close_ones(
    client: TestClient, filters: dict[str, Any], field: str, close: list[str]
) -> None:
    problem = post(client, filters=filters).json()
    assert problem["type"] == "urn:wherefrom:problem:unknown-filter-value"
    assert (problem["status"], problem["field"], problem["close"][: len(close)]) == (422, field, close)


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ("extra=section", "extra", "'section' is not NAME=VALUE, NAME>=NUMBER or NAME<=NUMBER"),
        ("extra=year>=soon", "extra", "'soon' is not a number"),
        ("prefer=oldest", "prefer", "must be 'newest'"),
        ("half_life_days=0", "half_life_days", "must be above 0"),
        ("half_life_days=nan", "half_life_days", "must be a finite number"),
        ("half_life_days=40000", "half_life_days", "must be at most 36500"),
        ("authors=x", "authors", "unknown parameter; close: author"),
    ],
)
def test_an_invalid_parameter_is_a_422_that_names_it(client: TestClient, query: str, field: str, reason: str) -> None:
    problem = client.get(f"/v1/ask?q=x&{query}").json()
    assert (problem["status"], problem["field"]) == (422, field)
    assert reason in problem["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"filters": {"extra": ["section"]}}, "filters.extra"),
        ({"filters": {"extra": {"section": {"name": 1}}}}, "filters.extra"),
        ({"filters": {"agency": "AP"}}, "filters.agency"),
        ({"prefer": "oldest"}, "prefer"),
        ({"half_life_days": "30"}, "half_life_days"),
        ({"half_life_days": True}, "half_life_days"),
    ],
)
def test_an_invalid_field_is_a_422_that_names_it(client: TestClient, body: dict[str, Any], field: str) -> None:
    problem = post(client, **body).json()
    assert (problem["status"], problem["field"]) == (422, field)


def test_operators_and_preference_are_explained(client: TestClient) -> None:
    question = 'who owns "the harbour" -Monday?'
    answer = client.get("/v1/ask", params={"q": question, "explain": True, "prefer": "newest"}).json()
    assert documents(answer) == ["mill"]
    assert answer["explanation"] == {
        "text": "who owns the harbour?",
        "phrases": ["the harbour"],
        "excluded": ["Monday"],
        "prefer": "newest",
        "half_life_days": 30.0,
        "newest": "2024-01-01",
        "notes": [],
        "set_aside": [],
    }
    assert answer["passages"][0]["scores"]["recency"] == 1.0
    as_body = client.post("/v1/ask", json={"question": question, "explain": True, "prefer": "newest"}).json()
    assert as_body | {"took_ms": 0} == answer | {"took_ms": 0}
    plain = post(client, explain=True).json()
    assert "explanation" not in plain
    assert "recency" not in plain["passages"][0]["scores"]


def test_the_newest_come_first_if_they_are_preferred(client: TestClient) -> None:
    def first(**options: object) -> str:
        body = {"filters": {"document_id": ["harbour", "mill"]}, **options}
        return str(post(client, question="who said what of the harbour?", **body).json()["passages"][0]["passage_id"])

    assert first(prefer="newest") == "mill:1"
    assert first(prefer=None, half_life_days=None) == first()


def test_the_list_of_documents_has_every_value_that_filters_take(client: TestClient) -> None:
    listed = {each["document_id"]: each for each in client.get("/v1/documents").json()["documents"]}
    harbour = listed["harbour"]
    assert {name: harbour[name] for name in ("agency", "authors", "title", "language", "extra")} == {
        "agency": "AP",
        "authors": ["Ann Otter"],
        "title": "Old harbour sold",
        "language": "en-GB",
        "extra": ARTICLES[0]["extra"],
    }
    detail = client.get("/v1/documents/harbour").json()
    reading = client.get("/v1/documents/harbour/reading").json()
    assert detail["extra"] == reading["extra"] == ARTICLES[0]["extra"]
    assert detail["language"] == reading["language"] == "en-GB"


def test_language_and_extra_fields_can_stand_in_the_url_of_a_text(client: TestClient) -> None:
    extra = {"section": "sport", "year": 2017}
    params = {"language": "de_at", "extra": json.dumps(extra)}
    text = "Die alte Fähre von Nordhafen sank am Montag, sagte ihr Besitzer der Zeitung."
    headers = {"content-type": "text/plain"}
    written = client.put("/v1/documents/ferry", content=text.encode(), params=params, headers=headers).json()
    assert (written["document"]["language"], written["document"]["extra"]) == ("de-AT", extra)
    assert documents(post(client, filters={"extra": {"year": 2017}}).json()) == ["ferry"]
    for wrong in ({"language": "German"}, {"extra": "[1]"}, {"extra": "{"}, {"extra": '{"a": {}}'}):
        refused = client.put("/v1/documents/ferry", content=text.encode(), params=wrong, headers=headers)
        assert (refused.status_code, refused.json()["field"]) == (422, next(iter(wrong)))
    assert client.delete("/v1/documents/ferry").status_code == 204


@pytest.fixture
def library(client: TestClient, data: Path) -> Iterator[Library]:
    assert client
    with seeds_library(data) as opened:
        yield opened


def test_agents_have_the_same_arguments(library: Library) -> None:
    async def run(**arguments: object) -> dict[str, Any]:
        served = AsyncLibrary(library, threads=1)
        try:
            return await call_tool(served, "ask", {"question": QUESTION, "top_k": 50, **arguments})
        finally:
            served.close()

    for filters, _, wanted in CASES:
        assert documents(asyncio.run(run(filters=filters))) == wanted
    answer = asyncio.run(run(question='"the harbour" of whom', prefer="newest", half_life_days=10, explain=True))
    assert answer["explanation"]["phrases"] == ["the harbour"]
    with pytest.raises(ToolRefused, match="close: world"):
        asyncio.run(run(filters={"extra": {"section": "wrld"}}))
