from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from wherefrom.service.api.error_handlers import describe

HERE = "/v1/ask"


def test_an_error_of_http_itself_keeps_its_status() -> None:
    problem = describe(HTTPException(405), HERE)
    assert (problem.status, problem.title) == (405, "Method Not Allowed")
    assert problem.type == "urn:wherefrom:problem:method-not-allowed"


def test_an_invalid_field_is_named_without_its_place_in_the_request() -> None:
    error = RequestValidationError([{"type": "missing", "loc": ("body", "question"), "msg": "Field required"}])
    problem = describe(error, HERE)
    assert (problem.status, problem.title) == (422, "Invalid request")
    assert (problem.field, problem.detail) == ("question", "question: Field required")


def test_a_body_that_is_cut_short_is_a_problem_of_its_own() -> None:
    problem = describe(ClientDisconnect(), HERE)
    assert (problem.status, problem.type) == (400, "urn:wherefrom:problem:body-cut-short")
