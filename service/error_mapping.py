"""Turns errors into problems: one table from exception to status, title and problem type."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from wherefrom.index.errors import (
    DocumentNotFound,
    EngineUnavailable,
    ExtractionUnavailable,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexUnusable,
    InvalidQuestion,
    ModelUnavailable,
    PageNotFound,
    ParagraphNotFound,
    PreconditionFailed,
    QuotationRefused,
    SourceRejected,
    StorageFull,
    StorageReadOnly,
    UnknownFilterValue,
)
from wherefrom.service.errors import (
    AgentsUnavailable,
    Forbidden,
    IncompleteBody,
    InvalidRequest,
    MalformedBody,
    MalformedHeader,
    NotReady,
    Overloaded,
    TookTooLong,
    TooManyRequests,
    Unauthorized,
    UnknownCursor,
    UnsupportedBody,
)
from wherefrom.service.schemas.problem import TYPE_PREFIX, FieldError, Problem
from wherefrom.service.schemas.validation_messages import message


class ProblemType(NamedTuple):
    """The status, title and slug of one type of error."""

    status: int
    title: str
    slug: str


PROBLEM_TYPES: Mapping[type[Exception], ProblemType] = {
    MalformedBody: ProblemType(400, "Malformed body", "malformed-body"),
    MalformedHeader: ProblemType(400, "Malformed header", "malformed-header"),
    Unauthorized: ProblemType(401, "Unauthorized", "unauthorized"),
    Forbidden: ProblemType(403, "Forbidden", "forbidden"),
    IncompleteBody: ProblemType(400, "Body cut short", "body-cut-short"),
    DocumentNotFound: ProblemType(404, "Document not found", "document-not-found"),
    ParagraphNotFound: ProblemType(404, "Paragraph not found", "paragraph-not-found"),
    PageNotFound: ProblemType(404, "Page not found", "page-not-found"),
    PreconditionFailed: ProblemType(412, "Precondition failed", "precondition-failed"),
    UnsupportedBody: ProblemType(415, "Unsupported media type", "unsupported-media-type"),
    InvalidRequest: ProblemType(422, "Invalid request", "invalid-request"),
    QuotationRefused: ProblemType(422, "Quotation refused", "quotation-refused"),
    InvalidQuestion: ProblemType(422, "Invalid question", "invalid-question"),
    UnknownFilterValue: ProblemType(422, "Unknown filter value", "unknown-filter-value"),
    UnknownCursor: ProblemType(422, "Unknown cursor", "unknown-cursor"),
    SourceRejected: ProblemType(422, "Source rejected", "source-rejected"),
    TooManyRequests: ProblemType(429, "Too many requests", "too-many-requests"),
    TookTooLong: ProblemType(503, "Took too long", "took-too-long"),
    Overloaded: ProblemType(503, "Overloaded", "overloaded"),
    AgentsUnavailable: ProblemType(501, "Agents unavailable", "agents-unavailable"),
    NotReady: ProblemType(503, "Not ready", "not-ready"),
    ExtractionUnavailable: ProblemType(503, "Documents cannot be read", "extraction-unavailable"),
    EngineUnavailable: ProblemType(503, "Engine unavailable", "engine-unavailable"),
    IndexLocked: ProblemType(503, "Index locked", "index-locked"),
    IndexMismatch: ProblemType(503, "Index made with another model", "index-mismatch"),
    IndexDamaged: ProblemType(503, "Index damaged", "index-damaged"),
    IndexUnusable: ProblemType(503, "Index unusable", "index-unusable"),
    ModelUnavailable: ProblemType(503, "Model unavailable", "model-unavailable"),
    StorageReadOnly: ProblemType(503, "Storage read-only", "storage-read-only"),
    StorageFull: ProblemType(507, "Storage full", "storage-full"),
    Exception: ProblemType(500, "Internal error", "internal-error"),
}


RETRY_WHEN_LOCKED: Mapping[str, str] = {"Retry-After": "5"}
"""For changes that waited too long for another process, and requests that PostgreSQL or Milvus did not answer."""


def problem_type_of(error: Exception) -> ProblemType:
    """Return the problem type of an error: that of its most specific class in the table."""
    return next(PROBLEM_TYPES[base] for base in type(error).__mro__ if base in PROBLEM_TYPES)


def headers_of(error: Exception) -> Mapping[str, str] | None:
    """Return the headers of the response to an error, `None` if there are none."""
    if isinstance(error, IndexLocked | EngineUnavailable):
        return RETRY_WHEN_LOCKED
    headers: Mapping[str, str] | None = getattr(error, "headers", None)
    return headers


def describe(error: Exception, instance: str) -> Problem:
    """Return the problem for an error at `instance`, the path of the request; it has no detail of unexpected errors."""
    problem_type = problem_type_of(error)
    if problem_type is PROBLEM_TYPES[Exception]:
        return _problem(problem_type, "something went wrong in the service; its log says what", instance)
    if isinstance(error, InvalidRequest):
        return _validation_problem(problem_type, error.errors, instance)
    if isinstance(error, InvalidQuestion | SourceRejected):
        close = getattr(error, "close", ())
        return _problem(problem_type, str(error), instance, field=error.field, close=close)
    return _problem(problem_type, str(error), instance)


def _validation_problem(problem_type: ProblemType, errors: Sequence[Mapping[str, Any]], instance: str) -> Problem:
    errors = [error for error in errors if not _counts_only_valid_items(error, errors)]
    field_errors = tuple(map(_field_error, errors))
    detail = "; ".join(f"{error.field}: {error.reason}" for error in field_errors)
    close = tuple(errors[0].get("ctx", {}).get("close", ()))
    return _problem(problem_type, detail, instance, field=field_errors[0].field, close=close, errors=field_errors)


def _counts_only_valid_items(error: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether an array is too short only because pydantic leaves out its invalid items, which have errors."""
    place = tuple(error["loc"])
    return error["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and tuple(other["loc"][: len(place)]) == place for other in errors
    )


def _field_error(error: Mapping[str, Any]) -> FieldError:
    """Return the error with the field's name in the request: without "body" or "query", and without a union's tag."""
    place, *parts = (str(part) for part in error["loc"] if not str(part).startswith("<"))
    unknown = error.get("ctx", {}).get("name")
    name = ".".join([*parts, unknown] if unknown else parts)
    return FieldError(field=name or place, reason=message(error))


def _problem(problem_type: ProblemType, detail: str, instance: str, **optional_fields: Any) -> Problem:  # noqa: ANN401
    return Problem(
        type=TYPE_PREFIX + problem_type.slug,
        title=problem_type.title,
        status=problem_type.status,
        detail=detail,
        instance=instance,
        **optional_fields,
    )
