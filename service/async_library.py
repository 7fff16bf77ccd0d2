"""The library for an event loop: its calls encode and read files, so each runs in a worker thread."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from index.library import Library
from service.errors import Overloaded

T = TypeVar("T")


class AsyncLibrary:
    """A library of which at most `threads` calls run at a time, and one change; at most `most_waiting` wait."""

    def __init__(self, library: Library, *, threads: int, most_waiting: int = 256) -> None:
        self._library = library
        self._limiter = CapacityLimiter(threads)
        self._changing = CapacityLimiter(1)
        self._most_waiting = most_waiting

    async def run(self, call: Callable[[Library], T]) -> T:
        """Give what `call` gives for the library, without holding up the event loop. Raise Overloaded."""
        return await self._run(call, self._limiter)

    async def change(self, call: Callable[[Library], T]) -> T:
        """`run` for a call that writes: changes take turns, and keep no thread from those who ask."""
        return await self._run(call, self._changing)

    async def _run(self, call: Callable[[Library], T], limiter: CapacityLimiter) -> T:
        if limiter.statistics().tasks_waiting >= self._most_waiting and limiter.available_tokens < 1:
            raise Overloaded
        work = partial(call, self._library)
        return await to_thread.run_sync(work, limiter=limiter, abandon_on_cancel=True)


async def opened_library(request: Request) -> AsyncLibrary:
    """Give the library that the lifespan opened."""
    library: AsyncLibrary = request.app.state.library
    return library


OpenedLibrary = Annotated[AsyncLibrary, Depends(opened_library)]
