"""FastAPI dependencies of the routes."""

from typing import Annotated

from fastapi import Depends, Request

from wherefrom.index.errors import InvalidQuestion
from wherefrom.service.auth.rate_limit import RATE_LIMIT_KEY
from wherefrom.service.runtime.async_library import AsyncLibrary


async def opened_library(request: Request) -> AsyncLibrary:
    """Return the library that the lifespan has opened."""
    library: AsyncLibrary = request.app.state.library
    return library


OpenedLibrary = Annotated[AsyncLibrary, Depends(opened_library)]


def check_batch_size(request: Request, field: str, size: int) -> None:
    """Count each item of a request against the rate limit. Raise InvalidQuestion if the settings allow fewer items."""
    limit: int = request.app.state.settings.max_batch
    if size > limit:
        raise InvalidQuestion(field, f"must have at most {limit} in one request, not {size}")
    if charge := request.scope.get(RATE_LIMIT_KEY):
        charge(max(size - 1, 0))  # the request itself has been counted
