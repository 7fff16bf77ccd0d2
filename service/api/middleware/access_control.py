"""Access control: API keys, changes without a key only from this machine, rate limits."""

from functools import partial
from typing import Literal

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from wherefrom.service.api.error_members import CHAT_COMPLETIONS_PATH, RETRIEVAL_PATH, VECTOR_STORES_PATH
from wherefrom.service.api.links import link
from wherefrom.service.api.middleware.forwarding import FORWARDED_HOST
from wherefrom.service.api.middleware.request_log import KEY_NAME
from wherefrom.service.api.responses import problem_response
from wherefrom.service.auth.api_keys import Key, find_key
from wherefrom.service.auth.local_origin import (
    foreign_origin,
    host_header,
    host_name,
    is_loopback,
    is_safe_host,
    rate_limit_network,
    reason_not_local,
)
from wherefrom.service.auth.rate_limit import RATE_LIMIT_KEY, RateLimit
from wherefrom.service.error_mapping import describe
from wherefrom.service.errors import UNKNOWN_KEY, Forbidden, TooManyRequests, Unauthorized
from wherefrom.service.observability import refusals
from wherefrom.service.observability.refusals import REASON_KEY
from wherefrom.service.settings import Settings

Right = Literal["read", "write"]
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
MCP_PATH = "/mcp"
PROTECTED_PATHS = ("/v1", MCP_PATH, RETRIEVAL_PATH, "/metrics")
"""Prefixes of the paths that read or change a collection; the others are the page, the API description and health."""
READ_ONLY_POSTS = (
    "/v1/ask",
    "/v1/ask/batch",
    "/v1/answer",
    "/v1/citations/verify",
    "/v1/citations/export",
    RETRIEVAL_PATH,
    CHAT_COMPLETIONS_PATH,
)
"""Paths at which a POST changes nothing."""
READ_ONLY_PATHS = (MCP_PATH, VECTOR_STORES_PATH)
"""Prefixes of paths at which no request changes anything."""
SEND_KEY = "send it as Authorization: Bearer KEY"
SET_KEYS = "set WHEREFROM_API_KEYS"
SET_WRITE_KEYS = "set WHEREFROM_API_KEYS or WHEREFROM_API_KEYS_FILE"
SET_ORIGINS = "if it is yours, name it in WHEREFROM_CORS_ORIGINS"
SET_HOSTS = "if it is yours, name it in WHEREFROM_ALLOWED_HOSTS"


def required_right(method: str, path: str) -> Right | None:
    """Return the right that a request needs; `None` for a public path."""
    if not path.startswith(PROTECTED_PATHS):
        return None
    writes = method not in SAFE_METHODS and path not in READ_ONLY_POSTS and not path.startswith(READ_ONLY_PATHS)
    return "write" if writes else "read"


def describe_access(settings: Settings) -> str:
    """Return a line that names who may read and who may write."""
    writing_keys = len(settings.write_keys)
    reading_keys = writing_keys + len(settings.read_only_keys)
    listens_locally = is_loopback(settings.host)
    advice = ""
    if settings.needs_key(writing=False):
        readers = _holders(reading_keys)
    else:
        readers = "everyone on this machine" if listens_locally else "everyone who can connect"
    if writing_keys:
        writers = _holders(writing_keys)
    elif reading_keys or not listens_locally:
        writers = f"nobody ({SET_WRITE_KEYS})"
    else:
        writers = "everyone on this machine"
        advice = f"; behind a proxy, {SET_KEYS}, since what it forwards may look as if it came from this machine"
    return f"Reading: {readers}. Writing: {writers}{advice}"


def _holders(keys: int) -> str:
    return "whoever has the API key" if keys == 1 else f"whoever has one of the {keys} API keys"


class AccessControl:
    """Pass on requests with the necessary right; refuse others with a problem, without reading their bodies."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._write_keys = settings.write_keys
        self._read_keys = settings.read_only_keys
        self._reading_needs_key = settings.needs_key(writing=False)
        self._listens_locally = is_loopback(settings.host)
        self._allowed_hosts = settings.allowed_hosts
        self._allowed_origins = settings.cors_origins
        self._rate_limit = RateLimit(settings.rate_limit) if settings.rate_limit else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and (right := required_right(scope["method"], scope["path"])):
            try:
                self._check(scope, right)
            except (Forbidden, Unauthorized, TooManyRequests) as error:
                if isinstance(error, Forbidden):
                    scope[REASON_KEY] = error.reason
                await problem_response(describe(error, link(scope, scope["path"])), error.headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope, right: Right) -> None:
        headers = Headers(scope=scope)
        token = _bearer_token(headers)
        write_key = token and find_key(self._write_keys, token)
        key = write_key or (token and find_key(self._read_keys, token)) or None
        scope[KEY_NAME] = key.name if key else None
        if self._rate_limit:
            client = key.digest.hex() if key else _client_network(scope)
            self._rate_limit.check(client)
            scope[RATE_LIMIT_KEY] = partial(self._rate_limit.charge, client)
        if token and not key and (self._write_keys or self._read_keys):
            raise Unauthorized(UNKNOWN_KEY)
        if scope["path"].startswith(MCP_PATH):
            self._check_origin(scope, headers)
        if right == "write" and not write_key:
            self._check_write(scope, headers, key)
        elif not key:
            self._check_read(headers)

    def _check_origin(self, scope: Scope, headers: Headers) -> None:
        """Refuse agents' requests from a page of another site, with or without a key, as the protocol requires."""
        origin = foreign_origin(headers, self._allowed_origins, scope.get(FORWARDED_HOST))
        if origin is not None:
            raise Forbidden(f"Origin: {origin!r} is another site; {SET_ORIGINS}", refusals.ORIGIN)

    def _check_write(self, scope: Scope, headers: Headers, read_key: Key | None) -> None:
        if read_key:
            raise Forbidden(f"the API key {read_key.name!r} may only read", refusals.READ_ONLY_KEY)
        if self._write_keys:
            raise Unauthorized(f"a change needs an API key; {SEND_KEY}")
        if self._read_keys:
            raise Unauthorized(f"a change needs an API key that may write, and there is none; {SET_WRITE_KEYS}")
        if not self._listens_locally:
            beyond = "the server listens beyond this machine, so a change needs an API key"
            raise Forbidden(f"{beyond}; {SET_KEYS}", refusals.LOCAL_ORIGIN)
        if reason := reason_not_local(scope, headers, self._allowed_origins):
            local = f"a change without an API key must come from this machine, and {reason}"
            raise Forbidden(f"{local}; {SET_KEYS}", refusals.LOCAL_ORIGIN)

    def _check_read(self, headers: Headers) -> None:
        if self._reading_needs_key:
            raise Unauthorized(f"reading needs an API key; {SEND_KEY}")
        host = host_header(headers)
        if self._listens_locally and not is_safe_host(host) and host_name(host) not in self._allowed_hosts:
            raise Forbidden(f"Host: {host!r} may be a name that another site points here; {SET_HOSTS}", refusals.HOST)


def _bearer_token(headers: Headers) -> str:
    """Return the key that was sent; empty if there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _client_network(scope: Scope) -> str:
    client = scope.get("client")
    return rate_limit_network(client[0]) if client else "unknown"
