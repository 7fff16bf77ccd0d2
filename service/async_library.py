"""The library for an event loop: its calls encode and read files, so each runs in a worker thread."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from index.library import Library

T = TypeVar("T")


class AsyncLibrary:
    """A library of which at most `threads` calls run at a time; the others wait their turn."""

    def __init__(self, library: Library, *, threads: int) -> None:
        self._library = library
        self._limiter = CapacityLimiter(threads)

    async def run(self, call: Callable[[Library], T]) -> T:
        """Give what `call` gives for the library, without holding up the event loop."""
        work = partial(call, self._library)
        return await to_thread.run_sync(work, limiter=self._limiter, abandon_on_cancel=True)


async def opened_library(request: Request) -> AsyncLibrary:
    """Give the library that the lifespan opened."""
    library: AsyncLibrary = request.app.state.library
    return library


OpenedLibrary = Annotated[AsyncLibrary, Depends(opened_library)]
