"""Unknown query parameters are refused on every route of the API, as on `/v1/ask`."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from tests.support.clients import local_client
from tests.support.library_samples import FIRST, QUESTION, seeds_library
from wherefrom.service.api.error_handlers import add_error_handlers
from wherefrom.service.api.known_parameters import StrictRoute


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("data")
    with local_client(lambda: seeds_library(data)) as opened:
        yield opened


def test_every_operation_refuses_an_unknown_parameter_by_name(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    operations = [(method, path) for path, methods in paths.items() for method in methods]
    assert len(operations) >= 15
    for method, path in operations:
        response = client.request(
            method,
            path.format(document_id=FIRST, vector_store_id="any", number=1),
            params={"publsher": "x", "q": QUESTION},
        )
        assert response.status_code == 422, (method, path)
        assert "publsher" in {error["field"] for error in response.json()["errors"]} | {response.json()["field"]}


def test_a_change_with_an_unknown_parameter_is_not_made(client: TestClient) -> None:
    response = client.delete(f"/v1/documents/{FIRST}?if_match=x")
    assert response.status_code == 422
    assert client.get(f"/v1/documents/{FIRST}").status_code == 200


def test_the_refusal_names_close_or_known_parameters(client: TestClient) -> None:
    asked, put, listed = (
        client.get("/v1/ask?q=x&publsher=x").json(),
        client.put("/v1/documents/a?publsher=x", content=b"x", headers={"content-type": "text/plain"}).json(),
        client.get("/v1/index?zzz").json(),
    )
    assert asked["close"][0] == put["close"][0] == "publisher"
    assert listed["detail"] == "zzz: unknown parameter; known: none"


@pytest.mark.parametrize("path", ["/v1/ask?q=radar&q=harbour", "/v1/documents?limit=1&limit=2", "/v1/filters?q=a&q=a"])
def test_a_parameter_with_one_value_is_refused_if_it_is_given_twice(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 422
    assert response.json()["detail"].endswith(": must be given only once")
    assert response.json()["field"] in {"q", "limit"}


def test_a_parameter_with_several_values_may_be_repeated(client: TestClient) -> None:
    assert client.get("/v1/ask?q=radar&publisher=CHINA+TOPIX&publisher=Press+TV").status_code == 200
    assert client.get("/v1/filters?field=publisher&field=extra").status_code == 200
    text = b"The lighthouse of Westport went dark on Sunday, and its keeper said that nobody had told him why."
    put = client.put("/v1/documents/a?authors=Ann&authors=Ben", content=text, headers={"content-type": "text/plain"})
    assert put.json()["document"]["authors"] == ["Ann", "Ben"]


@pytest.mark.parametrize("path", ["/v1/ask?q=", "/v1/documents?q=", "/v1/ask?q=radar&title="])
def test_a_value_that_is_not_utf8_is_refused_and_named(client: TestClient, path: str) -> None:
    refused = client.get(f"{path}caf%E9")
    assert refused.status_code == 422
    assert refused.json()["field"] == path.rstrip("=").rpartition("&")[2].rpartition("?")[2]
    assert "UTF-8" in refused.json()["detail"]
    assert client.get("/v1/ask?q=caf%C3%A9+%EF%BF%BD").json()["question"] == "caf\u00e9 \ufffd"


def test_the_addresses_of_the_page_keep_their_own_parameters(client: TestClient) -> None:
    for path in ("/?q=who", "/docs?x=1", "/page/main.js?v=2"):
        assert client.get(path).status_code == 200


def test_declared_parameters_are_known() -> None:
    router = APIRouter(route_class=StrictRoute)

    @router.get("/listed")
    async def listed(limit: int = 1) -> int:
        return limit

    app = FastAPI()
    app.include_router(router)
    add_error_handlers(app)
    client = TestClient(app)
    assert client.get("/listed?limit=2").json() == 2
    assert client.get("/listed?limt=2").json()["close"] == ["limit"]


def test_a_method_that_a_path_does_not_have_is_still_a_405(client: TestClient) -> None:
    assert client.put("/v1/index?x=1").status_code == 405
