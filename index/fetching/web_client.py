"""A client for web pages with limits of time, size and redirects, which connects only to checked addresses.

A host's name is resolved once for each request, and the connection goes to a checked address: there is no second
look-up that could return other addresses. Redirects are followed here, so that each passes the same checks.
"""

import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from ipaddress import IPv6Address
from typing import Self

import httpx2

from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching import addresses
from wherefrom.index.fetching.addresses import Address, HostUnreachable, Resolve
from wherefrom.index.sources.containers.limits import MAX_SOURCE_BYTES

AGENT = "Wherefrom"
"""The user agent that a site's robots.txt may name."""
ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
REDIRECTS = (301, 302, 303, 307, 308)
OK = 200
ERROR_NUMBER = re.compile(r"\A\[Errno -?[0-9]+\] ")
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Limits of a request: time in seconds in total and by step, bytes, redirects, and the minimum pause per host."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = MAX_SOURCE_BYTES
    max_redirects: int = 5
    pause_seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebResponse:
    """A server's response: `raw` is its decompressed content, `url` the address after redirects, without a fragment.

    `retry_seconds` is the time after which the server asks to come back, in seconds, `None` if it does not.
    """

    url: str
    status: int
    media_type: str | None
    charset: str | None
    raw: bytes
    retry_seconds: float | None = None


DEFAULT_LIMITS = FetchLimits()
Check = Callable[[str], None]
"""A check of each address before its request. Raises SourceRejected if it may not be fetched."""
Pause = Callable[[str], float]
"""Returns the minimum time in seconds between requests to the host of an address."""


