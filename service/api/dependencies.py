"""FastAPI dependencies of the routes."""

from typing import Annotated

from fastapi import Depends, Request

from wherefrom.index.errors import InvalidQuestion
from wherefrom.service.runtime.async_library import AsyncLibrary


async def opened_library(request: Request) -> AsyncLibrary:
    """Return the library that the lifespan has opened."""
    library: AsyncLibrary = request.app.state.library
    return library


OpenedLibrary = Annotated[AsyncLibrary, Depends(opened_library)]


def check_batch_size(request: Request, field: str, size: int) -> None:
    """Raise InvalidQuestion if a request holds more items than the settings allow."""
    limit: int = request.app.state.settings.max_batch
    if size > limit:
        raise InvalidQuestion(field, f"must have at most {limit} in one request, not {size}")
