"""Answers requests that are cancelled at shutdown.

When the shutdown time is over, uvicorn cancels requests that still run, and would answer them with 500 and a traceback
in the log. The requests are not faulty: they can be sent again, to another instance or later.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wherefrom.service.api.responses import problem_response
from wherefrom.service.schemas.problem import http_problem

SERVICE_UNAVAILABLE = 503
REASON = "the service ends before the answer is ready; send the request again"
HEADERS = {"Connection": "close", "Retry-After": "1"}


class ShutdownResponses:
    """Answer a cancelled request with 503, unless its response has begun. Only uvicorn cancels requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except asyncio.CancelledError:
            if scope["type"] != "http" or has_begun:
                raise
            response = problem_response(http_problem(SERVICE_UNAVAILABLE, REASON, scope["path"]), HEADERS)
            await response(scope, receive, send)
