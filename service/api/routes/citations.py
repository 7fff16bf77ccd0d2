"""The route that checks citations, so that nobody has to trust us."""

from typing import Annotated

from fastapi import Body, Request, Response

from wherefrom.index.types import Verdict
from wherefrom.service.api.router import new_router
from wherefrom.service.runtime.async_library import OpenedLibrary
from wherefrom.service.schemas.citations import ManyCitationsBody, OneCitationBody, VerifyBody
from wherefrom.service.schemas.problem import declared
from wherefrom.service.schemas.requests import check_batch
from wherefrom.service.schemas.responses import VerdictList, json_response
from wherefrom.service.schemas.serialization import as_json

router = new_router(prefix="/v1/citations", tags=["citations"])


@router.post("/verify", response_model=Verdict | VerdictList, responses=declared(400, 413, 415, 422))
async def verify(body: Annotated[VerifyBody, Body()], request: Request, library: OpenedLibrary) -> Response:
    """Check that each citation's text stands at its segments in the source as it is held here.

    The body is a citation as it was served, or `{"citation": {...}}`, or `{"citations": [...]}`.
    """
    if isinstance(body, ManyCitationsBody):
        check_batch(request, "citations", len(body.citations))
        claims = [each.claim() for each in body.citations]
        verdicts = await library.run(lambda opened: [opened.check(claim) for claim in claims])
        return json_response({"results": as_json(verdicts)})
    claim = (body.citation if isinstance(body, OneCitationBody) else body).claim()
    return json_response(as_json(await library.run(lambda opened: opened.check(claim))))
