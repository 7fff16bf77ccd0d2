"""The fast path for questions in URLs parses them as other routes do, and leaves invalid ones to them."""

from typing import Annotated
from urllib.parse import quote, urlencode

import pytest
from fastapi import FastAPI, Query
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from wherefrom.service.api.error_handlers import add_error_handlers
from wherefrom.service.api.fast_query_route import REPEATABLE, parse_query
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.schemas.requests import AskQuery

app = FastAPI()
app.router.route_class = StrictRoute
add_error_handlers(app)


@app.get("/")
async def read(query: Annotated[AskQuery, Query()]) -> str:
    return query.model_dump_json()


FASTAPI = TestClient(app)
NAMES = st.sampled_from([*AskQuery.model_fields, "Q", "quest", ""])
VALUES = st.one_of(
    st.sampled_from(["", " ", "5", "0", "5.0", "true", "no", "2016-02-29", "2015-02-29", "1e3", "null", "what?"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
)


def check(query: str) -> None:
    read = parse_query(query.encode())
    response = FASTAPI.get(f"/?{query}")
    assert response.status_code == (422 if read is None else 200)
    if read is not None:
        assert response.json() == read.model_dump_json()


@pytest.mark.parametrize(
    "query",
    [
        "q=why+does+Russia+object%3F",
        "q=a&q=b",
        "q=a&top_k=3&top_k=7&explain=1&max_per_document=2",
        "q=a&publisher=AFP&publisher=Yonhap&document_id=x&published_from=2016-01-01",
        "q=a;top_k=3",
        "q=%E4%B8%AD%ff%fe",
        "q=a&&=&",
        "q",
        "q=",
        "Q=a",
        "",
        "%zz=1&q=%zz",
        "q=a&top_k=",
        "q=a&explain",
    ],
)
def test_examples_are_parsed_as_fastapi_does(query: str) -> None:
    check(query)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_any_parameters_are_parsed_as_fastapi_does(pairs: list[tuple[str, str]]) -> None:
    check(urlencode([("q", "who?"), *pairs]))


@given(st.binary(max_size=40))
def test_any_bytes_are_parsed_as_fastapi_does(query: bytes) -> None:
    check(quote(query, safe="=&;+%"))


def test_the_repeatable_fields_are_the_filters_by_value_and_the_documents_of_the_context() -> None:
    filters = {"publisher", "agency", "author", "title", "language", "document_id", "extra"}
    assert filters | {"context_document_id"} == REPEATABLE
