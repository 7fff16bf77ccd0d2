import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.documents import prose
from tests.support.library_samples import QUESTION, seeds_library
from tests.support.paths import ROOT

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


def test_the_guide_lists_exactly_the_exposed_metrics(client: TestClient) -> None:
    exposed = set(re.findall(r"# TYPE (\w+?)(?:_total)? ", client.get("/metrics").text))
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(wherefrom_\w+?)(?:_total)?[{`]", guide, re.MULTILINE))
    assert documented == {name for name in exposed if name.startswith("wherefrom_") and not name.endswith("_created")}
