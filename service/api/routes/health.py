"""The routes that say whether the process lives, whether it answers, and how it fares."""

from fastapi import Request, Response

from wherefrom.index.library import Library
from wherefrom.service.api.router import new_router
from wherefrom.service.runtime.async_library import OpenedLibrary
from wherefrom.service.schemas.problem import declared
from wherefrom.service.schemas.responses import Health, json_response

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
router = new_router(tags=["health"])


@router.get("/livez", response_model=Health, responses=declared())
async def live() -> Response:
    """Answer as long as the process does."""
    return json_response({"status": "live"})


@router.get("/readyz", response_model=Health, responses=declared(503))
async def ready(request: Request) -> Response:
    """Ask a canary question the whole way, at most once a second; an empty index is ready too."""
    await request.app.state.canary.check()
    return json_response({"status": "ready"})


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **declared(401, 403, 429, 503)},
)
async def metrics(request: Request, library: OpenedLibrary) -> Response:
    """Give counters and gauges as Prometheus reads them."""
    info = await library.run(Library.info)
    body = request.app.state.metrics.exposition(info, library.waiting())
    return Response(body, headers={"Content-Type": EXPOSITION})
