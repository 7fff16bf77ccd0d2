"""HEAD requests: answered as GET, with the same headers and no body."""

from starlette.types import ASGIApp, Receive, Scope, Send


class HeadRequests:
    """Pass HEAD on as GET, so that every route that has GET has HEAD.

    The server drops the body, since in its own scope the method is still HEAD.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; `route`, which the request log reads, is copied back."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        get_scope = {**scope, "method": "GET"}
        try:
            await self._app(get_scope, receive, send)
        finally:
            if "route" in get_scope:
                scope["route"] = get_scope["route"]
