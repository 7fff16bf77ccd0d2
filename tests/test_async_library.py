import threading
from pathlib import Path

import anyio
from httpx2 import ASGITransport, AsyncClient, Response

from index.library import Library
from service.app import create_app
from service.async_library import AsyncLibrary
from service.settings import Settings
from tests.library_samples import HeldEmbedder, WordEmbedder, seeds_library


def test_a_question_that_takes_long_holds_up_nothing_else(tmp_path: Path) -> None:
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


def test_no_more_calls_run_at_a_time_than_it_was_told(tmp_path: Path) -> None:
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
