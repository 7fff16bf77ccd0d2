"""Slow replies: as server-sent events, or cancelled when the client disconnects."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request
from starlette.responses import StreamingResponse

from wherefrom.index.types import Answer
from wherefrom.index.writing.written_answer import WrittenSentence
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.runtime.written_answers import write_from
from wherefrom.service.schemas.written import answer_event, sentence_event, written_event

EVENT_STREAM = "text/event-stream"
UNBUFFERED = {"X-Accel-Buffering": "no"}
"""Asks nginx to pass each event on at once."""
IDLE_SECONDS = 10.0
IDLE = b": writing\n\n"
"""A comment that is sent during pauses, so that no proxy closes the connection as idle."""
CLIENT_LEFT = 499
T = TypeVar("T")


def event_response(events: AsyncIterator[bytes]) -> StreamingResponse:
    """Return the response for events; the iterator is closed when the client disconnects."""
    return StreamingResponse(events, media_type=EVENT_STREAM, headers=UNBUFFERED)


async def answer_events(library: AsyncLibrary, answer: Answer, *, explain: bool) -> AsyncIterator[bytes]:
    """Yield the verbatim answer, each sentence after its check, and the end. Closing the iterator stops the writer."""
    yield answer_event(answer)
    sentences: asyncio.Queue[WrittenSentence | None] = asyncio.Queue()
    writing = asyncio.create_task(write_from(library, answer, explain=explain, on_sentence=sentences.put))
    writing.add_done_callback(lambda _: sentences.put_nowait(None))
    try:
        while True:
            try:
                sentence = await asyncio.wait_for(sentences.get(), IDLE_SECONDS)
            except TimeoutError:
                yield IDLE
                continue
            if sentence is None:
                break
            yield sentence_event(sentence)
        yield written_event(writing.result())
    finally:
        await _stop(writing)


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of `work`, or cancel it and return `None` if the client disconnects before."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        await _stop(leaving)
        await _stop(working)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _stop(task: asyncio.Task[Any]) -> None:
    if not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
