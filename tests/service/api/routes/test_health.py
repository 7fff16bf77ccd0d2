from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.library_samples import HeldEmbedder, WordEmbedder, seeds_library
from wherefrom.index.conversation import Context
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query
from wherefrom.service.api.app import create_app
from wherefrom.service.runtime import readiness
from wherefrom.service.settings import Settings


def test_a_process_with_an_index_is_live_and_ready(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(), lambda: seeds_library(tmp_path))) as client:
        assert client.get("/livez").json() == {"status": "live"}
        assert client.get("/readyz").json() == {"status": "ready"}


def test_an_empty_index_is_ready(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(), lambda: Library.open(tmp_path, embedder=WordEmbedder()))) as client:
        assert client.get("/readyz").status_code == 200


def test_a_failing_canary_is_a_503_without_internal_details(tmp_path: Path) -> None:
    class Broken(Library):
        def encode(self, _: Sequence[str], _contexts: Sequence[Context | None] = ()) -> list[Query]:
            raise RuntimeError("secret")

    with TestClient(create_app(Settings(), lambda: Broken.open(tmp_path, embedder=WordEmbedder()))) as client:
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text


def test_a_canary_that_hangs_is_a_503(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "TIMEOUT_SECONDS", 0.05)
    embedder = HeldEmbedder()
    with TestClient(create_app(Settings(), lambda: seeds_library(tmp_path, embedder=embedder))) as client:
        embedder.go.clear()
        response = client.get("/readyz")
        embedder.go.set()
    assert response.status_code == 503
    assert "took over" in response.json()["detail"]
