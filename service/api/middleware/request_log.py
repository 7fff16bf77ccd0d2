"""Request log: the id, duration and outcome of every request, for metrics and the access log."""

import logging
import random
import re
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wherefrom.service.api.responses import PROBLEM_KEY
from wherefrom.service.observability.logs import request_id
from wherefrom.service.observability.metrics import Metrics
from wherefrom.service.observability.refusals import REASON_KEY
from wherefrom.service.observability.tracing import current_trace_id

ID_HEADER = b"x-request-id"
VALID_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
KEY_NAME = "wherefrom.key_name"
"""Key in a request's scope of the name of the API key that it was sent with."""
log = logging.getLogger("wherefrom.requests")


class RequestLog:
    """Give each request an id, which is the client's if that is valid; measure it, and log it if `enabled`.

    Questions and headers are not logged. Costs 7 us a request.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, enabled: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._enabled = enabled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and record its outcome."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        id_ = _request_id(scope)
        request_id.set(id_.decode())
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (ID_HEADER, id_)]
            await send(message)

        problem_types: list[str] = []
        scope[PROBLEM_KEY] = problem_types
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            problem = problem_types[0] if problem_types else None
            self._record(scope, status, time.perf_counter() - started, problem)

    def _record(self, scope: Scope, status: int, seconds: float, problem: str | None) -> None:
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.request(route, method, status, seconds, problem, scope.get(REASON_KEY))
        if self._enabled:
            path = scope.get("raw_path", b"").decode("ascii", "backslashreplace")
            trace_id = current_trace_id()
            fields = {
                "method": method,
                "path": path,
                "status": status,
                "ms": round(seconds * 1000, 3),
                "problem": problem,
                "key": scope.get(KEY_NAME),
            }
            if trace_id is not None:
                fields["trace_id"] = trace_id
            trace = "" if trace_id is None else f", trace {trace_id}"
            log.info("%s %s %d, %.1f ms%s", method, path, status, seconds * 1000, trace, extra=fields)


def _request_id(scope: Scope) -> bytes:
    """Return the client's id for the request, or a new one."""
    for name, value in scope["headers"]:
        if name == ID_HEADER and VALID_ID.fullmatch(value):
            return bytes(value)
    return b"%016x" % random.getrandbits(64)  # the system's random source would cost a thread switch
