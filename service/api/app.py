"""The ASGI application: its routes, middleware and lifespan."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.library import Library
from wherefrom.service.api.error_handlers import METHODS, add_error_handlers
from wherefrom.service.api.middleware.access_control import AccessControl
from wherefrom.service.api.middleware.body_limit import BodyLimit
from wherefrom.service.api.middleware.compression import Compression
from wherefrom.service.api.middleware.forwarding import Forwarding
from wherefrom.service.api.middleware.head_requests import HeadRequests
from wherefrom.service.api.middleware.request_log import RequestLog
from wherefrom.service.api.middleware.security_headers import SecurityHeaders
from wherefrom.service.api.middleware.shutdown import ShutdownResponses
from wherefrom.service.api.openapi import complete_description
from wherefrom.service.api.routes import (
    answer,
    ask,
    changes,
    chat,
    citations,
    documents,
    health,
    page,
    retrieval,
    suggestions,
    vector_stores,
)
from wherefrom.service.bootstrap import open_writer
from wherefrom.service.mcp.route import mcp_routes
from wherefrom.service.mcp.server import serve_mcp
from wherefrom.service.observability.metrics import Metrics
from wherefrom.service.observability.tracing import telemetry
from wherefrom.service.runtime.async_library import MAX_EXTRACTIONS, AsyncLibrary
from wherefrom.service.runtime.opening import Opening, Unopened
from wherefrom.service.runtime.readiness import Readiness
from wherefrom.service.runtime.suggestions import Suggestions
from wherefrom.service.settings import InvalidSetting, Settings

SUMMARY = "Ask a question; get the passages that answer it, cited to the exact characters of the source."
ROUTE_MODULES = (
    ask,
    answer,
    suggestions,
    documents,
    changes,
    citations,
    retrieval,
    vector_stores,
    chat,
    health,
    page,
)
ALLOWED_HEADERS = ("Authorization", "Content-Encoding", "If-Match", "If-None-Match", "X-Request-ID")
MCP_HEADERS = ("Last-Event-ID", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Session-Id")
"""Headers that a client of agents in a page of another site sends to `/mcp`."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Application(FastAPI):
    """FastAPI with a complete OpenAPI description, and with our headers on unexpected errors too."""

    def build_middleware_stack(self) -> ASGIApp:
        """Wrap Starlette's error handling in the middleware that must see every response."""
        settings: Settings = self.state.settings
        app = SecurityHeaders(ShutdownResponses(super().build_middleware_stack()), shared=bool(settings.cors_origins))
        logged = RequestLog(app, metrics=self.state.metrics, enabled=settings.access_log)
        behind_proxy = settings.trusted_proxies is not None or settings.root_path
        return Forwarding(logged, settings=settings) if behind_proxy else logged

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description."""
        if self.openapi_schema is None:
            self.openapi_schema = complete_description(super().openapi(), self.state.settings)
        return self.openapi_schema


def create_app(settings: Settings, open_library: Callable[[], Library], *, opening: Opening | None = None) -> FastAPI:
    """Build the application; `open_library` is called when it starts, and the library is closed when it ends.

    With an `opening`, the application starts at once, and refuses requests with its reason until the library is open:
    `state.is_open` is an event that is set then, and `state.holding` a task that fails if the library does not open.
    """
    app = Application(
        title="Wherefrom",
        version=version("wherefrom"),
        summary=SUMMARY,
        lifespan=_lifespan(settings, open_library, opening),
        redirect_slashes=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        telemetry=telemetry(settings),
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    own_routes = [route for module in ROUTE_MODULES for route in module.router.routes] + mcp_routes()
    _check_root_path(settings.root_path, own_routes)
    for module in ROUTE_MODULES:
        app.include_router(module.router)
    app.router.routes.extend(mcp_routes())
    app.add_middleware(Compression)
    app.add_middleware(HeadRequests)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(AccessControl, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=METHODS,
            allow_headers=(*ALLOWED_HEADERS, *MCP_HEADERS),
            expose_headers=("ETag", "Location", "Retry-After", "X-Request-ID"),
        )
    add_error_handlers(app)
    return app


def _check_root_path(root_path: str, routes: Iterable[BaseRoute]) -> None:
    """Refuse a root path that begins with the first segment of one of our own paths, since requests would be ambiguous.

    Raise InvalidSetting.
    """
    own = {getattr(route, "path", "").strip("/").partition("/")[0].partition(":")[0] for route in routes}
    first = root_path.strip("/").partition("/")[0]
    if first and first in own:
        raise InvalidSetting("root_path", f"/{first} is a path of the service itself")


def _operation_id(route: APIRoute) -> str:
    """Name an operation in the OpenAPI description after its function."""
    return route.name


def _lifespan(settings: Settings, open_library: Callable[[], Library], opening: Opening | None) -> Lifespan:
    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        library = await to_thread.run_sync(open_library, abandon_on_cancel=opening is not None)
        pool = ExtractionPool(
            processes=MAX_EXTRACTIONS, seconds_per_mib=settings.reading_seconds, memory_mib=settings.reading_mib
        )
        shared = writer = None
        try:
            writer = open_writer(settings)
            if writer is not None:
                await to_thread.run_sync(library.sentence_checker)  # the first sentence does not wait for the reader
            shared = AsyncLibrary(
                library,
                threads=settings.threads,
                max_waiting=settings.max_waiting,
                timeout_seconds=settings.request_seconds,
                metrics=app.state.metrics,
                extract=pool.extract,
                writer=writer,
            )
            async with serve_mcp(shared) as mcp:
                app.state.extraction_pool, app.state.library, app.state.mcp = pool, shared, mcp
                app.state.readiness, app.state.suggestions = Readiness(shared), Suggestions(shared)
                yield
        finally:
            pool.close()
            if writer is not None:
                await writer.close()
            if shared is not None:
                shared.close()
            await to_thread.run_sync(library.close)

    @asynccontextmanager
    async def opening_later(app: FastAPI) -> AsyncIterator[None]:
        unopened = Unopened(opening or Opening())
        app.state.library = app.state.mcp = app.state.readiness = app.state.suggestions = unopened
        closing = asyncio.Event()

        async def hold() -> None:
            async with opened(app):
                app.state.is_open.set()
                await closing.wait()

        app.state.is_open = asyncio.Event()
        app.state.holding = holding = asyncio.create_task(hold())
        try:
            yield
        finally:
            closing.set()
            if not app.state.is_open.is_set():
                holding.cancel()
            with suppress(asyncio.CancelledError):
                await holding

    return opened if opening is None else opening_later
