"""The body of every error (RFC 9457 problem details)."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:wherefrom:problem:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field of a request, named as in the request."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error as sent over HTTP; the last three fields are left out when they are empty.

    `type` is for programs, `detail` for people. `field` is the first field that is wrong, `close` lists known values
    or names similar to it, and `errors` lists every field that is wrong.
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
    """Return the problem for an error of HTTP, such as 404, 405 or 413."""
    title = HTTPStatus(status).phrase
    slug = title.lower().replace(" ", "-")
    return Problem(type=TYPE_PREFIX + slug, title=title, status=status, detail=detail, instance=instance)


def problem_schemas() -> dict[str, Any]:
    """Return the JSON Schemas of a problem, for `components/schemas` of the OpenAPI description."""
    schema = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    nested = schema.pop("$defs")
    return {"Problem": schema, **nested}
