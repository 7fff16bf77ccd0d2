"""Written answers over HTTP, with a writer that is a real process and has the habits of bad ones."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import QUESTION, seeds_library
from tests.support.servers.writer_server import requests_to, writer_server
from wherefrom.service.settings import Settings
from wherefrom.service.settings_parsing import Secret

KEY = "sk-a-key-that-is-never-shown"
VERBATIM = "; the answer is the verbatim passages"
WITHIN_SECONDS = 2.0


@pytest.fixture(scope="module")
def writer() -> Iterator[str]:
    with writer_server() as url:
        yield url


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@contextmanager
def writing(data: Path, url: str, model: str, *, seconds: float = 10, threshold: float = 0.0) -> Iterator[TestClient]:
    settings = Settings(
        writer="openai", writer_url=url, writer_model=model, writer_key=Secret(KEY), writer_seconds=seconds
    )
    with local_client(lambda: seeds_library(data, threshold=threshold), settings) as client:
        yield client


def answered(data: Path, url: str, model: str, *, seconds: float = 10, **body: object) -> dict[str, Any]:
    with writing(data, url, model, seconds=seconds) as client:
        response = client.post("/v1/answer", json={"question": QUESTION, **body})
    assert response.status_code == 200, response.text
    content: dict[str, Any] = response.json()
    return content


def events(text: str) -> list[tuple[str, Any]]:
    parts = [part.split("\n") for part in text.strip().split("\n\n") if part.startswith("event:")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


def test_sentences_cite_passages_of_the_reply_beside_the_verbatim_answer(data: Path, writer: str) -> None:
    content = answered(data, writer, "quoting")
    with writing(data, writer, "quoting") as client:
        asked = client.post("/v1/ask", json={"question": QUESTION}).json()
    written = content["written"]
    assert [name for name in asked if name != "took_ms" and content[name] != asked[name]] == []
    assert written["status"] == "written"
    assert [sentence["passages"] for sentence in written["sentences"]] == [
        [passage["passage_id"]] for passage in asked["passages"][:2]
    ]
    for sentence, passage in zip(written["sentences"], asked["passages"], strict=False):
        assert passage["text"].startswith(sentence["text"])
    assert written["writer"] | {"prompt_sha256": ""} == {
        "kind": "openai",
        "model": "quoting",
        "prompt": "answer-1",
        "prompt_sha256": "",
    }


def test_explain_shows_the_checks_of_each_sentence_that_is_shown_and_of_each_that_is_not(
    data: Path, writer: str
) -> None:
    written = answered(data, writer, "inventing", explain=True)["written"]
    assert [written["status"], written["rejected"], written["sentences"]] == ["verbatim", 3, []]
    assert all(any(not check["passed"] for check in each["checks"]) for each in written["rejections"])
    shown = answered(data, writer, "quoting", explain=True)["written"]["sentences"]
    assert all(check["passed"] for sentence in shown for check in sentence["checks"])
    assert "checks" not in answered(data, writer, "quoting")["written"]["sentences"][0]


def test_where_more_than_half_of_the_sentences_fail_the_reply_says_so(data: Path, writer: str) -> None:
    content = answered(data, writer, "inventing")
    assert content["warnings"] == [f"3 of 4 written sentences failed their check{VERBATIM}"]
    assert content["answer"]["text"]
    for word in ("Uruguay", "Quimby", "porcelain"):
        assert word not in json.dumps(content)


def test_a_stream_has_the_verbatim_answer_first_then_each_sentence_then_the_end(data: Path, writer: str) -> None:
    with writing(data, writer, "quoting") as client:
        response = client.post("/v1/answer", json={"question": QUESTION, "stream": True})
        plain = client.post("/v1/answer", json={"question": QUESTION}).json()
    assert response.headers["content-type"].startswith("text/event-stream")
    received = events(response.text)
    assert [name for name, _ in received] == ["answer", "sentence", "sentence", "written"]
    assert received[0][1]["answer"] == plain["answer"]
    assert [sentence for name, sentence in received if name == "sentence"] == plain["written"]["sentences"]
    assert received[-1][1]["written"] == plain["written"]
    assert list(received[-1][1]) == ["written", "warnings", "took_ms"]


def test_below_the_threshold_nothing_is_written_and_the_writer_is_not_asked(data: Path, writer: str) -> None:
    before = len(requests_to(writer, "quoting"))
    with writing(data, writer, "quoting", threshold=1.0) as client:
        content = client.post("/v1/answer", json={"question": QUESTION}).json()
        stream = client.post("/v1/answer", json={"question": QUESTION, "stream": True})
    assert (content["status"], content["written"], content["answer"]) == ("no_answer", None, None)
    assert [name for name, _ in events(stream.text)] == ["answer", "written"]
    assert len(requests_to(writer, "quoting")) == before


def test_without_a_writer_the_reply_is_verbatim_and_says_so(data: Path) -> None:
    with local_client(lambda: seeds_library(data)) as client:
        content = client.post("/v1/answer", json={"question": QUESTION}).json()
        assert client.get("/v1/answer").json() == {"writer": None}
    assert content["written"] is None
    assert content["answer"]["text"]
    assert content["warnings"] == ["no writer is set up, so nothing is written; WHEREFROM_WRITER names one"]


@pytest.mark.parametrize(
    ("model", "warning"),
    [
        ("silent", f"the writer did not come to an end within {WITHIN_SECONDS:g} s{VERBATIM}"),
        ("forbidding", f"the writer refused the request with the status 401{VERBATIM}"),
        ("redirecting", f"the writer refused the request with the status 307{VERBATIM}"),
        ("html", f"the writer sent a reply that cannot be read{VERBATIM}"),
        ("garbage", f"the writer sent a reply that cannot be read{VERBATIM}"),
        ("other-json", f"the writer sent a reply that cannot be read{VERBATIM}"),
        ("babbling", f"the writer did not come to an end within {WITHIN_SECONDS:g} s{VERBATIM}"),
        ("refusing", f"the writer found no answer in the passages{VERBATIM}"),
    ],
)
def test_a_writer_that_fails_leaves_the_verbatim_answer_in_time(
    data: Path, writer: str, model: str, warning: str
) -> None:
    content = answered(data, writer, model, seconds=WITHIN_SECONDS)
    assert content["written"]["status"] == "verbatim"
    assert content["warnings"] == [warning]
    assert content["answer"]["text"]
    assert KEY not in json.dumps(content)


@pytest.mark.parametrize(
    ("model", "warning"),
    [
        ("endless", "the writer wrote more than 8 sentences and was stopped"),
        ("pausing", "the writer did not come to an end within 2 s"),
        ("breaking", "the writer broke off before its end"),
        ("repeating", "the writer repeated itself and was stopped"),
        ("cut", "the writer did not come to an end within 400 tokens"),
        ("filtered", "the writer was stopped by its server's content filter"),
    ],
)
def test_what_passed_before_a_writer_failed_is_shown_with_a_warning(
    data: Path, writer: str, model: str, warning: str
) -> None:
    content = answered(data, writer, model, seconds=WITHIN_SECONDS)
    assert warning in [each.removesuffix(VERBATIM) for each in content["warnings"]]
    assert content["answer"]["text"]


def test_a_writer_that_is_down_leaves_the_verbatim_answer(data: Path) -> None:
    content = answered(data, "http://127.0.0.1:9/v1", "quoting")
    assert content["warnings"] == [f"the writer cannot be reached, or the connection broke{VERBATIM}"]
    assert content["answer"]["text"]


def test_a_writer_that_cites_what_was_not_retrieved_is_named(data: Path, writer: str) -> None:
    content = answered(data, writer, "citing-elsewhere", explain=True)
    assert "the writer cited passages that were not retrieved" in content["warnings"]
    assert "Antarctica" not in json.dumps(content)


def test_a_busy_writer_is_asked_again(data: Path, writer: str) -> None:
    content = answered(data, writer, "busy", seconds=20)
    assert content["written"]["status"] == "written"
    assert len(requests_to(writer, "busy")) == 3


def test_the_key_goes_to_the_writer_and_the_environment_of_its_client_changes_nothing(
    data: Path, writer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-of-the-admin")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody-else")
    answered(data, writer, "quoting")
    request = requests_to(writer, "quoting")[-1]
    assert request["path"] == "/v1/chat/completions"
    assert request["headers"]["authorization"] == f"Bearer {KEY}"
    sent = json.dumps(request["headers"])
    assert [text for text in ("somebody-else", "sk-of-the-admin") if text in sent] == []
    assert request["body"]["max_tokens"] == 400
    assert request["body"]["stream"] is True


def test_the_question_is_refused_as_by_ask(data: Path, writer: str) -> None:
    with writing(data, writer, "quoting") as client:
        for stream in (False, True):
            refused = client.post("/v1/answer", json={"question": " ", "stream": stream})
            assert (refused.status_code, refused.json()["type"]) == (422, "urn:wherefrom:problem:invalid-request")
        unknown = client.post("/v1/answer", json={"question": QUESTION, "writer_url": "http://evil.example"})
    assert unknown.status_code == 422
