from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from tests.support.library_samples import HeldEmbedder, WordEmbedder, seeds_library
from wherefrom.index.conversation import Context
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query
from wherefrom.service.errors import NotReady, Overloaded
from wherefrom.service.runtime import readiness
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.runtime.readiness import Readiness


class CountingLibrary(Library):
    """A library that counts the questions it encodes, and fails while `broken`."""

    questions = 0
    broken = False
    error: Exception = RuntimeError("secret")

    def encode(self, questions: Sequence[str], contexts: Sequence[Context | None] = ()) -> list[Query]:
        self.questions += 1
        if self.broken:
            raise self.error
        return super().encode(questions, contexts)


def test_frequent_checks_ask_one_question_in_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        with CountingLibrary.open(tmp_path, embedder=WordEmbedder()) as library:
            readiness_check = Readiness(AsyncLibrary(library, threads=2))
            async with anyio.create_task_group() as tasks:
                for _ in range(50):
                    tasks.start_soon(readiness_check.check)
            assert library.questions == 1
            monkeypatch.setattr(readiness, "FRESH_SECONDS", 0)
            library.broken = True
            with pytest.raises(NotReady, match="the log says why"):
                await readiness_check.check()
            library.broken = False
            await readiness_check.check()

    anyio.run(scenario)


def test_a_failure_is_reused_for_a_while_too(tmp_path: Path) -> None:
    async def scenario() -> None:
        with CountingLibrary.open(tmp_path, embedder=WordEmbedder()) as library:
            readiness_check = Readiness(AsyncLibrary(library, threads=1))
            library.broken = True
            for _ in range(3):
                with pytest.raises(NotReady):
                    await readiness_check.check()
            assert library.questions == 1

    anyio.run(scenario)


def test_a_known_fault_is_logged_in_one_line_and_an_unknown_one_with_where_it_arose(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def check(error: Exception) -> str:
        caplog.clear()
        with CountingLibrary.open(tmp_path, embedder=WordEmbedder()) as library:
            library.broken, library.error = True, error
            with pytest.raises(NotReady, match="the log says why"):
                await Readiness(AsyncLibrary(library, threads=1)).check()
        return caplog.text

    known = anyio.run(check, IndexUnusable("the catalog was moved"))
    assert "the catalog was moved" in known
    assert "Traceback" not in known
    assert "Traceback" in anyio.run(check, RuntimeError("unexpected"))


def test_a_library_with_a_full_queue_is_not_ready(tmp_path: Path) -> None:
    embedder = HeldEmbedder()

    async def scenario() -> None:
        with seeds_library(tmp_path, embedder=embedder) as library:
            opened = AsyncLibrary(library, threads=1, max_waiting=1)
            readiness_check = Readiness(opened)
            await readiness_check.check()
            embedder.go.clear()
            async with anyio.create_task_group() as tasks:
                for _ in range(2):
                    tasks.start_soon(opened.run, lambda opened_library: opened_library.ask("radar"))
                await anyio.wait_all_tasks_blocked()
                while not opened.waiting()["questions"]:
                    await anyio.sleep(0.01)
                with pytest.raises(Overloaded):
                    await readiness_check.check()
                embedder.go.set()
            await readiness_check.check()

    anyio.run(scenario)
