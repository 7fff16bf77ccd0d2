"""Requests that a reverse proxy has forwarded: their client, and the path under which the proxy serves them."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from wherefrom.service.api.links import PREFIX_KEY
from wherefrom.service.auth.forwarding import TrustedProxies, forwarded_prefix, forwarded_request
from wherefrom.service.settings import Settings

FORWARDED_HOST = "wherefrom.forwarded_host"
"""Key in a request's scope of the host name that the client used, as reported by a trusted proxy."""


class Forwarding:
    """Put client, scheme, host and path of a forwarded request into its scope.

    Only headers of trusted proxies are used. They stay in the scope, since a forwarded request never counts as local.
    `Host` stays too: a page of another site in a browser on this machine, where a trusted proxy may run as well, can
    set any header except `Host`.

    The path may come with or without the configured root path, which is removed here, so that access control and
    routing see the same path; `links.link` puts it before the paths in responses.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._root_path = settings.root_path
        self._trusted = None if settings.trusted_proxies is None else TrustedProxies(settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            self._remove_root_path(scope)
            client = scope.get("client")
            if self._trusted is not None and client is not None and client[0] in self._trusted:
                _believe(scope, self._trusted)
        await self._app(scope, receive, send)

    def _remove_root_path(self, scope: Scope) -> None:
        prefix = self._root_path
        scope[PREFIX_KEY] = prefix
        if prefix and scope["path"].startswith(f"{prefix}/"):
            scope["path"] = scope["path"].removeprefix(prefix)
            raw_path = scope.get("raw_path")
            if raw_path is not None:
                scope["raw_path"] = raw_path.removeprefix(prefix.encode())


def _believe(scope: Scope, trusted: TrustedProxies) -> None:
    headers = Headers(scope=scope)
    request = forwarded_request(headers, trusted)
    if request.address:
        scope["client"] = (request.address, 0)
    if request.scheme:
        scope["scheme"] = request.scheme
    scope[FORWARDED_HOST] = request.host
    scope[PREFIX_KEY] = forwarded_prefix(headers) or scope[PREFIX_KEY]
