"""The library for an event loop: its calls encode and read files, so each runs in a worker thread."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, Lock, fail_after, to_thread
from fastapi import Depends, Request

from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.errors import Overloaded, TookTooLong
from wherefrom.service.observability.metrics import Metrics
from wherefrom.service.runtime.batching import Asking

READERS = 2
"""Documents read at a time: reading is Python's own work, and more threads would only take it from one another."""
T = TypeVar("T")


class AsyncLibrary:
    """A library of which at most `threads` calls run at a time, and one change; for each, `most_waiting` may wait."""

    def __init__(
        self,
        library: Library,
        *,
        threads: int,
        most_waiting: int = 256,
        seconds: float = 30,
        metrics: Metrics | None = None,
    ) -> None:
        self._library = library
        self._limiter = CapacityLimiter(threads)
        self._changing = CapacityLimiter(1)
        self._reading = CapacityLimiter(READERS)
        self._turn = Lock()
        self._most_waiting = most_waiting
        self._seconds = seconds
        self.metrics = metrics or Metrics()
        self._asking = Asking(library, threads=threads, most_waiting=most_waiting, metrics=self.metrics)

    def close(self) -> None:
        """Take no more questions; those that wait are answered."""
        self._asking.close()

    async def ask(self, question: str, options: AskOptions) -> Answer:
        """`Library.ask`, encoded together with what waits meanwhile. Raise Overloaded, TookTooLong."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._asking.ask(question, options)
        except TimeoutError:
            raise TookTooLong(f"the answer took over {self._seconds:g} s") from None

    async def run(self, call: Callable[[Library], T]) -> T:
        """Give what `call` gives for the library, without holding up the event loop. Raise Overloaded, TookTooLong."""
        self.check_room()
        try:
            with fail_after(self._seconds):
                return await self._work(call, self._limiter)
        except TimeoutError:
            raise TookTooLong(f"the answer took over {self._seconds:g} s") from None

    async def change(self, call: Callable[[Library], T]) -> T:
        """`run` for a call that writes: changes take turns, and keep no thread from those who ask.

        Only the wait for its turn has a limit. A change that has begun is waited for, since whoever was told that it
        took too long would not know whether it was made.
        """
        if self._turn.locked() and self.waiting()["changes"] >= self._most_waiting:
            raise Overloaded
        try:
            with fail_after(self._seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise Overloaded from None
        try:
            return await self._work(call, self._changing)
        finally:
            self._turn.release()

    async def read(self, work: Callable[[], T]) -> T:
        """Give what reading a document gives; it is done before a change has its turn. Raise Overloaded."""
        self._check_room(self._reading)
        return await to_thread.run_sync(work, limiter=self._reading, abandon_on_cancel=True)

    def waiting(self) -> Mapping[str, int]:
        """How many wait to ask, and how many to change something."""
        return {
            "questions": self._limiter.statistics().tasks_waiting + len(self._asking),
            "changes": self._turn.statistics().tasks_waiting,
        }

    def check_room(self) -> None:
        """Raise Overloaded if as many wait to ask as may."""
        if self._asking.is_full():
            raise Overloaded
        self._check_room(self._limiter)

    def _check_room(self, limiter: CapacityLimiter) -> None:
        if not limiter.available_tokens and limiter.statistics().tasks_waiting >= self._most_waiting:
            raise Overloaded

    async def _work(self, call: Callable[[Library], T], limiter: CapacityLimiter) -> T:
        came = time.perf_counter()

        def work() -> T:
            began = time.perf_counter()
            self.metrics.stage("wait", began - came)
            try:
                return call(self._library)
            finally:
                self.metrics.stage("work", time.perf_counter() - began)

        return await to_thread.run_sync(work, limiter=limiter, abandon_on_cancel=True)


async def opened_library(request: Request) -> AsyncLibrary:
    """Give the library that the lifespan opened."""
    library: AsyncLibrary = request.app.state.library
    return library


OpenedLibrary = Annotated[AsyncLibrary, Depends(opened_library)]
