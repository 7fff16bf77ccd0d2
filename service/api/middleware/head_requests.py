"""HEAD requests: answered as GET, with the same headers and no body."""

from starlette.types import ASGIApp, Receive, Scope, Send


class HeadRequests:
    """Pass HEAD on as GET, so that every route with GET has HEAD.

    The server drops the body, since the method is still HEAD in the server's own scope.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; copy `route` back to its scope for the request log."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        get_scope = {**scope, "method": "GET"}
        try:
            await self._app(get_scope, receive, send)
        finally:
            if "route" in get_scope:
                scope["route"] = get_scope["route"]
