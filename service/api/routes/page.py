"""The page for people and the viewer of the HTTP API, from files that came with the package: no other host is asked."""

from importlib.resources import files
from pathlib import Path

from fastapi import Request, Response
from starlette.staticfiles import StaticFiles

from wherefrom.service.api.router import new_router

PAGE = StaticFiles(directory=Path(__file__).parents[2] / "page")
# The newest Swagger UI, in a package that serves it to FastAPI; only its two files are used.
VIEWER = StaticFiles(directory=str(files("fastapi_swagger") / "resources"))
# A browser asks each time whether its copy is still good, and is told so by ETag: an update is seen at once.
CACHED = {"Cache-Control": "no-cache"}
READ = ["GET", "HEAD"]

router = new_router(include_in_schema=False)


@router.api_route("/", methods=READ)
async def page(request: Request) -> Response:
    """Send the page; its own script shows what the address asks for."""
    return await _file(PAGE, "index.html", request)


@router.api_route("/page/{name}", methods=READ)
async def page_file(name: str, request: Request) -> Response:
    """Send a script, a style or the icon."""
    return await _file(PAGE, name, request)


@router.api_route("/docs", methods=READ)
async def viewer(request: Request) -> Response:
    """Send the viewer of `/openapi.json`."""
    return await _file(PAGE, "viewer.html", request)


@router.api_route("/docs/{name}", methods=READ)
async def viewer_file(name: str, request: Request) -> Response:
    """Send a file of Swagger UI."""
    return await _file(VIEWER, name, request)


async def _file(folder: StaticFiles, name: str, request: Request) -> Response:
    response = await folder.get_response(name, request.scope)
    response.headers.update(CACHED)
    return response
