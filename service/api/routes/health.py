"""Routes for liveness, readiness and metrics."""

from fastapi import APIRouter, Request, Response

from wherefrom.service.api.dependencies import OpenedLibrary
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.schemas.responses import Health

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
router = APIRouter(tags=["health"], route_class=StrictRoute)


@router.get("/livez", response_model=Health, responses=problem_responses())
async def live() -> Response:
    """Answer as long as the process runs."""
    return json_response({"status": "live"})


@router.get("/readyz", response_model=Health, responses=problem_responses(503))
async def ready(request: Request) -> Response:
    """Ask a canary question, at most once a second; an empty index is ready too.

    The reply tells how far answers are behind the stored documents, if they are.
    """
    status = await request.app.state.readiness.check()
    if status is None or not status.revisions_behind:
        return json_response({"status": "ready"})
    lag = {"revisions_behind": status.revisions_behind, "seconds_behind": round(status.seconds_behind, 3)}
    return json_response({"status": "ready", **lag})


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(401, 403, 429, 503),
    },
)
async def metrics(request: Request, library: OpenedLibrary) -> Response:
    """Return counters and gauges in Prometheus's text format."""
    status, cached_answers = await library.run(lambda opened: (opened.status(), opened.cached_answers))
    body = request.app.state.metrics.exposition(status, library.waiting(), cached_answers)
    return Response(body, headers={"Content-Type": METRICS_MEDIA_TYPE})
