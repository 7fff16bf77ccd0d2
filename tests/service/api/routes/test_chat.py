import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import QUESTION, seeds_library
from tests.support.servers.writer_server import writer_server
from wherefrom.index.library import Library
from wherefrom.service.schemas.chat_completions import NO_ANSWER, markdown
from wherefrom.service.settings import Settings

CONVERSATION = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hello."},
    {"role": "user", "content": [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": "x"}}]},
]


@pytest.fixture(scope="module")
def writer() -> Iterator[str]:
    with writer_server() as url:
        yield url


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened


def complete(client: TestClient, **body: object) -> dict[str, Any]:
    response = client.post("/v1/chat/completions", json={"model": "any", "messages": CONVERSATION, **body})
    assert response.status_code == 200, response.text
    content: dict[str, Any] = response.json()
    return content


def deltas(text: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line)["choices"][0] for line in lines[:-1]]


def check_annotations(message: dict[str, Any], client: TestClient) -> None:
    for annotation in message["annotations"]:
        cited = annotation["url_citation"]
        assert annotation["type"] == "url_citation"
        quoted = message["content"][cited["start_index"] : cited["end_index"]]
        assert quoted == markdown(cited["citation"]["cited_text"]) or quoted in markdown(
            cited["citation"]["cited_text"]
        )
        assert client.post("/v1/citations/verify", json=cited["citation"]).json()["valid"] is True


def test_without_a_writer_the_content_is_the_verbatim_passages_with_their_citations(client: TestClient) -> None:
    content = complete(client)
    message = content["choices"][0]["message"]
    passages = client.post("/v1/ask", json={"question": QUESTION}).json()["passages"]
    assert [each["url_citation"]["citation"] for each in message["annotations"]] == [
        passage["citation"] for passage in passages
    ]
    assert message["content"].startswith(f"> {passages[0]['text']}\n\n[1] {passages[0]['citation']['formatted']}")
    check_annotations(message, client)
    assert content["choices"][0]["finish_reason"] == "stop"
    assert content["wherefrom"]["written"] is None


def test_with_a_writer_the_content_is_the_written_sentences_with_their_citations(data: Path, writer: str) -> None:
    settings = Settings(writer="openai", writer_url=writer, writer_model="quoting")
    with local_client(lambda: seeds_library(data), settings) as client:
        message = complete(client)["choices"][0]["message"]
        streamed = client.post("/v1/chat/completions", json={"messages": CONVERSATION, "stream": True})
        check_annotations(message, client)
    assert "> " not in message["content"]
    assert "[1]" in message["content"]
    choices = deltas(streamed.text)
    assert "".join(choice["delta"].get("content", "") for choice in choices) == message["content"]
    assert [each for choice in choices for each in choice["delta"].get("annotations", [])] == message["annotations"]
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]


def test_sentences_of_which_most_failed_are_not_in_the_content(data: Path, writer: str) -> None:
    settings = Settings(writer="openai", writer_url=writer, writer_model="inventing")
    with local_client(lambda: seeds_library(data), settings) as client:
        content = complete(client)["choices"][0]["message"]["content"]
        streamed = client.post("/v1/chat/completions", json={"messages": CONVERSATION, "stream": True}).text
    assert content.startswith("3 of 4 written sentences failed their check; the answer is the verbatim passages.\n\n> ")
    assert "Uruguay" not in content + streamed


def test_no_answer_is_said_and_cites_nothing(tmp_path: Path) -> None:
    with local_client(lambda: seeds_library(tmp_path, threshold=1.0)) as client:
        message = complete(client)["choices"][0]["message"]
    assert (message["content"], message["annotations"]) == (NO_ANSWER, [])


def test_a_document_with_an_address_is_cited_at_it_and_another_one_in_our_own_view(data: Path) -> None:
    story = b"The old mill on Harbour Road burned down on Tuesday night, and nobody was hurt, the fire brigade said."

    def opened() -> Library:
        return seeds_library(data)

    with local_client(opened) as client:
        client.put("/v1/documents/mill", content=story, headers={"content-type": "text/plain"}).raise_for_status()
        client.put(
            "/v1/documents/other?url=https://news.example/mill", content=story, headers={"content-type": "text/plain"}
        ).raise_for_status()
        asked = [{"role": "user", "content": "Which mill on Harbour Road burned down?"}]
        (first, *_) = complete(client, messages=asked)["choices"][0]["message"]["annotations"]
        for name in ("mill", "other"):
            client.delete(f"/v1/documents/{name}")
    address = first["url_citation"]["url"]
    assert address.startswith(("https://news.example/mill#", "http://127.0.0.1:8000/?document=mill&at=0-"))


def test_the_official_client_takes_the_service_for_a_model(client: TestClient) -> None:
    official = openai.OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="none", http_client=client)
    assert [model.id for model in official.models.list()] == ["wherefrom"]
    asked: Any = [{"role": "user", "content": QUESTION}]
    completion = official.chat.completions.create(model="wherefrom", messages=asked, temperature=0, seed=1, user="u")
    message = completion.choices[0].message
    assert message.content
    assert message.annotations
    assert message.annotations[0].url_citation.title
    pieces = official.chat.completions.create(model="wherefrom", messages=asked, stream=True)
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == message.content


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "Be brief."}]}, "messages"),
        ({"messages": [{"role": "user", "content": None}]}, "messages"),
        ({"messages": [{"role": "narrator", "content": "Once"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": "x" * 2_001}]}, "question"),
    ],
)
def test_errors_have_the_form_of_openai_too(client: TestClient, body: dict[str, object], param: str) -> None:
    refused = client.post("/v1/chat/completions", json=body)
    assert refused.status_code == 422, refused.text
    assert refused.json()["error"]["param"] == param
    assert refused.json()["error"]["type"] == "invalid_request_error"


def test_a_source_cannot_put_an_image_a_link_or_html_into_the_content() -> None:
    assert markdown("![x](https://evil.example/?q) [y](z) <img src=x> a\\b") == (
        "!\\[x\\](https://evil.example/?q) \\[y\\](z) \\<img src=x> a\\\\b"
    )
