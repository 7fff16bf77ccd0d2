"""The routes that say whether the process lives, and whether it answers."""

import logging

from anyio import fail_after
from fastapi import APIRouter, Response

from service.async_library import OpenedLibrary
from service.errors import NotReady
from service.problems import declared
from service.responses import Health, json_response

CANARY = "Is anyone there?"
CANARY_SECONDS = 5
log = logging.getLogger(__name__)
router = APIRouter(tags=["health"])


@router.get("/livez", response_model=Health, responses=declared())
async def live() -> Response:
    """Answer as long as the process does."""
    return json_response({"status": "live"})


@router.get("/readyz", response_model=Health, responses=declared(503))
async def ready(library: OpenedLibrary) -> Response:
    """Ask a canary question the whole way; an empty index is ready too."""
    try:
        with fail_after(CANARY_SECONDS):
            await library.run(lambda opened: opened.ask(CANARY, top_k=1))
    except TimeoutError as error:
        raise NotReady(f"the canary question took over {CANARY_SECONDS} seconds") from error
    except Exception as error:
        log.exception("The canary question failed")
        raise NotReady("the canary question failed; the log says why") from error
    return json_response({"status": "ready"})
