import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request

from tests.support.library_samples import QUESTION, seeds_library
from tests.support.written import TextWriter
from wherefrom.index.types import AskOptions
from wherefrom.index.writing.answer_writer import AnswerWriter
from wherefrom.service.api.routes import event_stream
from wherefrom.service.api.routes.event_stream import answer_events, while_connected
from wherefrom.service.runtime.async_library import AsyncLibrary


async def events_until(name: str, stream: AsyncIterator[bytes]) -> list[bytes]:
    received = []
    async for event in stream:
        received.append(event)
        if event.startswith(b"event: " + name.encode()):
            break
    return received


def test_the_verbatim_answer_is_sent_before_the_writer_is_asked(tmp_path: Path) -> None:
    writer = TextWriter("It goes on. [1] ", seconds=60)

    async def listen() -> bytes:
        with seeds_library(tmp_path) as opened:
            library = AsyncLibrary(opened, threads=1, writer=AnswerWriter(writer))
            answer = await library.ask(QUESTION, AskOptions())
            stream = answer_events(library, answer, explain=False)
            (first,) = await events_until("answer", stream)
            for _ in range(100):
                await asyncio.sleep(0)
            assert writer.asked == []
            await stream.aclose()  # type: ignore[attr-defined]
            library.close()
            return first

    first = asyncio.run(listen())
    assert json.loads(first.partition(b"data: ")[2])["passages"]


def test_closing_the_stream_stops_the_writer(tmp_path: Path) -> None:
    writer = TextWriter("It goes on. [1] ", seconds=60)

    async def leave() -> None:
        with seeds_library(tmp_path) as opened:
            library = AsyncLibrary(opened, threads=1, writer=AnswerWriter(writer))
            answer = await library.ask(QUESTION, AskOptions())
            stream = answer_events(library, answer, explain=False)
            await events_until("answer", stream)
            following = asyncio.ensure_future(anext(stream))
            while not writer.asked:
                await asyncio.sleep(0)
            following.cancel()
            with pytest.raises(asyncio.CancelledError):
                await following
            library.close()

    asyncio.run(leave())
    assert writer.closed


def test_a_comment_is_sent_while_the_writer_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "IDLE_SECONDS", 0.05)
    writer = TextWriter("NO ANSWER", seconds=0.3)

    async def listen() -> list[bytes]:
        with seeds_library(tmp_path) as opened:
            library = AsyncLibrary(opened, threads=1, writer=AnswerWriter(writer))
            answer = await library.ask(QUESTION, AskOptions())
            received = await events_until("written", answer_events(library, answer, explain=False))
            library.close()
            return received

    first, *comments, last = asyncio.run(listen())
    assert first.startswith(b"event: answer\ndata: {")
    assert set(comments) == {b": writing\n\n"}
    assert json.loads(last.partition(b"data: ")[2])["written"]["status"] == "verbatim"


def test_work_is_cancelled_when_the_client_leaves() -> None:
    cancelled = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.append(True)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def leave() -> None:
        request = Request({"type": "http", "method": "POST", "headers": []}, receive)
        assert await while_connected(request, work()) is None  # type: ignore[func-returns-value]

    asyncio.run(leave())
    assert cancelled == [True]


def test_the_result_of_work_is_returned_to_a_client_that_stays() -> None:
    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def work() -> int:
        return 7

    async def stay() -> int | None:
        return await while_connected(Request({"type": "http", "method": "POST", "headers": []}, receive), work())

    assert asyncio.run(stay()) == 7
