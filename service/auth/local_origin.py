"""Whether a request without a key comes from this machine, and by the will of whoever sits at it.

A page in a browser on this machine is no such will: it may point a name of its own at 127.0.0.1 (DNS rebinding) or
send a form across (CSRF). What it cannot do is leave out or choose Host and Origin.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

NAME = re.compile(r"[a-z0-9_-]+(\.localhost)?")
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
Address = IPv4Address | IPv6Address


def is_loopback(host: str) -> bool:
    """Whether an address, or the name localhost, is of this machine alone."""
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def why_far(scope: Scope, headers: Headers, allowed_origins: Collection[str]) -> str | None:
    """Say why a request may come from elsewhere; nothing if it comes from this machine."""
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        return "the client is on another machine"
    if any(name in headers for name in FORWARDED):
        return "a proxy has forwarded it"
    host, origin = host_of(headers), headers.get("origin")
    if not is_safe_host(host):
        return f"Host: {host!r} may be a name that another site points here"
    if origin is not None and origin not in allowed_origins and origin.partition("://")[2] != host:
        return f"Origin: {origin!r} is another site"
    if origin is None and headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "another site has sent it"
    return None


@lru_cache(maxsize=1_000)
def is_safe_host(host: str) -> bool:
    """Whether no other site can have pointed this name here: an address, localhost, or a name without a dot."""
    name = host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
    name = name.strip("[]").lower().removesuffix(".")
    return NAME.fullmatch(name) is not None or _address(name) is not None


def host_of(headers: Headers) -> str:
    """The `Host` of a request; of a request with several, which only a trick has, no name at all."""
    return ", ".join(headers.getlist("host"))


def network(host: str) -> str:
    """The address that limits are kept for: of IPv6 the /64, since a household has that many to choose from."""
    address = _address(host)
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return host


def _address(host: str) -> Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
