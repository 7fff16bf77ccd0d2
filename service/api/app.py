"""The application: what it serves, and when the library is open."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from wherefrom.index.library import Library
from wherefrom.service.api.error_handlers import METHODS, add_error_handlers
from wherefrom.service.api.middleware.access_control import Doors
from wherefrom.service.api.middleware.body_limit import BodyLimit
from wherefrom.service.api.middleware.request_log import Watched
from wherefrom.service.api.middleware.security_headers import SecurityHeaders
from wherefrom.service.api.openapi import complete
from wherefrom.service.api.routes import ask, changes, citations, documents, health, page, reading
from wherefrom.service.mcp.route import agent_route
from wherefrom.service.mcp.server import serving_agents
from wherefrom.service.observability.metrics import Metrics
from wherefrom.service.observability.tracing import telemetry
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.runtime.readiness import Canary
from wherefrom.service.settings import Settings

SUMMARY = "Ask a question; get the passages that answer it, cited to the exact characters of the source."
ROUTES = (
    ask,
    documents,
    reading,
    changes,
    citations,
    health,
    page,
)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Application(FastAPI):
    """FastAPI, with an OpenAPI description that is complete, and with our headers on unexpected errors too."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put what sees every response around what turns unexpected errors into one."""
        settings: Settings = self.state.settings
        told = SecurityHeaders(super().build_middleware_stack(), shared=bool(settings.cors_origins))
        return Watched(told, metrics=self.state.metrics, logs=settings.access_log)

    def openapi(self) -> dict[str, Any]:
        """Describe the service."""
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi(), self.state.settings)
        return self.openapi_schema


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
        telemetry=telemetry(settings),
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    for module in ROUTES:
        app.router.routes.extend(module.router.routes)
    app.router.routes.append(agent_route())
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Doors, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=METHODS,
            allow_headers=("Authorization", "Content-Encoding", "If-Match", "If-None-Match", "X-Request-ID"),
            expose_headers=("ETag", "Location", "Retry-After", "X-Request-ID"),
        )
    add_error_handlers(app)
    return app


def _lifespan(settings: Settings, open_library: Callable[[], Library]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        library = await to_thread.run_sync(open_library)
        try:
            app.state.library = AsyncLibrary(
                library,
                threads=settings.threads,
                most_waiting=settings.max_waiting,
                seconds=settings.request_seconds,
                metrics=app.state.metrics,
            )
            app.state.canary = Canary(app.state.library)
            async with serving_agents(app.state.library) as app.state.agents:
                yield
        finally:
            if hasattr(app.state, "library"):
                app.state.library.close()
            await to_thread.run_sync(library.close)

    return lifespan
