"""OpenAI's chat completions, for chat clients that use the service as a model."""

import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from wherefrom.index.types import Citation
from wherefrom.service.api.dependencies import OpenedLibrary
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.links import link
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.api.routes.event_stream import CLIENT_LEFT, EVENT_STREAM, event_response, while_connected
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.runtime.written_answers import write_from
from wherefrom.service.schemas.chat_completions import (
    Address,
    ChatChoice,
    ChatCompletion,
    ChatCompletionBody,
    ChatContent,
    ChatModelList,
)
from wherefrom.service.schemas.serialization import as_json, json_bytes

CHUNKS_SCHEMA = {
    "type": "string",
    "description": "Server-sent events as OpenAI sends them, each a `chat.completion.chunk`; the last one is `[DONE]`.",
}
REPLY: dict[int | str, dict[str, Any]] = {200: {"content": {EVENT_STREAM: {"schema": CHUNKS_SCHEMA}}}}
DONE = b"data: [DONE]\n\n"

router = APIRouter(prefix="/v1", tags=["compatible"], route_class=StrictRoute)


@router.post("/chat/completions", response_model=ChatCompletion, responses=REPLY | problem_responses())
async def complete_chat(body: ChatCompletionBody, request: Request, library: OpenedLibrary) -> Response:
    """Answer the last message of a conversation in the form of OpenAI, with citations as annotations.

    The content is what a writer wrote and what passed its check, or the verbatim passages; without an answer, it says
    so. Its errors have OpenAI's `error` besides our fields.
    """
    answer = await library.ask(body.question(), body.options())
    completion = _Completion(body.model, _addresses(request))
    if body.stream:
        return event_response(completion.chunks(library, answer))
    reply = await while_connected(request, write_from(library, answer))
    return json_response(completion.complete(reply)) if reply else Response(status_code=CLIENT_LEFT)


@router.get("/models", response_model=ChatModelList, responses=problem_responses())
async def list_models() -> Response:
    """List the one model that chat clients can choose."""
    return json_response(as_json(ChatModelList()))


class _Completion:
    """One reply to a conversation."""

    def __init__(self, model: str, address: Address) -> None:
        self._model = model
        self._address = address
        self._id = f"chatcmpl-{uuid4().hex}"
        self._created = int(time.time())

    def complete(self, reply: Any) -> object:  # noqa: ANN401
        message = ChatContent.of(reply, self._address).reply()
        return as_json(
            ChatCompletion(
                id=self._id,
                created=self._created,
                model=self._model,
                choices=(ChatChoice(message=message),),
                wherefrom=reply,
            )
        )

    async def chunks(self, library: AsyncLibrary, answer: Any) -> AsyncIterator[bytes]:  # noqa: ANN401
        """Yield the chunks. Written sentences are sent at the end, since only then it is known whether they count."""
        yield self._chunk({"role": "assistant", "content": ""})
        reply = await write_from(library, answer)
        for text, annotations in ChatContent.of(reply, self._address).chunks():
            yield self._chunk({"content": text} | ({"annotations": as_json(annotations)} if annotations else {}))
        yield self._chunk({}, "stop")
        yield DONE

    def _chunk(self, delta: dict[str, object], finish_reason: str | None = None) -> bytes:
        chunk = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
        }
        return b"data: %s\n\n" % json_bytes(chunk)


def _addresses(request: Request) -> Address:
    """Return the function for the address of a citation: the published page at the text, or our page for it."""
    root = f"{request.url.scheme}://{request.url.netloc}{link(request.scope, '/')}"

    def address(citation: Citation) -> str:
        published = citation.text_fragment_url or citation.url
        if published and published.startswith(("http://", "https://")):
            return published
        places = "_".join(f"{span.start}-{span.end}" for span in citation.segments)
        query = {"document": citation.document_id, "at": places, "sha256": citation.source_sha256}
        return f"{root}?{urlencode(query)}"

    return address
