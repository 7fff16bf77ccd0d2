"""Routes that answer questions."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from wherefrom.index.types import Answer
from wherefrom.service.api.dependencies import OpenedLibrary, check_batch_size
from wherefrom.service.api.fast_query_route import FastQueryRoute
from wherefrom.service.api.responses import answer_response, json_response, problem_responses
from wherefrom.service.schemas.requests import AskBody, AskQuery, BatchBody
from wherefrom.service.schemas.responses import AnswerList
from wherefrom.service.schemas.serialization import answer_as_json

router = APIRouter(prefix="/v1/ask", tags=["questions"], route_class=FastQueryRoute)


@router.get("", response_model=Answer, responses=problem_responses(422))
async def ask_by_url(query: Annotated[AskQuery, Query()], library: OpenedLibrary) -> Response:
    """Answer a question in the URL, for browsers and curl."""
    return answer_response(await library.ask(query.q, query.options()))


@router.post("", response_model=Answer, responses=problem_responses(400, 413, 415, 422))
async def ask(body: AskBody, library: OpenedLibrary) -> Response:
    """Answer a question with ranked passages, each with its citation. No answer is a 200 as well."""
    return answer_response(await library.ask(body.question, body.options()))


@router.post("/batch", response_model=AnswerList, responses=problem_responses(400, 413, 415, 422))
async def ask_batch(body: BatchBody, request: Request, library: OpenedLibrary) -> Response:
    """Answer several questions in the order given; if one is invalid, none is answered."""
    check_batch_size(request, "questions", len(body.questions))
    answers = await library.ask_all(body.questions, body.options())
    return json_response({"answers": [answer_as_json(answer) for answer in answers]})
