import json

import pytest

from wherefrom.index import errors
from wherefrom.index.errors import (
    DocumentNotFound,
    EngineUnavailable,
    IndexLocked,
    IndexMismatch,
    InvalidQuestion,
    UnknownFilterValue,
    WherefromError,
)
from wherefrom.service.api.responses import problem_response
from wherefrom.service.error_mapping import PROBLEM_TYPES, describe, headers_of
from wherefrom.service.errors import NotReady, TooManyRequests

HERE = "/v1/ask"


def known_errors() -> list[type[WherefromError]]:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    return [error for error in classes if issubclass(error, WherefromError) and error is not WherefromError]


@pytest.mark.parametrize("error", known_errors())
def test_every_error_of_the_library_has_its_own_row(error: type[WherefromError]) -> None:
    assert error in PROBLEM_TYPES


def test_every_row_has_a_type_of_its_own() -> None:
    assert len({kind.slug for kind in PROBLEM_TYPES.values()}) == len(PROBLEM_TYPES)


def test_an_error_becomes_a_problem() -> None:
    response = problem_response(describe(DocumentNotFound("x.txt"), "/v1/documents/x.txt"))
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert json.loads(bytes(response.body)) == {
        "type": "urn:wherefrom:problem:document-not-found",
        "title": "Document not found",
        "status": 404,
        "detail": "no document has the id 'x.txt'",
        "instance": "/v1/documents/x.txt",
    }


def test_what_passes_by_itself_is_to_be_tried_again() -> None:
    assert headers_of(IndexLocked("another process is writing")) == {"Retry-After": "5"}
    assert headers_of(EngineUnavailable("Milvus", "it does not answer")) == {"Retry-After": "5"}
    assert headers_of(NotReady("Opening the collection")) == {"Retry-After": "5"}
    assert headers_of(TooManyRequests("1/second", 7)) == {"Retry-After": "7"}
    assert headers_of(DocumentNotFound("x.txt")) is None


def test_a_bad_question_names_its_field() -> None:
    problem = describe(InvalidQuestion("top_k", "must be between 1 and 100"), HERE)
    assert (problem.status, problem.field) == (422, "top_k")
    assert problem.detail == "top_k: must be between 1 and 100"


def test_an_unknown_filter_value_suggests_close_ones() -> None:
    problem = describe(UnknownFilterValue("filters.publisher", "Korea Time", ("The Korea Times",)), HERE)
    assert (problem.status, problem.field, problem.close) == (422, "filters.publisher", ("The Korea Times",))


def test_an_error_uses_the_row_of_its_nearest_base_class() -> None:
    class Newer(IndexMismatch):
        """An error that the table does not have yet."""

    assert describe(Newer("run this"), HERE).title == PROBLEM_TYPES[IndexMismatch].title


def test_an_unexpected_error_shows_no_internal_details() -> None:
    problem = describe(RuntimeError("password in /etc/secret"), HERE)
    assert problem.status == 500
    assert "secret" not in problem.detail
