"""The one body of every error (RFC 9457), and its place in the OpenAPI description."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Any

from fastapi import Response
from pydantic import TypeAdapter
from starlette.types import Receive, Scope, Send

from wherefrom.service.schemas.serialization import as_json, json_bytes

MEDIA_TYPE = "application/problem+json"
PROBLEM = "wherefrom.problem"
"""Where a request's scope has a list that the problem it was answered with is put on."""
TYPE_PREFIX = "urn:wherefrom:problem:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field of a request, named as the request names it."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error as HTTP tells it; the last three fields appear only where they say something.

    `field` is the first that was wrong, `close` what may have been meant by it, and `errors` has every
    field that was wrong. `type` is for programs, `detail` for people.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    field: str | None = None
    close: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()


def http_problem(status: int, detail: str, instance: str) -> Problem:
    """Describe an error of HTTP itself: 404, 405, 413."""
    title = HTTPStatus(status).phrase
    slug = title.lower().replace(" ", "-")
    return Problem(type=TYPE_PREFIX + slug, title=title, status=status, detail=detail, instance=instance)


class ProblemResponse(Response):
    """A response that says which problem it is to whoever watches the request."""

    media_type = MEDIA_TYPE
    problem = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the problem."""
        told = scope.get(PROBLEM)
        if told is not None:
            told.append(self.problem)
        await super().__call__(scope, receive, send)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Serve a problem, without the fields that say nothing."""
    values = {each.name: as_json(getattr(problem, each.name)) for each in fields(problem)}
    said = {name: value for name, value in values.items() if value is not None and value != []}
    response = ProblemResponse(json_bytes(said), problem.status, headers)
    response.problem = problem.type.removeprefix(TYPE_PREFIX)
    return response


def problem_schemas() -> dict[str, Any]:
    """Describe a problem for `components/schemas` of the OpenAPI description."""
    schema = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    nested = schema.pop("$defs")
    return {"Problem": schema, **nested}


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare that a route answers these statuses, and any other failure, with a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses
    }
    return responses | {"default": {"description": "Any other failure", "content": content}}
