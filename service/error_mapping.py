"""Errors as HTTP tells them: one table from exception to status, title and type."""

from collections.abc import Mapping
from functools import singledispatch
from typing import Any, NamedTuple

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from wherefrom.index.errors import (
    DocumentNotFound,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexUnusable,
    InvalidQuestion,
    ModelUnavailable,
    PreconditionFailed,
    SourceRejected,
    StorageFull,
    StorageReadOnly,
    UnknownFilterValue,
)
from wherefrom.service.errors import (
    AgentsUnavailable,
    Forbidden,
    MalformedBody,
    MalformedHeader,
    NotReady,
    Overloaded,
    TookTooLong,
    TooManyRequests,
    Unauthorized,
    UnsupportedBody,
)
from wherefrom.service.schemas.problem import TYPE_PREFIX, FieldError, Problem, http_problem


class Kind(NamedTuple):
    """How one kind of error is told."""

    status: int
    title: str
    slug: str


KINDS: Mapping[type[Exception], Kind] = {
    MalformedBody: Kind(400, "Malformed body", "malformed-body"),
    MalformedHeader: Kind(400, "Malformed header", "malformed-header"),
    Unauthorized: Kind(401, "Unauthorized", "unauthorized"),
    Forbidden: Kind(403, "Forbidden", "forbidden"),
    ClientDisconnect: Kind(400, "Body cut short", "body-cut-short"),
    DocumentNotFound: Kind(404, "Document not found", "document-not-found"),
    PreconditionFailed: Kind(412, "Precondition failed", "precondition-failed"),
    UnsupportedBody: Kind(415, "Unsupported media type", "unsupported-media-type"),
    RequestValidationError: Kind(422, "Invalid request", "invalid-request"),
    InvalidQuestion: Kind(422, "Invalid question", "invalid-question"),
    UnknownFilterValue: Kind(422, "Unknown filter value", "unknown-filter-value"),
    SourceRejected: Kind(422, "Source rejected", "source-rejected"),
    TooManyRequests: Kind(429, "Too many requests", "too-many-requests"),
    TookTooLong: Kind(503, "Took too long", "took-too-long"),
    Overloaded: Kind(503, "Overloaded", "overloaded"),
    AgentsUnavailable: Kind(501, "Agents unavailable", "agents-unavailable"),
    NotReady: Kind(503, "Not ready", "not-ready"),
    IndexLocked: Kind(503, "Index locked", "index-locked"),
    IndexMismatch: Kind(503, "Index made with another model", "index-mismatch"),
    IndexDamaged: Kind(503, "Index damaged", "index-damaged"),
    IndexUnusable: Kind(503, "Index unusable", "index-unusable"),
    ModelUnavailable: Kind(503, "Model unavailable", "model-unavailable"),
    StorageReadOnly: Kind(503, "Storage read-only", "storage-read-only"),
    StorageFull: Kind(507, "Storage full", "storage-full"),
    Exception: Kind(500, "Internal error", "internal-error"),
}


@singledispatch
def describe(error: Exception, instance: str) -> Problem:
    """Say what went wrong at `instance`, the path of the request."""
    if (kind := _kind_of(error)) is KINDS[Exception]:
        return _problem(kind, "something went wrong in the service; its log says what", instance)
    return _problem(kind, str(error), instance)


@describe.register
def _(error: InvalidQuestion, instance: str) -> Problem:
    close = getattr(error, "close", ())
    return _problem(_kind_of(error), str(error), instance, field=error.field, close=close)


@describe.register
def _(error: HTTPException, instance: str) -> Problem:
    return http_problem(error.status_code, error.detail, instance)


@describe.register
def _(error: RequestValidationError, instance: str) -> Problem:
    found = error.errors()
    if isinstance(error.body, bytes):
        unsupported = UnsupportedBody("the body must be JSON, sent as Content-Type: application/json")
        return describe(unsupported, instance)
    if found[0]["type"] == "json_invalid":
        reason = f"{found[0]['ctx']['error']}, at character {found[0]['loc'][-1]}"
        return describe(MalformedBody(f"the body is not JSON: {reason}"), instance)
    wrong = tuple(_field_error(each) for each in found)
    told = "; ".join(f"{each.field}: {each.reason}" for each in wrong)
    close = tuple(found[0].get("ctx", {}).get("close", ()))
    return _problem(_kind_of(error), told, instance, field=wrong[0].field, close=close, errors=wrong)


def _field_error(found: Mapping[str, Any]) -> FieldError:
    """Name the field as the request does: no "body" or "query" before it, no tag of a union in it."""
    place, *parts = (str(part) for part in found["loc"] if not str(part).startswith("<"))
    unknown = found.get("ctx", {}).get("name")
    name = ".".join([*parts, unknown] if unknown else parts)
    return FieldError(field=name or place, reason=found["msg"])


def _kind_of(error: Exception) -> Kind:
    return next(KINDS[parent] for parent in type(error).__mro__ if parent in KINDS)


def _problem(kind: Kind, detail: str, instance: str, **more: Any) -> Problem:  # noqa: ANN401
    return Problem(
        type=TYPE_PREFIX + kind.slug,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=instance,
        **more,
    )
