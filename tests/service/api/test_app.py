import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.clients import empty_client
from tests.support.library_samples import WordEmbedder
from wherefrom.index.conversation import Context
from wherefrom.index.errors import IndexMismatch
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query
from wherefrom.service.api.app import create_app
from wherefrom.service.settings import Settings


def empty_library(data: Path) -> Library:
    return Library.open(data, embedder=WordEmbedder())


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return empty_client(tmp_path)


def test_importing_the_application_loads_no_model() -> None:
    script = (
        "import sys, wherefrom.service.api.app;"
        "sys.exit('torch' in sys.modules or 'sentence_transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_library_is_open_from_start_to_end(tmp_path: Path) -> None:
    calls = []

    class Watched(Library):
        def close(self) -> None:
            calls.append("closed")
            super().close()

    def opened() -> Library:
        calls.append("opened")
        return Watched.open(tmp_path, embedder=WordEmbedder())

    app = create_app(Settings(), opened)
    assert calls == []
    with TestClient(app) as client:
        assert client.get("/v1/index").status_code == 200
        assert calls == ["opened"]
    assert calls == ["opened", "closed"]


def test_an_index_that_cannot_be_opened_stops_the_start() -> None:
    def refused() -> Library:
        raise IndexMismatch("run: wherefrom index")

    app = create_app(Settings(), refused)
    with pytest.raises(IndexMismatch), TestClient(app):
        pass


def test_unknown_paths_and_methods_are_problems(client: TestClient) -> None:
    with client:
        for response, status in (
            (client.get("/nowhere"), 404),
            (client.get("/v1/ask/"), 404),
            (client.put("/v1/ask"), 405),
        ):
            assert response.status_code == status
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json()["status"] == status


def test_an_unknown_path_says_what_may_be_wrong(client: TestClient) -> None:
    with client:
        assert "/openapi.json" in client.get("/nowhere").json()["detail"]
        sliced = client.put(
            "/v1/documents/minutes%2F2024", content="The council met.", headers={"content-type": "text/plain"}
        )
    assert sliced.status_code == 404
    assert 'a document id has no "/"' in sliced.json()["detail"]


def test_an_unknown_method_gets_the_allowed_ones(client: TestClient) -> None:
    with client:
        assert client.delete("/v1/ask").headers["allow"] == "GET, HEAD, POST"
        assert client.post("/v1/documents/x").headers["allow"] == "GET, HEAD, PUT, PATCH, DELETE"


def test_an_unexpected_error_is_a_500_without_internal_details(tmp_path: Path) -> None:
    class Broken(Library):
        def encode(self, _: Sequence[str], _contexts: Sequence[Context | None] = ()) -> list[Query]:
            raise RuntimeError("secret")

    app = create_app(Settings(), lambda: Broken.open(tmp_path, embedder=WordEmbedder()))
    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/v1/ask?q=x")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text


def test_no_other_origin_is_allowed_by_default(client: TestClient) -> None:
    with client:
        response = client.get("/livez", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in response.headers


def test_the_description_names_the_package_and_its_version(client: TestClient) -> None:
    info = client.get("/openapi.json").json()["info"]
    assert (info["title"], info["version"]) == ("Wherefrom", version("wherefrom"))


def test_every_route_declares_what_it_answers(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    assert len(operations) >= 15
    for operation in operations:
        failures = {status: response for status, response in operation["responses"].items() if status[0] not in "23"}
        assert len(failures) < len(operation["responses"])
        assert "default" in failures
        assert all(list(response["content"]) == ["application/problem+json"] for response in failures.values())


def test_every_schema_that_the_description_names_exists(client: TestClient) -> None:
    text = client.get("/openapi.json").text
    schemas = json.loads(text)["components"]["schemas"]
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(schemas)
    assert {"Answer", "Problem", "DocumentDetail"} <= named


def test_every_body_has_an_example(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    bodies = ["AskBody", "BatchBody", "CitationBody", "OneCitationBody", "ManyCitationsBody"]
    assert all(description["components"]["schemas"][name]["examples"] for name in bodies)