class WebClient:
    """Fetches pages one at a time, without cookies, credentials or a proxy."""

    def __init__(
        self, *, limits: FetchLimits = DEFAULT_LIMITS, allow_private: bool = False, resolve: Resolve = addresses.resolve
    ) -> None:
        """Create a client; without `allow_private`, hosts without a public address are refused."""
        self.limits = limits
        self._resolve = resolve
        self._addresses_of = addresses.all_addresses if allow_private else addresses.allowed_addresses
        self._asked_at: dict[str, float] = {}
        self._not_before: dict[str, float] = {}
        self._client = httpx2.Client(
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": f"{AGENT}/{version('wherefrom')} (a search index of articles)", "Accept": ACCEPT},
            timeout=httpx2.Timeout(limits.read_seconds, connect=limits.connect_seconds),
            # connections are pooled by address, which may serve several hosts, each with its own certificate
            limits=httpx2.Limits(max_keepalive_connections=0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.close()

    def get(
        self, url: str, *, check: Check | None = None, max_bytes: int | None = None, pause: Pause | None = None
    ) -> WebResponse:
        """Return the response at an address, after redirects. Raise SourceRejected, naming `url`.

        `check` and `pause` are called with the address of each request; the pause counts if it is longer than that of
        the limits.
        """
        current = url
        for _ in range(self.limits.max_redirects + 1):
            parsed = checked_url(current, url)
            if check is not None:
                _check(current, url, check)
            seconds = max(pause(current) if pause else 0.0, self.limits.pause_seconds)
            self._wait_for_turn(parsed.netloc.decode("ascii"), seconds)
            with self._answer(parsed, url) as (response, deadline):
                if response.status_code not in REDIRECTS or "location" not in response.headers:
                    raw = _body(response, url, max_bytes or self.limits.max_bytes, deadline)
                    return _web_response(parsed, response, raw)
                location = response.headers["location"]
            try:
                current = str(parsed.join(location))
            except (httpx2.InvalidURL, ValueError) as error:
                raise SourceRejected(url, f"the server refers to {location[:200]!r}, which is no address") from error
        raise SourceRejected(url, f"it was redirected more than {self.limits.max_redirects} times")

    def hold(self, url: str, seconds: float) -> None:
        """Make the next request to the host of an address wait for this time."""
        host = checked_url(url, url).netloc.decode("ascii")
        self._not_before[host] = time.monotonic() + seconds

    def _wait_for_turn(self, host: str, pause: float) -> None:
        earliest = max(self._asked_at.get(host, -math.inf) + pause, self._not_before.pop(host, -math.inf))
        if earliest > -math.inf:
            time.sleep(max(0.0, earliest - time.monotonic()))
        self._asked_at[host] = time.monotonic()

    @contextmanager
    def _answer(self, url: httpx2.URL, asked: str) -> Iterator[tuple[httpx2.Response, "_Deadline"]]:
        """Open a response from the first reachable address of the host. Raise SourceRejected, naming `asked`."""
        host, port = url.raw_host.decode("ascii"), url.port or DEFAULT_PORTS[url.scheme]
        seconds = self.limits.connect_seconds
        found = self._addresses_of(asked, host.strip("[]"), port, seconds=seconds, resolve=self._resolve)
        with _Deadline(self.limits.total_seconds) as deadline:
            response = None
            try:
                response = self._send(url, host, found, deadline)
                yield response, deadline
            except (httpx2.HTTPError, httpx2.StreamError, OSError, ssl.SSLError) as error:
                kind = (
                    HostUnreachable
                    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
                    else SourceRejected
                )
                raise kind(asked, deadline.reason or _reason(error, host)) from error
            finally:
                self._client.cookies.clear()
                if response is not None:
                    with suppress(httpx2.HTTPError, OSError):
                        response.close()

    def _send(self, url: httpx2.URL, host: str, found: list[Address], deadline: "_Deadline") -> httpx2.Response:
        for number, address in enumerate(found, 1):
            literal = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
            request = self._client.build_request(
                "GET",
                url.copy_with(host=literal),
                headers={"Host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": host.strip("[]"), "trace": deadline.trace},
            )
            try:
                return self._client.send(request, stream=True)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if number == len(found) or deadline.reason:
                    raise
        raise AssertionError("a host has at least one address")


class _Deadline:
    """Ends a connection after a time limit in seconds, even if the server keeps sending single bytes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.reason: str | None = None
        """The reason why the connection was ended, `None` if it was not."""

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Record the connection's socket; a callback for the extension `trace` of httpx."""
        stream = info.get("return_value")
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete") and stream is not None:
            self._socket = stream.get_extra_info("socket")  # type: ignore[attr-defined]
            if self.reason:
                self._end()

    def _end(self) -> None:
        self.reason = f"fetching it takes longer than {self._seconds:g} s"
        if self._socket is not None:
            with suppress(OSError, ValueError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # not of TLS, which another thread uses


def checked_url(url: str, asked: str) -> httpx2.URL:
    """Return a parsed address without its fragment.

    Raise SourceRejected, naming `asked`, unless it is http or https with a host and without a user name.
    """
    try:
        parsed = httpx2.URL(url).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise SourceRejected(asked, f"{url[:200]!r} is not an address: {error}") from error
    if parsed.scheme not in DEFAULT_PORTS:
        raise SourceRejected(
            asked, f"only http and https are fetched, not {parsed.scheme or 'an address without either'}"
        )
    if not parsed.raw_host:
        raise SourceRejected(asked, "it names no host")
    if parsed.userinfo:
        raise SourceRejected(asked, "an address with a user name or a password is not fetched")
    return parsed


def _check(url: str, asked: str, check: Check) -> None:
    """Call a check of an address. Raise SourceRejected, naming `asked`, with the address if that is another."""
    try:
        check(url)
    except SourceRejected as error:
        if url == asked:
            raise
        raise SourceRejected(asked, f"it refers to {url}: {error.reason}") from error


def _body(response: httpx2.Response, url: str, max_bytes: int, deadline: _Deadline) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > max_bytes:
            raise SourceRejected(url, f"it has more than {max_bytes:,} bytes")
        if deadline.reason:
            raise SourceRejected(url, deadline.reason)
        chunks.append(chunk)
    if deadline.reason:
        raise SourceRejected(url, deadline.reason)
    return b"".join(chunks)


def _web_response(url: httpx2.URL, response: httpx2.Response, raw: bytes) -> WebResponse:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return WebResponse(
        url=str(url),
        status=response.status_code,
        media_type=media_type or None,
        charset=response.charset_encoding,
        raw=raw,
        retry_seconds=_retry_seconds(response.headers.get("retry-after", "").strip()),
    )


def _retry_seconds(value: str) -> float | None:
    """Return the seconds of the header `Retry-After`, which is a number or a date, `None` if it is neither."""
    if value.isdecimal() and value.isascii():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _reason(error: Exception, host: str) -> str:
    if isinstance(error, httpx2.ConnectTimeout):
        return f"{host} did not accept a connection in time"
    if isinstance(error, httpx2.TimeoutException):
        return f"{host} did not answer in time"
    if isinstance(error, httpx2.DecodingError):
        return "its content cannot be decompressed"
    detail = ERROR_NUMBER.sub("", str(error)) or type(error).__name__
    return f"{host} cannot be {'reached' if isinstance(error, httpx2.ConnectError) else 'read'}: {detail}"
