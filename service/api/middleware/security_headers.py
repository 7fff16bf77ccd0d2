"""Headers of every response: browsers run only our own scripts and embed the page nowhere; caches see `Vary`."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
VIEWER_PATH = "/docs"
VIEWER_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""The policy for the viewer of the API description, which sets inline styles and shows no document."""


VARY = (b"vary", b"accept-encoding")
"""Set on every response, compressed or not; CORS adds a field of its own."""


class SecurityHeaders:
    """Add the headers to every response that does not have them."""

    def __init__(self, app: ASGIApp, *, shared: bool) -> None:
        """With `shared`, pages of other origins may read the responses."""
        self._app = app
        common = {
            "Cache-Control": "no-store",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "cross-origin" if shared else "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
        self._page_headers = _encode(common | {"Content-Security-Policy": PAGE_POLICY})
        self._viewer_headers = _encode(common | {"Content-Security-Policy": VIEWER_POLICY})
        self._names = frozenset(name for name, _ in self._page_headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete the headers of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = self._viewer_headers if scope["path"] == VIEWER_PATH else self._page_headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = message["headers"]
                names = self._names.intersection([name.lower() for name, _ in present])
                missing = [header for header in headers if header[0] not in names] if names else headers
                message["headers"] = [*present, *missing, VARY]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _encode(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
