"""The route that checks citations."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from wherefrom.index.collection.audits import Verdict
from wherefrom.service.api.dependencies import OpenedLibrary, check_batch_size
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.schemas.citations import ManyCitationsBody, OneCitationBody, VerifyBody
from wherefrom.service.schemas.responses import VerdictList
from wherefrom.service.schemas.serialization import as_json

router = APIRouter(prefix="/v1/citations", tags=["citations"], route_class=StrictRoute)


@router.post("/verify", response_model=Verdict | VerdictList, responses=problem_responses(400, 413, 415, 422))
async def verify(body: Annotated[VerifyBody, Body()], request: Request, library: OpenedLibrary) -> Response:
    """Check that the text of each citation stands at its segments in the stored source.

    The body is a citation as it was served, or `{"citation": {...}}`, or `{"citations": [...]}`.
    """
    if isinstance(body, ManyCitationsBody):
        check_batch_size(request, "citations", len(body.citations))
        claims = [citation.claim() for citation in body.citations]
        verdicts = await library.run(lambda opened: [opened.check(claim) for claim in claims])
        return json_response({"results": as_json(verdicts)})
    claim = (body.citation if isinstance(body, OneCitationBody) else body).claim()
    return json_response(as_json(await library.run(lambda opened: opened.check(claim))))
