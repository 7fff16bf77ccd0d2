"""Every error of the app is answered with a problem, with the headers that belong to it."""

from collections.abc import Iterator

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from wherefrom.service.error_mapping import KINDS, describe
from wherefrom.service.schemas.problem import problem_response

NOT_ALLOWED = 405
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem, those of HTTP itself and unexpected ones too."""
    app.add_exception_handler(HTTPException, _tell)
    for error in KINDS:
        app.add_exception_handler(error, _tell)


async def _tell(request: Request, error: Exception) -> Response:
    problem = describe(error, request.url.path)
    if problem.status == NOT_ALLOWED:
        return problem_response(problem, {"Allow": ", ".join(_allowed(request))})
    return problem_response(problem, getattr(error, "headers", None))


def _allowed(request: Request) -> Iterator[str]:
    """Name every method of the path; Starlette names only those of the first route that has it."""
    for method in METHODS:
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            yield method
