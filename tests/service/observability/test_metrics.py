import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.documents import prose
from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from tests.support.paths import ROOT
from wherefrom.index.library import Library

TEXT = {"content-type": "text/plain"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with local_client(lambda: seeds_library(tmp_path)) as opened:
        yield opened


def samples(client: TestClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_requests_are_counted_by_route_and_not_by_question(client: TestClient) -> None:
    client.get("/v1/ask", params={"q": QUESTION})
    client.get("/v1/documents/none")
    client.get("/v1/documents/other/raw")
    client.get("/nowhere")
    client.request("BREW", "/livez")
    values = samples(client)
    assert values['wherefrom_requests_total{method="GET",route="/v1/ask",status="200"}'] == 1
    assert values['wherefrom_requests_total{method="GET",route="/v1/documents/{document_id}",status="404"}'] == 1
    assert values['wherefrom_requests_total{method="GET",route="other",status="404"}'] == 1
    assert any('method="other"' in name for name in values)
    assert values['wherefrom_request_seconds_count{route="/v1/ask"}'] == 1
    assert not any("none" in name or "X-band" in name for name in values)


def test_errors_are_counted_by_type(client: TestClient) -> None:
    client.get("/v1/documents/none")
    client.get("/v1/ask?q=")
    client.put("/v1/documents/a", content=b"Home", headers=TEXT)
    client.delete("/v1/documents/a", headers={"host": "evil.example"})
    values = samples(client)
    for kind in ("document-not-found", "invalid-request", "source-rejected", "forbidden"):
        assert values[f'wherefrom_problems_total{{type="{kind}"}}'] == 1


def test_answers_are_counted_by_outcome(client: TestClient) -> None:
    client.get("/v1/ask", params={"q": QUESTION})
    client.post("/v1/ask", json={"question": QUESTION, "filters": {"published_from": "2030-01-01"}})
    client.post("/v1/ask/batch", json={"questions": [QUESTION, QUESTION]})
    values = samples(client)
    assert values['wherefrom_answers_total{outcome="answered"}'] == 3
    assert values['wherefrom_answers_total{outcome="filters_matched_nothing"}'] == 1
    assert values['wherefrom_stage_seconds_count{stage="work"}'] >= 3


def test_changes_and_the_size_of_the_index_are_counted(client: TestClient) -> None:
    before = samples(client)
    assert (before["wherefrom_documents"], before["wherefrom_passages"]) == (5, 68)
    for _ in range(2):
        client.put("/v1/documents/a", content=prose(1), headers=TEXT)
    client.delete("/v1/documents/a")
    client.post("/v1/documents:batch", content=b'{"text": "Home"}', headers={"content-type": "application/jsonl"})
    values = samples(client)
    for change in ("added", "unchanged", "deleted", "refused"):
        assert values[f'wherefrom_changes_total{{change="{change}"}}'] == 1
    assert values['wherefrom_waiting{queue="questions"}'] == values['wherefrom_waiting{queue="changes"}'] == 0
    assert values["process_resident_memory_bytes"] > 0


def test_changes_are_counted_and_timed_by_outcome(client: TestClient) -> None:
    client.put("/v1/documents/a", content=prose(1), headers=TEXT)
    client.delete("/v1/documents/a")
    client.delete("/v1/documents/a")
    client.put("/v1/documents/b", content=prose(1), headers={**TEXT, "if-match": '"x"'})
    values = samples(client)
    expected = {"stored": 2, "document-not-found": 1, "precondition-failed": 1, "storage-full": 0}
    for outcome, count in expected.items():
        assert values[f'wherefrom_writes_total{{outcome="{outcome}"}}'] == count
        if count:
            assert values[f'wherefrom_write_seconds_count{{outcome="{outcome}"}}'] == count
    assert values['wherefrom_lock_wait_seconds_count{lock="turn"}'] == 4
    assert values['wherefrom_lock_wait_seconds_count{lock="data_folder"}'] == 4


def test_a_wait_for_another_process_is_measured_also_if_it_was_in_vain(tmp_path: Path) -> None:
    def open_library() -> Library:
        return Library.open(tmp_path, embedder=WordEmbedder(), lock_wait=0.2)

    with open_library() as other, local_client(open_library) as client, other.writing():
        assert client.put("/v1/documents/a", content=prose(1), headers=TEXT).status_code == 503
        values = samples(client)
    assert values['wherefrom_lock_wait_seconds_sum{lock="data_folder"}'] >= 0.2
    assert values['wherefrom_writes_total{outcome="index-locked"}'] == 1
    assert values['wherefrom_refusals_total{reason="lock"}'] == 1


def test_cached_answers_are_counted_by_question(tmp_path: Path) -> None:
    def open_library() -> Library:
        seeds_library(tmp_path).close()
        return Library.open(tmp_path, embedder=WordEmbedder(), cached_answers=10)

    with local_client(open_library) as client:
        for _ in range(3):
            client.get("/v1/ask", params={"q": QUESTION})
        client.post("/v1/ask/batch", json={"questions": [QUESTION, "Who is the ambassador?"]})
        client.get("/readyz")
        values = samples(client)
    assert values['wherefrom_answer_cache_lookups_total{result="hit"}'] == 2
    assert values['wherefrom_answer_cache_lookups_total{result="miss"}'] == 3
    assert values["wherefrom_answer_cache_size"] == 3


def test_changes_that_no_question_has_loaded_yet_are_the_lag(client: TestClient, tmp_path: Path) -> None:
    client.get("/v1/ask", params={"q": QUESTION})
    assert samples(client)["wherefrom_snapshot_lag_revisions"] == 0
    client.put("/v1/documents/a", content=prose(1), headers=TEXT)
    client.put("/v1/documents/b", content=prose(2), headers=TEXT)
    an_hour_ago = time.time() - 3_600
    for file in tmp_path.glob("catalog.sqlite*"):
        os.utime(file, (an_hour_ago, an_hour_ago))
    behind = samples(client)
    assert behind["wherefrom_snapshot_lag_revisions"] == 2
    assert 3_600 <= behind["wherefrom_snapshot_lag_seconds"] < 3_700
    assert behind["wherefrom_documents"] == 7
    client.put("/v1/documents/c", content=prose(3), headers=TEXT)
    assert samples(client)["wherefrom_snapshot_lag_seconds"] >= 3_600
    client.get("/v1/ask", params={"q": QUESTION})
    current = samples(client)
    assert current["wherefrom_snapshot_lag_revisions"] == current["wherefrom_snapshot_lag_seconds"] == 0


def test_the_guide_lists_exactly_the_exposed_metrics(client: TestClient) -> None:
    exposed = set(re.findall(r"# TYPE (\w+?)(?:_total)? ", client.get("/metrics").text))
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(wherefrom_\w+?)(?:_total)?[{`]", guide, re.MULTILINE))
    assert documented == {name for name in exposed if name.startswith("wherefrom_") and not name.endswith("_created")}
