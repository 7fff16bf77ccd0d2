"""The routes that answer questions."""

import time
from dataclasses import replace
from typing import Annotated

from fastapi import Query, Request, Response

from wherefrom.index.library import Library
from wherefrom.index.types import Answer
from wherefrom.service.api.fast_query_route import ShortWay
from wherefrom.service.api.router import new_router
from wherefrom.service.runtime.async_library import OpenedLibrary
from wherefrom.service.schemas.problem import declared
from wherefrom.service.schemas.requests import AskBody, AskQuery, BatchBody, check_batch
from wherefrom.service.schemas.responses import AnswerList, answer_response, json_response
from wherefrom.service.schemas.serialization import answer_as_json

router = new_router(prefix="/v1/ask", tags=["questions"], route_class=ShortWay)


@router.get("", response_model=Answer, responses=declared(422))
async def ask_by_url(query: Annotated[AskQuery, Query()], library: OpenedLibrary) -> Response:
    """Answer a question in the URL, for a browser or curl."""
    answer = await library.ask(query.q, query.options())
    library.metrics.answered(answer)
    return answer_response(answer)


@router.post("", response_model=Answer, responses=declared(400, 413, 415, 422))
async def ask(body: AskBody, library: OpenedLibrary) -> Response:
    """Answer a question with ranked passages, each with its citation; no answer is a 200 too."""
    answer = await library.ask(body.question, body.options())
    library.metrics.answered(answer)
    return answer_response(answer)


@router.post("/batch", response_model=AnswerList, responses=declared(400, 413, 415, 422))
async def ask_batch(body: BatchBody, request: Request, library: OpenedLibrary) -> Response:
    """Answer several questions in the order given; one bad question refuses them all."""
    check_batch(request, "questions", len(body.questions))
    answers = await library.run(lambda opened: _each(opened, body))
    for answer in answers:
        library.metrics.answered(answer)
    return json_response({"answers": [answer_as_json(answer) for answer in answers]})


def _each(library: Library, body: BatchBody) -> list[Answer]:
    options = body.options()
    queries = library.encode(body.questions)
    answers: list[Answer] = []
    with library.searcher() as searcher:
        for question, query in zip(body.questions, queries, strict=True):
            started = time.perf_counter()
            told = searcher.answer(question, query, options)
            answers.append(replace(told, took_ms=(time.perf_counter() - started) * 1000))
    return answers
