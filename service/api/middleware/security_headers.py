"""What every response tells a browser: run nothing but our own page, and show us inside nobody else's."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
VIEWER = "/docs"
VIEWER_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""For the viewer of the API's description, which sets styles on its elements and shows no document."""


class SecurityHeaders:
    """Add the headers to every response that does not have them."""

    def __init__(self, app: ASGIApp, *, shared: bool) -> None:
        """Take whether pages of other origins may read what is served."""
        self._app = app
        fixed = {
            "Cache-Control": "no-store",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "cross-origin" if shared else "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
        self._headers = _encoded(fixed | {"Content-Security-Policy": PAGE_POLICY})
        self._viewer_headers = _encoded(fixed | {"Content-Security-Policy": VIEWER_POLICY})
        self._names = frozenset(name for name, _ in self._headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete the headers of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = self._viewer_headers if scope["path"] == VIEWER else self._headers

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                names = self._names.intersection([name.lower() for name, _ in given])
                added = [header for header in ours if header[0] not in names] if names else ours
                message["headers"] = [*given, *added]
            await send(message)

        await self._app(scope, receive, complete)


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
