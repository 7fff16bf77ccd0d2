"""What trusted proxies say of a request: the client, the scheme, the host and the path that they have served it under.

Each proxy appends to `Forwarded` (RFC 7239) or `X-Forwarded-For` the address that has connected to it. So the last
address is certain if the proxy that has connected to us is trusted, and one before it only if the next is trusted too.
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
"""One `name=value` of `Forwarded`. Unquoted addresses with a colon, which are common, are taken too."""
NODE = re.compile(r"\[([0-9a-fA-F:.]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+)(?::\d{1,5})?|([0-9a-fA-F:.]+)")
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")


class TrustedProxies:
    """The addresses and networks of the proxies whose headers are believed; `*` is every address."""

    def __init__(self, text: str) -> None:
        """Parse addresses and networks separated by commas. Raise ValueError, which names one that is neither."""
        values = comma_separated(text)
        self._everyone = EVERYONE in values
        self._networks = [network(value) for value in values if value != EVERYONE]
        self._is_trusted = lru_cache(maxsize=1_000)(self._is_in_networks)

    def __contains__(self, address: str) -> bool:
        """Return whether an address is one of a trusted proxy."""
        return self._everyone or (len(address) <= MAX_ADDRESS_CHARACTERS and self._is_trusted(address))

    def client_of(self, hops: Sequence["Hop"]) -> "Hop | None":
        """Return the last hop that no trusted proxy has made, or the first one; `None` if an address is missing."""
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
    """What one proxy says of the request that it has received; `None` is what it does not say, or not in valid form."""

    address: str | None
    scheme: str | None = None
    host: str | None = None


def forwarded_request(headers: Headers, proxies: TrustedProxies) -> Hop:
    """Return client, scheme and host of the request as the outermost trusted proxy has received it.

    A proxy passes on the header that it does not set itself, which its client may have sent. So if `Forwarded` and
    `X-Forwarded-For` name two clients, neither is believed.
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
    """Return the path that proxies have removed from that of the request; empty if there is none or it is not a path.

    Of several, the first is that of the outermost proxy.
    """
    prefix = "".join(part.rstrip("/") for part in _list(headers, "x-forwarded-prefix"))
    return prefix if PATH_PREFIX.fullmatch(prefix) else ""


def _list(headers: Headers, name: str) -> list[str]:
    return [value for line in headers.getlist(name) for part in line.split(",") if (value := part.strip())]


def _last(headers: Headers, name: str) -> str:
    return next(reversed(_list(headers, name)), "")


def _parse_forwarded(lines: Sequence[str]) -> list[Hop]:
    """Parse `Forwarded`: one hop per element; a single unknown one if any of it is malformed."""
    try:
        return [_hop(pairs) for line in lines for pairs in _elements(line)]
    except ValueError:
        return [Hop(address=None)]


def _elements(line: str) -> Iterator[dict[str, str]]:
    """Yield the pairs of each element. Raise ValueError."""
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
    """Return the address of a node, without its port; `None` for `unknown` and names that hide one."""
    match = NODE.fullmatch(text)
    address = match and next(filter(None, match.groups()))
    return address if address and parse_address(address) is not None else None
