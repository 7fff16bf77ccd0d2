"""Exception handlers: every error of the application is answered with a problem and its headers."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse
from starlette.routing import Match

from wherefrom.service import error_mapping
from wherefrom.service.api.content_negotiation import preferred_type
from wherefrom.service.api.links import link
from wherefrom.service.api.responses import problem_response
from wherefrom.service.error_mapping import PROBLEM_TYPES
from wherefrom.service.errors import IncompleteBody, InvalidRequest, MalformedBody, UnsupportedBody
from wherefrom.service.schemas.problem import Problem, http_problem

METHOD_NOT_ALLOWED = 405
MISSING_PAGE = Path(__file__).parents[1] / "page" / "missing.html"
HTML_TYPE = "text/html"
MISSING_TYPES = ("application/problem+json", "application/json", HTML_TYPE)
"""Media types of the response for an unknown path; only browsers prefer the last one."""
READING_METHODS = ("GET", "HEAD")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error with a problem: those of the service, of FastAPI and HTTP, and unexpected ones."""
    for error in (HTTPException, RequestValidationError, ClientDisconnect, *PROBLEM_TYPES):
        app.add_exception_handler(error, _respond)


def describe(error: Exception, instance: str) -> Problem:
    """Return the problem for an error of the service, FastAPI or Starlette at `instance`, the path of the request."""
    if isinstance(error, HTTPException) and isinstance(error.__cause__, UnicodeDecodeError):
        encoding, byte = error.__cause__.encoding.upper(), error.__cause__.start
        return error_mapping.describe(
            MalformedBody(f"the body is not JSON: it is not {encoding}, at byte {byte}"), instance
        )
    if isinstance(error, HTTPException):
        return http_problem(error.status_code, error.detail, instance)
    if isinstance(error, RequestValidationError):
        return error_mapping.describe(_body_error(error), instance)
    if isinstance(error, ClientDisconnect):
        return error_mapping.describe(IncompleteBody(str(error)), instance)
    return error_mapping.describe(error, instance)


def _body_error(error: RequestValidationError) -> Exception:
    """Return the error for an invalid body: not sent as JSON, not JSON, or with invalid fields."""
    if isinstance(error.body, bytes):
        return UnsupportedBody("the body must be JSON, sent as Content-Type: application/json")
    first, *_ = errors = error.errors()
    if first["type"] == "json_invalid":
        return MalformedBody(f"the body is not JSON: {first['ctx']['error']}, at character {first['loc'][-1]}")
    return InvalidRequest(errors)


async def _respond(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.NOT_FOUND:
        return _missing(request, error)
    problem = describe(error, link(request.scope, request.url.path))
    if problem.status == METHOD_NOT_ALLOWED:
        return problem_response(problem, {"Allow": ", ".join(_allowed_methods(request))})
    return problem_response(problem, error_mapping.headers_of(error))


def _missing(request: Request, error: HTTPException) -> Response:
    """Answer a request for an unknown path: with a page for a browser, with a problem for any other client."""
    if request.method in READING_METHODS and preferred_type(request.headers, MISSING_TYPES) == HTML_TYPE:
        page = MISSING_PAGE.read_text(encoding="utf-8").replace("{prefix}", link(request.scope, ""))
        return HTMLResponse(page, HTTPStatus.NOT_FOUND)
    path = link(request.scope, request.url.path)
    detail = _nothing_at(path) if error.detail == HTTPStatus.NOT_FOUND.phrase else error.detail
    return problem_response(http_problem(error.status_code, detail, path))


def _nothing_at(path: str) -> str:
    """Return the message for a path without a route."""
    hint = (
        'a document id has no "/"'
        if "/" in path.partition("/v1/documents/")[2]
        else "/openapi.json lists every other one"
    )
    return f"there is nothing at this address; {hint}"


def _allowed_methods(request: Request) -> Iterator[str]:
    """Yield every method of the path; Starlette names only the methods of the first route with that path."""
    for method in METHODS:
        scope = {**request.scope, "method": "GET" if method == "HEAD" else method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            yield method
