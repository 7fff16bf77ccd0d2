"""A source that is never read to its end costs its sender a refusal, and nobody else anything."""

import json
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.support.documents import prose
from tests.support.servers.word_server import Served, word_server
from tests.support.sticking_worker import KILLED, STUCK

TEXT = {"content-type": "text/plain"}
LINES = {"content-type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with word_server(tmp_path_factory.mktemp("data"), WHEREFROM_READING_SECONDS="3") as opened:
        yield opened


@pytest.fixture
def client(served: Served) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, timeout=30) as opened:
        yield opened
    assert not [line for line in served.lines if "Traceback" in line]


def put(client: httpx2.Client, name: str, raw: bytes) -> httpx2.Response:
    return client.put(f"/v1/documents/{name}", content=raw, headers=TEXT)


def test_a_source_that_is_stuck_or_deadly_is_refused_by_name(client: httpx2.Client) -> None:
    slow, deadly = put(client, "slow", STUCK), put(client, "deadly", KILLED)
    assert (slow.status_code, slow.json()["detail"]) == (422, "slow: reading it takes longer than 3 s")
    assert (deadly.status_code, deadly.json()["type"][-15:]) == (422, "source-rejected")
    assert put(client, "good", prose(11)).status_code == 201


def test_questions_and_other_documents_are_answered_meanwhile(client: httpx2.Client) -> None:
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(put, client, "slow", STUCK)
        for number in range(3):
            assert client.get("/livez").status_code == 200
            assert client.get("/v1/ask", params={"q": f"who objects {number}"}).status_code == 200
            assert put(client, f"other-{number}", prose(20 + number)).status_code == 201
            assert client.get(f"/v1/documents/other-{number}/reading").status_code == 200
        assert slow.result().status_code == 422


def test_a_batch_keeps_the_lines_beside_one_that_is_stuck(client: httpx2.Client) -> None:
    texts = [prose(31), STUCK, prose(32), KILLED, prose(33)]
    body = b"\n".join(json.dumps({"id": f"line-{n}", "text": raw.decode()}).encode() for n, raw in enumerate(texts))
    response = client.post("/v1/documents:batch", content=body, headers=LINES)
    results = [json.loads(line) for line in response.text.splitlines()]
    assert [result["change"] for result in results] == ["added", None, "added", None, "added"]
    assert results[1]["error"] == "line-1: reading it takes longer than 3 s"


def test_a_server_that_reads_a_source_for_ever_still_ends(tmp_path: Path) -> None:
    environment = {"WHEREFROM_READING_SECONDS": "600", "WHEREFROM_SHUTDOWN_SECONDS": "1"}
    threads = ThreadPoolExecutor(1)
    with threads, word_server(tmp_path, **environment) as served, httpx2.Client(base_url=served.url) as client:
        stuck = threads.submit(put, client, "slow", STUCK)
        while not any("stuck" in line for line in served.lines):
            time.sleep(0.05)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=20) == 0
        assert stuck.exception() is not None or stuck.result().status_code >= 500
