"""Local origin: whether a request without a key comes from this machine, and not from a web page that runs on it.

A page of another site in a browser on this machine may point a host name of its own at 127.0.0.1 (DNS rebinding) or
submit a form (CSRF). But it can neither omit nor choose the Host and Origin headers.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

NAME = re.compile(r"[a-z0-9_-]+(\.localhost)?")
HOST = re.compile(r"(?:\[(?P<address>[0-9a-fA-F:.]+)\]|(?P<name>[^\s:@/\[\]]+))(?::[0-9]*)?", re.ASCII)
FORWARDING_PREFIXES = ("x-forwarded", "x-original-", "x-envoy-")
FORWARDING_HEADERS = frozenset(
    ("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip")
)
Address = IPv4Address | IPv6Address


def is_loopback(host: str) -> bool:
    """Return whether a host is a loopback address or `localhost`."""
    address = parse_address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def reason_not_local(scope: Scope, headers: Headers, allowed_origins: Collection[str]) -> str | None:
    """Return the reason why a request may come from elsewhere, or `None` if it comes from this machine."""
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        return "the client is on another machine"
    if _is_forwarded(scope, headers):
        return "a proxy has forwarded it"
    host = host_header(headers)
    if not is_safe_host(host):
        return f"Host: {host!r} may be a name that another site points here"
    if (foreign := foreign_origin(headers, allowed_origins)) is not None:
        return f"Origin: {foreign!r} is another site"
    if "origin" not in headers and headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "another site has sent it"
    return None


def _is_forwarded(scope: Scope, headers: Headers) -> bool:
    """Return whether a proxy has forwarded a request: it has a forwarding header, or it is HTTP/1.0.

    nginx used HTTP/1.0 to servers by default for a long time; today's clients do not use it. Any other proxy that adds
    no header cannot be distinguished from a client.
    """
    if scope.get("http_version") == "1.0":
        return True
    return any(name in FORWARDING_HEADERS or name.startswith(FORWARDING_PREFIXES) for name, _ in headers.items())


def foreign_origin(headers: Headers, allowed_origins: Collection[str], host: str | None = None) -> str | None:
    """Return the first `Origin` that is neither the service's own site nor one that the settings allow.

    The service's own site is the `Host` of the request, and `host`, the one that a trusted proxy received.
    """
    origins, own_hosts = headers.getlist("origin"), (host_header(headers), host)
    foreign = (
        value for value in origins if value not in allowed_origins and value.partition("://")[2] not in own_hosts
    )
    return next(foreign, None)


@lru_cache(maxsize=1_000)
def is_safe_host(host: str) -> bool:
    """Return whether no other site can point this host here: an address, `localhost`, a name without a dot."""
    name = host_name(host).lower().removesuffix(".")
    return NAME.fullmatch(name) is not None or parse_address(name) is not None


def host_name(host: str) -> str:
    """Return the name or address in a `Host` header, without the port; empty if it is malformed (RFC 3986, 3.2.2)."""
    match = HOST.fullmatch(host)
    return match["address"] or match["name"] if match else ""


def host_header(headers: Headers) -> str:
    """Return the `Host` header; several, which occur only in attacks, are joined, so that they match no name."""
    return ", ".join(headers.getlist("host"))


def rate_limit_network(host: str) -> str:
    """Return the network whose requests are counted together: the /64 of an IPv6 address, as a household has one.

    An IPv4 address is counted by itself, also if it is written as an IPv6 address (`::ffff:192.0.2.7`).
    """
    address = parse_address(host)
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return host if address is None else str(address)


def parse_address(host: str) -> Address | None:
    """Parse an IP address; return `None` if it is invalid, and IPv4 for one that is mapped (`::ffff:192.0.2.7`)."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
