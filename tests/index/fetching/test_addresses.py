"""Only hosts of the public internet are public, however their address is written."""

import threading
from ipaddress import ip_address

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching.addresses import Address, allowed_addresses, is_public

PRIVATE = (
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1",  # noqa: S104
    "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "224.0.1.1", "240.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
    "2001:0:4136:e378::1",
)  # fmt: skip
PUBLIC = (
    "93.184.215.14", "8.8.8.8", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_these_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_these_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def resolver(*addresses: str) -> object:
    def resolve(_: str, __: int) -> list[Address]:
        return [ip_address(address) for address in addresses]

    return resolve


def allowed(*found: str) -> list[str]:
    resolve = resolver(*found)
    return [str(each) for each in allowed_addresses("http://a.example/", "a.example", 80, seconds=5, resolve=resolve)]  # type: ignore[arg-type]


def test_of_several_addresses_only_the_public_ones_are_allowed() -> None:
    assert allowed("10.0.0.1", "8.8.8.8", "::1") == ["8.8.8.8"]
    with pytest.raises(SourceRejected, match=r"a\.example has the address 10\.0\.0\.1, which is not a public one"):
        allowed("10.0.0.1", "::1")
    with pytest.raises(SourceRejected, match="has no address"):
        allowed()


def test_a_look_up_that_takes_long_is_given_up() -> None:
    ended = threading.Event()

    def resolve(_: str, __: int) -> list[Address]:
        ended.wait(30)
        return []

    with pytest.raises(SourceRejected, match=r"not found within 0\.05 s"):
        allowed_addresses("http://a.example/", "a.example", 80, seconds=0.05, resolve=resolve)
    ended.set()


def test_a_name_that_no_look_up_takes_has_no_address() -> None:
    with pytest.raises(SourceRejected, match="has no address"):
        allowed_addresses("http://a.example/", "a" * 64 + ".invalid", 80, seconds=20)
