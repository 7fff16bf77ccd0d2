"""The application: what it serves, and when the library is open."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from index.library import Library
from service import (
    ask_routes,
    citation_routes,
    document_routes,
    health_routes,
    page_routes,
    reading_routes,
    write_routes,
)
from service.async_library import AsyncLibrary
from service.batches import batch_schemas
from service.body_limit import BodyLimit
from service.errors import add_error_handlers
from service.problems import problem_schemas
from service.settings import Settings

SUMMARY = "Ask a question; get the passages that answer it, cited to the exact characters of the source."
ROUTES = (
    ask_routes,
    document_routes,
    reading_routes,
    write_routes,
    citation_routes,
    health_routes,
    page_routes,
)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Application(FastAPI):
    """FastAPI, with the schemas of problems in its OpenAPI description."""

    def openapi(self) -> dict[str, Any]:
        """Describe the service."""
        description = super().openapi()
        description["components"]["schemas"].update(problem_schemas() | batch_schemas())
        return description


def create_app(settings: Settings, open_library: Callable[[], Library]) -> FastAPI:
    """Put the service together; `open_library` is called at start-up, and the library closed at the end."""
    app = Application(
        title="Wherefrom",
        version=version("wherefrom"),
        summary=SUMMARY,
        lifespan=_lifespan(settings, open_library),
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    for module in ROUTES:
        app.include_router(module.router)
    app.add_middleware(BodyLimit, most_bytes=settings.max_body_bytes, most_upload_bytes=settings.max_upload_bytes)
    add_error_handlers(app)
    return app


def _lifespan(settings: Settings, open_library: Callable[[], Library]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        library = await to_thread.run_sync(open_library)
        try:
            app.state.library = AsyncLibrary(library, threads=settings.threads, most_waiting=settings.max_waiting)
            yield
        finally:
            await to_thread.run_sync(library.close)

    return lifespan


def _operation_id(route: APIRoute) -> str:
    return route.name
