"""The web page and the viewer of the API description, served from installed files; no other host is contacted."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.staticfiles import StaticFiles

from wherefrom.service.api.links import link
from wherefrom.service.api.responses import json_response

PAGE_FILES = StaticFiles(directory=Path(__file__).parents[2] / "page")
# The newest Swagger UI comes in a package that serves it to FastAPI; only its two files are used.
VIEWER_FILES = StaticFiles(directory=str(files("fastapi_swagger") / "resources"))
# Browsers revalidate their copy by ETag each time, so that an update is seen at once.
CACHE_HEADERS = {"Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page(request: Request) -> Response:
    """Send the page; its own script shows what the address asks for."""
    return await _file(PAGE_FILES, "index.html", request)


@router.get("/page/{name}")
async def page_file(name: str, request: Request) -> Response:
    """Send a script, a style sheet or the icon."""
    return await _file(PAGE_FILES, name, request)


@router.get("/openapi.json")
async def description(request: Request) -> Response:
    """Send the OpenAPI description, with the path under which a proxy serves the API."""
    described: dict[str, Any] = request.app.openapi()
    prefix = link(request.scope, "")
    return json_response(described | {"servers": [{"url": prefix}]} if prefix else described)


@router.get("/docs")
async def viewer(request: Request) -> Response:
    """Send the viewer of `/openapi.json`."""
    return await _file(PAGE_FILES, "viewer.html", request)


@router.get("/docs/{name}")
async def viewer_file(name: str, request: Request) -> Response:
    """Send a file of Swagger UI."""
    return await _file(VIEWER_FILES, name, request)


async def _file(folder: StaticFiles, name: str, request: Request) -> Response:
    response = await folder.get_response(name, request.scope)
    response.headers.update(CACHE_HEADERS)
    return response
