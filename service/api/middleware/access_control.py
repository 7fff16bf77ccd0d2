"""Who is let in: by key, by nearness, and by how often they come."""

from typing import Literal

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from wherefrom.service.api.middleware.request_log import CALLER
from wherefrom.service.auth.api_keys import Key, find_key
from wherefrom.service.auth.local_origin import host_of, is_loopback, is_safe_host, network, why_far
from wherefrom.service.auth.rate_limit import Rates
from wherefrom.service.error_mapping import describe
from wherefrom.service.errors import Forbidden, TooManyRequests, Unauthorized
from wherefrom.service.schemas.problem import problem_response
from wherefrom.service.settings import Settings

Right = Literal["read", "write"]
READING = ("GET", "HEAD", "OPTIONS")
AGENTS = "/mcp"
API = ("/v1", AGENTS, "/metrics")
"""Where a collection can be read or changed; everything else is the page, the description or health."""
QUESTIONS = ("/v1/ask", "/v1/ask/batch", "/v1/citations/verify")
"""What is sent by POST and changes nothing, as all that agents send."""
SEND_KEY = "send it as Authorization: Bearer KEY"
SET_KEYS = "set WHEREFROM_API_KEYS"
SET_HOSTS = "if it is yours, name it in WHEREFROM_ALLOWED_HOSTS"


def needed(method: str, path: str) -> Right | None:
    """What a request must have the right to; null for what everyone may see."""
    if not path.startswith(API):
        return None
    changes = method not in READING and path not in QUESTIONS and not path.startswith(AGENTS)
    return "write" if changes else "read"


class Doors:
    """Let requests in that have the right to what they ask for; the others get a problem, their bodies unread."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._writers = settings.writers
        self._readers = settings.read_keys
        self._private = settings.needs_key(writing=False)
        self._local = is_loopback(settings.host)
        self._hosts = settings.allowed_hosts
        self._origins = settings.cors_origins
        self._rates = Rates(settings.rate_limit) if settings.rate_limit else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and (right := needed(scope["method"], scope["path"])):
            try:
                self._admit(scope, right)
            except (Forbidden, Unauthorized, TooManyRequests) as error:
                await problem_response(describe(error, scope["path"]), error.headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _admit(self, scope: Scope, right: Right) -> None:
        headers = Headers(scope=scope)
        given = _bearer(headers)
        writer = given and find_key(self._writers, given)
        key = writer or (given and find_key(self._readers, given)) or None
        scope[CALLER] = key.name if key else None
        if self._rates:
            self._rates.check(key.digest.hex() if key else _address(scope))
        if given and not key and (self._writers or self._readers):
            raise Unauthorized("the API key is not known")
        if right == "write" and not writer:
            self._check_change(scope, headers, key)
        elif not key:
            self._check_reading(headers)

    def _check_change(self, scope: Scope, headers: Headers, key: Key | None) -> None:
        if key:
            raise Forbidden(f"the API key {key.name!r} may only read")
        if self._writers:
            raise Unauthorized(f"a change needs an API key; {SEND_KEY}")
        if not self._local:
            raise Forbidden(f"the server listens beyond this machine, so a change needs an API key; {SET_KEYS}")
        if why := why_far(scope, headers, self._origins):
            raise Forbidden(f"a change without an API key must come from this machine, and {why}; {SET_KEYS}")

    def _check_reading(self, headers: Headers) -> None:
        if self._private:
            raise Unauthorized(f"reading needs an API key; {SEND_KEY}")
        host = host_of(headers)
        if self._local and not is_safe_host(host) and host.partition(":")[0] not in self._hosts:
            raise Forbidden(f"Host: {host!r} may be a name that another site points here; {SET_HOSTS}")


def _bearer(headers: Headers) -> str:
    """The key that was sent; empty if there is none."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return network(client[0]) if client else "unknown"
