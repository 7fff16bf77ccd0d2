"""The route of Dify's external knowledge API; its address in Dify is that of the service."""

from fastapi import APIRouter, Response

from wherefrom.service.api.dependencies import OpenedLibrary
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.schemas.retrieval import RetrievalBody, RetrievalRecord, RetrievalResult
from wherefrom.service.schemas.serialization import as_json

router = APIRouter(tags=["compatible"], route_class=StrictRoute)


@router.post("/retrieval", response_model=RetrievalResult, responses=problem_responses())
async def retrieve(body: RetrievalBody, library: OpenedLibrary) -> Response:
    """Answer Dify with passages as records. Its errors have Dify's `error_code` and `error_msg` besides our fields."""
    answer = await library.ask(body.query, body.options())
    threshold = body.retrieval_setting.score_threshold
    records = map(RetrievalRecord.of, answer.passages)
    return json_response(as_json(RetrievalResult(records=tuple(each for each in records if each.score >= threshold))))
