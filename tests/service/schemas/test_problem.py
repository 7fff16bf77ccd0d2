import json

from wherefrom.service.api.responses import problem_response, problem_responses
from wherefrom.service.schemas.problem import (
    FieldError,
    Problem,
    http_problem,
    problem_schemas,
)

WRONG = Problem(
    type="urn:x",
    title="T",
    status=422,
    detail="a: b",
    instance="/",
    field="a",
    close=("c",),
    errors=(FieldError(field="a", reason="b"),),
)


def test_a_problem_shows_all_its_fields() -> None:
    assert json.loads(bytes(problem_response(WRONG).body)) == {
        "type": "urn:x",
        "title": "T",
        "status": 422,
        "detail": "a: b",
        "instance": "/",
        "field": "a",
        "close": ["c"],
        "errors": [{"field": "a", "reason": "b"}],
    }


def test_headers_of_the_error_are_sent() -> None:
    assert problem_response(WRONG, {"Allow": "GET"}).headers["allow"] == "GET"


def test_an_error_of_http_has_a_problem_type() -> None:
    assert http_problem(413, "too large", "/x").type.startswith("urn:wherefrom:problem:")


def test_declared_statuses_and_every_other_failure_are_problems() -> None:
    responses = problem_responses(404)
    assert list(responses) == [404, "default"]
    for response in responses.values():
        assert list(response["content"]) == ["application/problem+json"]


def test_every_schema_that_a_problem_refers_to_exists() -> None:
    schemas = problem_schemas()
    assert list(schemas) == ["Problem", "FieldError"]
    assert schemas["Problem"]["properties"]["errors"]["items"] == {"$ref": "#/components/schemas/FieldError"}
