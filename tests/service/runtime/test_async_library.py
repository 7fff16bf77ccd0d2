import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from tests.support.library_samples import HeldEmbedder, WordEmbedder, seeds_library
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.errors import Overloaded, TookTooLong
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.settings import Settings


def test_a_slow_question_blocks_nothing_else(tmp_path: Path) -> None:
    embedder = HeldEmbedder()
    app = create_app(Settings(), lambda: seeds_library(tmp_path, embedder=embedder))
    answers: list[Response] = []

    async def ask(client: AsyncClient) -> None:
        answers.append(await client.get("/v1/ask", params={"q": "radar"}))

    async def scenario() -> None:
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client,
            anyio.create_task_group() as tasks,
        ):
            while embedder.entered.acquire(blocking=False):
                pass
            embedder.go.clear()
            tasks.start_soon(ask, client)
            with anyio.fail_after(10):
                await anyio.to_thread.run_sync(embedder.entered.acquire)
                assert (await client.get("/livez")).status_code == 200
            assert answers == []
            embedder.go.set()

    anyio.run(scenario)
    assert [answer.status_code for answer in answers] == [200]


def test_no_more_calls_run_at_the_same_time_than_threads_are_set(tmp_path: Path) -> None:
    running, most = 0, 0
    lock = threading.Lock()
    both = threading.Barrier(2)

    def call(_: Library) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        both.wait(timeout=10)
        with lock:
            running -= 1

    async def scenario() -> None:
        with Library.open(tmp_path, embedder=WordEmbedder()) as library:
            limited = AsyncLibrary(library, threads=2)
            async with anyio.create_task_group() as tasks:
                for _ in range(6):
                    tasks.start_soon(limited.run, call)

    anyio.run(scenario)
    assert most == 2


class HeldCall:
    """A call that signals its start, and ends when `go` is set."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()

    def __call__(self, _: Library) -> None:
        self.begun.release()
        self.go.wait(timeout=10)


def with_library(tmp_path: Path, scenario: Callable[[Library, HeldCall], Awaitable[None]]) -> None:
    held = HeldCall()

    async def run() -> None:
        with Library.open(tmp_path, embedder=WordEmbedder()) as library:
            try:
                await scenario(library, held)
            finally:
                held.go.set()

    anyio.run(run)


def test_a_call_is_refused_at_once_if_the_queue_is_full(tmp_path: Path) -> None:
    async def scenario(library: Library, held: HeldCall) -> None:
        opened = AsyncLibrary(library, threads=1, max_waiting=1)
        for call, queue in ((opened.run, "questions"), (opened.change, "changes")):
            held.go.clear()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(call, held)
                await anyio.to_thread.run_sync(held.begun.acquire)
                tasks.start_soon(call, held)
                while opened.waiting()[queue] < 1:
                    await anyio.sleep(0.01)
                with pytest.raises(Overloaded):
                    await call(held)
                held.go.set()
            assert await call(Library.documents) == ()

    with_library(tmp_path, scenario)


def test_an_answer_that_takes_too_long_times_out(tmp_path: Path) -> None:
    async def scenario(library: Library, held: HeldCall) -> None:
        opened = AsyncLibrary(library, threads=1, timeout_seconds=0.1)
        with pytest.raises(TookTooLong, match=r"took over 0\.1 s"):
            await opened.run(held)

    with_library(tmp_path, scenario)


def test_the_wait_for_a_change_is_limited_but_a_change_that_has_begun_is_not(tmp_path: Path) -> None:
    async def scenario(library: Library, held: HeldCall) -> None:
        opened = AsyncLibrary(library, threads=1, timeout_seconds=0.1)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(opened.change, held)
            await anyio.to_thread.run_sync(held.begun.acquire)
            with pytest.raises(Overloaded):
                await opened.change(Library.documents)
            held.go.set()
        assert await opened.change(Library.documents) == ()

    with_library(tmp_path, scenario)


def test_changes_run_one_by_one_and_block_no_question(tmp_path: Path) -> None:
    async def scenario(library: Library, held: HeldCall) -> None:
        opened = AsyncLibrary(library, threads=1)
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(opened.change, held)
            await anyio.to_thread.run_sync(held.begun.acquire)
            assert await opened.run(Library.documents) == ()
            assert not held.begun.acquire(blocking=False)
            held.go.set()

    with_library(tmp_path, scenario)


def test_with_no_room_to_wait_calls_still_run_one_by_one(tmp_path: Path) -> None:
    async def scenario(library: Library, _: HeldCall) -> None:
        opened = AsyncLibrary(library, threads=1, max_waiting=0)
        assert await opened.run(Library.documents) == ()
        assert await opened.change(Library.documents) == ()
        assert await opened.extract(lambda _: 1) == 1

    with_library(tmp_path, scenario)
