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


def test_a_problem_says_everything_that_it_knows() -> None:
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


def test_headers_of_the_error_are_kept() -> None:
    assert problem_response(WRONG, {"Allow": "GET"}).headers["allow"] == "GET"


def test_an_error_of_http_is_named_by_its_phrase() -> None:
    assert http_problem(413, "too large", "/x").type.startswith("urn:wherefrom:problem:")


def test_declared_statuses_are_problems_and_so_is_every_other_failure() -> None:
    responses = problem_responses(404)
    assert list(responses) == [404, "default"]
    for response in responses.values():
        assert list(response["content"]) == ["application/problem+json"]


def test_the_schema_names_nothing_that_is_not_there() -> None:
    schemas = problem_schemas()
    assert list(schemas) == ["Problem", "FieldError"]
    assert schemas["Problem"]["properties"]["errors"]["items"] == {"$ref": "#/components/schemas/FieldError"}
