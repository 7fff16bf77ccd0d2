"""Forwarding headers of trusted proxies: the client, scheme, host and path prefix of the original request.

Each proxy appends the address that connected to it to `Forwarded` (RFC 7239) or `X-Forwarded-For`. So the last address
is reliable if the proxy that connected to the service is trusted, and an earlier one only if all addresses after it are
those of trusted proxies.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import Headers

from wherefrom.service.auth.local_origin import parse_address
from wherefrom.service.settings_parsing import EVERYONE, PATH_PREFIX, comma_separated, network

MAX_ADDRESS_CHARACTERS = 64
SCHEMES = ("http", "https")
PAIR = re.compile(r'\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)=(?:([!#$%&\'*+.^_`|~0-9A-Za-z:\[\]-]+)|"((?:[^"\\]|\\.)*)")\s*')
"""One `name=value` pair of `Forwarded`. Unquoted addresses with a colon are common, so they are accepted."""
NODE = re.compile(r"\[([0-9a-fA-F:.]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+)(?::\d{1,5})?|([0-9a-fA-F:.]+)")
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")


class TrustedProxies:
    """The addresses and networks of the proxies whose headers are trusted; `*` is every address."""

    def __init__(self, text: str) -> None:
        """Parse addresses and networks separated by commas. Raise ValueError, which names an invalid one."""
        values = comma_separated(text)
        self._everyone = EVERYONE in values
        self._networks = [network(value) for value in values if value != EVERYONE]
        self._is_trusted = lru_cache(maxsize=1_000)(self._is_in_networks)

    def __contains__(self, address: str) -> bool:
        """Return whether an address belongs to a trusted proxy."""
        return self._everyone or (len(address) <= MAX_ADDRESS_CHARACTERS and self._is_trusted(address))

    def client_of(self, hops: Sequence["Hop"]) -> "Hop | None":
        """Return the last hop that is not a trusted proxy, or the first one; `None` if its address is missing."""
        if self._everyone:
            return hops[0] if hops and hops[0].address else None
        for hop in reversed(hops):
            if hop.address is None or hop.address not in self:
                return hop if hop.address else None
        return hops[0] if hops else None

    def _is_in_networks(self, text: str) -> bool:
        address = parse_address(text)
        return address is not None and any(address in network for network in self._networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A request as one proxy received it: client address, scheme and host; `None` if missing or malformed."""

    address: str | None
    scheme: str | None = None
    host: str | None = None


def forwarded_request(headers: Headers, proxies: TrustedProxies) -> Hop:
    """Return client, scheme and host of the request as the outermost trusted proxy received it.

    A proxy passes on a header that it does not set itself, and its client may have forged it. So if `Forwarded` and
    `X-Forwarded-For` name different clients, neither is used. Of `X-Forwarded-Proto` and `X-Forwarded-Host`, the last
    value is used.
    """
    standard = _parse_forwarded(headers.getlist("forwarded"))
    common = [Hop(address=_parse_node(part)) for part in _list(headers, "x-forwarded-for")]
    first, second = (proxies.client_of(hops) for hops in (standard, common))
    if standard and common and (first is None or second is None or first.address != second.address):
        return Hop(address=None)
    hop = first or second or Hop(address=None)
    scheme, host = _last(headers, "x-forwarded-proto").lower(), _last(headers, "x-forwarded-host")
    return Hop(
        address=hop.address,
        scheme=hop.scheme or (scheme if scheme in SCHEMES else None),
        host=hop.host or (host if HOST.fullmatch(host) else None),
    )


def forwarded_prefix(headers: Headers) -> str:
    """Return the prefix that proxies removed from the path of the request; empty if there is none or it is not a path.

    Several prefixes are joined; the first is that of the outermost proxy.
    """
    prefix = "".join(part.rstrip("/") for part in _list(headers, "x-forwarded-prefix"))
    return prefix if PATH_PREFIX.fullmatch(prefix) else ""


def _list(headers: Headers, name: str) -> list[str]:
    return [value for line in headers.getlist(name) for part in line.split(",") if (value := part.strip())]


def _last(headers: Headers, name: str) -> str:
    return next(reversed(_list(headers, name)), "")


def _parse_forwarded(lines: Sequence[str]) -> list[Hop]:
    """Parse `Forwarded`: one hop per element; a single hop without an address if any element is malformed."""
    try:
        return [_hop(pairs) for line in lines for pairs in _elements(line)]
    except ValueError:
        return [Hop(address=None)]


def _elements(line: str) -> Iterator[dict[str, str]]:
    """Yield the pairs of each element. Raise ValueError if the line is malformed."""
    pairs: dict[str, str] = {}
    position = 0
    while match := PAIR.match(line, position):
        name, token, quoted = match.groups()
        if name.lower() in pairs:
            raise ValueError
        pairs[name.lower()] = token if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        position = match.end()
        if position == len(line) or line[position] == ",":
            yield pairs
            pairs = {}
        elif line[position] != ";":
            raise ValueError
        position += 1
    if pairs or position <= len(line):
        raise ValueError


def _hop(pairs: dict[str, str]) -> Hop:
    scheme, host = pairs.get("proto", "").lower(), pairs.get("host", "")
    return Hop(
        address=_parse_node(pairs.get("for", "")),
        scheme=scheme if scheme in SCHEMES else None,
        host=host if HOST.fullmatch(host) else None,
    )


def _parse_node(text: str) -> str | None:
    """Return the address of a node, without its port; `None` for `unknown` and obfuscated identifiers."""
    match = NODE.fullmatch(text)
    address = match and next(filter(None, match.groups()))
    return address if address and parse_address(address) is not None else None
