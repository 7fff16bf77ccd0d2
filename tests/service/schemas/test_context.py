"""The question before: every way in takes it, refuses what is none, and tells what a follow-up was taken to be."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import seeds_library
from wherefrom.index.conversation import Context
from wherefrom.index.library import Library
from wherefrom.index.ranking.question_limits import MAX_CONTEXT_DOCUMENTS
from wherefrom.service.client import requests
from wherefrom.service.mcp.tools import ToolRefused, call_tool
from wherefrom.service.runtime.async_library import AsyncLibrary

QUESTION = "and what did he say about money?"
BEFORE = "Who is the ambassador of Russia?"
DOCUMENT = "002_8dddc422d49da77a"
CONTEXT = {"question": BEFORE, "document_id": [DOCUMENT]}
TAKEN = {"text": f"{QUESTION} Russia", "added": ["Russia"], "preferred_documents": [DOCUMENT]}
REFUSED: list[tuple[Any, str]] = [
    ("a question", "context"),
    ([BEFORE], "context"),
    ({}, "context.question"),
    ({"question": ""}, "context.question"),
    ({"question": " \n"}, "context.question"),
    ({"question": 5}, "context.question"),
    ({"question": "x" * 2_001}, "context.question"),
    ({"question": BEFORE, "document_id": DOCUMENT}, "context.document_id"),
    ({"question": BEFORE, "document_id": ["x"] * (MAX_CONTEXT_DOCUMENTS + 1)}, "context.document_id"),
    ({"question": BEFORE, "answer": "Yes."}, "context"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def library(data: Path) -> Iterator[Library]:
    with seeds_library(data) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened


def steady(answer: Any) -> Any:  # noqa: ANN401
    return {name: value for name, value in answer.items() if name != "took_ms"}


def test_every_way_in_answers_alike_in_a_context(client: TestClient, library: Library) -> None:
    posted = client.post("/v1/ask", json={"question": QUESTION, "context": CONTEXT}).json()
    assert posted["question"] == QUESTION
    assert posted["follow_up"] == TAKEN
    query = {"q": QUESTION, "context": BEFORE, "context_document_id": DOCUMENT}
    assert steady(client.get("/v1/ask", params=query).json()) == steady(posted)
    batch = client.post("/v1/ask/batch", json={"questions": [QUESTION], "context": CONTEXT}).json()
    assert steady(batch["answers"][0]) == steady(posted)
    call = requests.ask(QUESTION, context=Context(question=BEFORE, document_id=(DOCUMENT,)))
    sent = client.request(call.method, call.path, content=call.body, headers=dict(call.headers))
    answer = call.parse(sent.content)
    assert answer.follow_up is not None
    assert answer.follow_up.text == TAKEN["text"]

    async def ask_as_agent() -> object:
        served = AsyncLibrary(library, threads=1)
        try:
            return await call_tool(served, "ask", {"question": QUESTION, "context": CONTEXT})
        finally:
            served.close()

    assert steady(asyncio.run(ask_as_agent())) == steady(posted)


def test_without_a_context_an_answer_has_no_follow_up(client: TestClient) -> None:
    for context in ({}, {"context": None}):
        assert "follow_up" not in client.post("/v1/ask", json={"question": QUESTION, **context}).json()
    assert "follow_up" not in client.get("/v1/ask", params={"q": QUESTION}).json()


def test_the_same_question_in_the_same_context_has_the_same_bytes(client: TestClient) -> None:
    bodies = [client.post("/v1/ask", json={"question": QUESTION, "context": CONTEXT}).json() for _ in range(3)]
    assert len({json.dumps(steady(body)) for body in bodies}) == 1


@pytest.mark.parametrize(("context", "field"), REFUSED)
def test_what_is_no_context_is_refused(client: TestClient, context: Any, field: str) -> None:  # noqa: ANN401
    response = client.post("/v1/ask", json={"question": QUESTION, "context": context})
    assert response.status_code == 422
    assert field in response.json()["field"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"context": ""}, "context"),
        ({"context": "x" * 2_001}, "context"),
        ({"context_document_id": DOCUMENT}, "context_document_id"),
        ({"context": BEFORE, "context_document_id": ["x"] * (MAX_CONTEXT_DOCUMENTS + 1)}, "context_document_id"),
    ],
)
def test_what_is_no_context_in_a_url_is_refused(client: TestClient, query: dict[str, Any], field: str) -> None:
    response = client.get("/v1/ask", params={"q": QUESTION, **query})
    assert response.status_code == 422
    assert response.json()["field"].endswith(field)


def test_an_agent_is_told_what_is_wrong_with_a_context(library: Library) -> None:
    async def ask() -> None:
        served = AsyncLibrary(library, threads=1)
        try:
            await call_tool(served, "ask", {"question": QUESTION, "context": {"question": " "}})
        finally:
            served.close()

    with pytest.raises(ToolRefused, match="context"):
        asyncio.run(ask())
