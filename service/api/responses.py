"""HTTP responses: JSON bodies, answers, and problems with their place in the OpenAPI description."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from wherefrom.index.types import Answer
from wherefrom.service.api.error_members import error_members
from wherefrom.service.schemas.problem import MEDIA_TYPE, TYPE_PREFIX, Problem
from wherefrom.service.schemas.serialization import answer_bytes, as_json, json_bytes

PROBLEM_KEY = "wherefrom.problem"
"""Key in a request's scope of the list to which a `ProblemResponse` appends its problem type, for logs and metrics."""


class ProblemResponse(Response):
    """A problem response that records its problem type in the scope of the request."""

    media_type = MEDIA_TYPE
    problem_type = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Record the problem type and send the response."""
        recorded_types = scope.get(PROBLEM_KEY)
        if recorded_types is not None:
            recorded_types.append(self.problem_type)
        await super().__call__(scope, receive, send)


def json_response(body: object) -> Response:
    """Return a response for a JSON-compatible body, which is not validated again."""
    return Response(json_bytes(body), media_type="application/json")


def json_array_response(name: str, items: Iterable[bytes]) -> Response:
    """Return the response for an object whose only field is an array of encoded values."""
    return Response(b'{"%s":[%s]}' % (name.encode(), b",".join(items)), media_type="application/json")


def answer_response(answer: Answer) -> Response:
    """Return the response for one answer."""
    return Response(answer_bytes(answer), media_type="application/json")


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response for a problem, without its empty fields."""
    values = {field.name: as_json(getattr(problem, field.name)) for field in fields(problem)}
    body = {name: value for name, value in values.items() if value is not None and value != []}
    body.update(error_members(problem))
    response = ProblemResponse(json_bytes(body), problem.status, headers)
    response.problem_type = problem.type.removeprefix(TYPE_PREFIX)
    return response


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of a route that answers these statuses, and all other errors, with problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses
    }
    return responses | {"default": {"description": "Any other failure", "content": content}}
