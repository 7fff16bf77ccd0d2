"""Routes that answer in written sentences."""

from typing import Any

from fastapi import APIRouter, Request, Response

from wherefrom.service.api.dependencies import OpenedLibrary
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.api.routes.event_stream import (
    CLIENT_LEFT,
    EVENT_STREAM,
    answer_events,
    event_response,
    while_connected,
)
from wherefrom.service.runtime.written_answers import write_from
from wherefrom.service.schemas.serialization import answer_as_json, as_json
from wherefrom.service.schemas.written import EVENTS_SCHEMA, AnswerBody, WriterStatus, WrittenReply

REPLY: dict[int | str, dict[str, Any]] = {200: {"content": {EVENT_STREAM: {"schema": EVENTS_SCHEMA}}}}

router = APIRouter(prefix="/v1/answer", tags=["questions"], route_class=StrictRoute)


@router.post("", response_model=WrittenReply, responses=REPLY | problem_responses(400, 413, 415, 422))
async def write_answer(body: AnswerBody, request: Request, library: OpenedLibrary) -> Response:
    """Answer a question in sentences, each checked against the passages that it cites.

    The reply is that of `/v1/ask` with what a language model wrote beside it. Where there is no answer, nothing is
    written.
    """
    answer = await library.ask(body.question, body.options())
    if body.stream:
        return event_response(answer_events(library, answer, explain=body.explain))
    reply = await while_connected(request, write_from(library, answer, explain=body.explain))
    return json_response(answer_as_json(reply)) if reply else Response(status_code=CLIENT_LEFT)


@router.get("", response_model=WriterStatus, responses=problem_responses())
async def show_writer(library: OpenedLibrary) -> Response:
    """Show what writes answers: the kind of writer, its model and its prompt; null without a writer."""
    writer = library.writer
    return json_response(as_json(WriterStatus(writer=writer.info if writer else None)))
