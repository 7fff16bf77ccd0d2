"""The IP addresses of a host, and the check that they are public."""

import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from wherefrom.index.errors import SourceRejected

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[Address]]
"""A function from a host and a port to the host's addresses in the order to try them. Raises OSError."""
NAT64 = IPv6Network("64:ff9b::/96")
"""IPv6 addresses that embed an IPv4 address, in networks without IPv4 (RFC 6052)."""


class HostUnreachable(SourceRejected):
    """There is no connection to the host: it has no address, or none that is allowed, or does not accept one."""


def resolve(host: str, port: int) -> list[Address]:
    """Return the distinct addresses of a host from the system's resolver. Raises OSError."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers))


def allowed_addresses(url: str, host: str, port: int, *, seconds: float, resolve: Resolve = resolve) -> list[Address]:
    """Return the public addresses of a host. Raise HostUnreachable, naming `url`, if there is none."""
    addresses = all_addresses(url, host, port, seconds=seconds, resolve=resolve)
    public = [address for address in addresses if is_public(address)]
    if not public:
        reason = (
            f"{host} has the address {addresses[0]}, which is not a public one; --allow-private-addresses fetches it"
        )
        raise HostUnreachable(url, reason)
    return public


def all_addresses(url: str, host: str, port: int, *, seconds: float, resolve: Resolve = resolve) -> list[Address]:
    """Return the addresses of a host. Raise HostUnreachable, naming `url`, if there is none or after `seconds`."""
    found: list[Address] = []
    problems: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            found.extend(resolve(host, port))
        except (OSError, UnicodeError) as error:
            problems.append(error)

    thread = threading.Thread(target=look_up, daemon=True)  # a look-up cannot be stopped
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise HostUnreachable(url, f"the address of {host} was not found within {seconds:g} s")
    if problems or not found:
        detail = getattr(problems[0], "strerror", None) if problems else None
        raise HostUnreachable(url, f"{host} has no address" + (f": {detail}" if detail else ""))
    return found


def is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet; an IPv4 address embedded in IPv6 is checked itself.

    Private, loopback, link-local, shared, reserved, multicast and tunnel addresses are not.
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour is not None or address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified
