import pytest
from starlette.datastructures import Headers

from tests.support.work import grows_linearly
from wherefrom.service.auth.forwarding import Hop, TrustedProxies, forwarded_prefix, forwarded_request

PROXIES = TrustedProxies("10.0.0.0/8, 127.0.0.1, 2001:db8::1")


def request(*headers: tuple[str, str], proxies: TrustedProxies = PROXIES) -> Hop:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return forwarded_request(Headers(raw=raw), proxies)


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.1", "::ffff:10.1.2.3", "2001:db8::1", "2001:DB8:0::1"])
def test_an_address_of_a_trusted_proxy_is_recognised_however_it_is_written(address: str) -> None:
    assert address in PROXIES


@pytest.mark.parametrize("address", ["11.0.0.1", "127.0.0.2", "2001:db8::2", "testclient", "", "1" * 100_000])
def test_every_other_address_is_not_trusted(address: str) -> None:
    assert address not in PROXIES


def test_ipv4_networks_may_be_written_as_ipv6() -> None:
    assert "192.0.2.9" in TrustedProxies("::ffff:192.0.2.0/120")
    assert "192.0.3.9" not in TrustedProxies("::ffff:192.0.2.0/120")


def test_everyone_is_trusted_with_a_star() -> None:
    assert "192.0.2.9" in TrustedProxies("*")
    assert request(("X-Forwarded-For", "192.0.2.7, 10.0.0.1"), proxies=TrustedProxies("*")).address == "192.0.2.7"


@pytest.mark.parametrize(
    ("value", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7, 10.0.0.1", "192.0.2.7"),
        ("10.0.0.2, 10.0.0.1", "10.0.0.2"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("192.0.2.7, unknown", None),
        ("localhost", None),
        ("", None),
        (", ,", None),
    ],
)
def test_the_client_is_the_last_address_that_is_no_trusted_proxy(value: str, client: str | None) -> None:
    assert request(("X-Forwarded-For", value)).address == client


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("for=192.0.2.7", Hop(address="192.0.2.7")),
        (
            "For=192.0.2.7;Proto=HTTPS;by=10.0.0.1;Host=news.example:8443",
            Hop(address="192.0.2.7", scheme="https", host="news.example:8443"),
        ),
        ('for="[2001:db8:cafe::17]:4711"', Hop(address="2001:db8:cafe::17")),
        ('for="192.0.2.7:47011"', Hop(address="192.0.2.7")),
        ('for="192.0.2\\.7"', Hop(address="192.0.2.7")),
        ("for=203.0.113.9,for=192.0.2.7;proto=https,for=10.0.0.9;proto=http", Hop(address="192.0.2.7", scheme="https")),
        ('for=192.0.2.7 ; proto=http,for=10.0.0.9;by="a,b;c"', Hop(address="192.0.2.7", scheme="http")),
        ("for=unknown", Hop(address=None)),
        ("for=192.0.2.7, for=_hidden", Hop(address=None)),
        ("proto=https", Hop(address=None)),
        ('for=192.0.2.7;proto=ftp;host="a/b"', Hop(address="192.0.2.7")),
    ],
)
def test_the_standard_header_is_read(value: str, expected: Hop) -> None:
    assert request(("Forwarded", value)) == expected


@pytest.mark.parametrize(
    "value",
    ["", "for", "for=", "for=192.0.2.7;", "for=192.0.2.7,", 'for="192.0.2.7', "for=1.2.3.4 5", "for=1;for=2", ";;"],
)
def test_a_malformed_standard_header_names_no_client(value: str) -> None:
    assert request(("Forwarded", value)).address is None
    assert request(("Forwarded", value), ("X-Forwarded-For", "192.0.2.7")).address is None


def test_several_lines_of_a_header_are_one_list() -> None:
    assert request(("Forwarded", "for=203.0.113.9"), ("Forwarded", "for=192.0.2.7")).address == "192.0.2.7"
    assert request(("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "192.0.2.7")).address == "192.0.2.7"


def test_two_headers_that_name_two_clients_are_both_not_believed() -> None:
    sent = ("Forwarded", "for=203.0.113.9;proto=https;host=evil.example")
    assert request(sent, ("X-Forwarded-For", "192.0.2.7")) == Hop(address=None)
    assert request(("Forwarded", "for=192.0.2.7"), ("X-Forwarded-For", "192.0.2.7")).address == "192.0.2.7"


def test_scheme_and_host_are_read_beside_the_address() -> None:
    headers = (("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "news.example"))
    assert request(*headers) == Hop(address="192.0.2.7", scheme="https", host="news.example")
    assert request(("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Host", "a b")) == Hop(address=None)


@pytest.mark.parametrize(
    ("lines", "prefix"),
    [
        (["/kb"], "/kb"),
        (["/kb/"], "/kb"),
        (["/a/b.c/d_e~f-g"], "/a/b.c/d_e~f-g"),
        (["/outer, /inner/"], "/outer/inner"),
        (["/outer", "/inner"], "/outer/inner"),
        (["/"], ""),
        (["kb"], ""),
        (["//evil.example"], ""),
        (["/a//b"], ""),
        (["/a/../b"], ""),
        (["/a\\b"], ""),
        (["/a?b"], ""),
        (["/a%2fb"], ""),
        (["https://evil.example/kb"], ""),
        ([], ""),
    ],
)
def test_a_prefix_is_a_path_and_nothing_else(lines: list[str], prefix: str) -> None:
    raw = [(b"x-forwarded-prefix", line.encode()) for line in lines]
    assert forwarded_prefix(Headers(raw=raw)) == prefix


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Forwarded", "for=192.0.2.7,"),
        ("Forwarded", 'for="\\\\'),
        ("Forwarded", " ;"),
        ("X-Forwarded-For", "10.0.0.1,"),
        ("X-Forwarded-For", ":"),
        ("X-Forwarded-Host", "a."),
    ],
)
def test_headers_are_read_in_linear_time(name: str, unit: str) -> None:
    size = 64_000 // len(unit)
    assert grows_linearly(lambda value: request((name, value)), unit * size, unit * 2 * size)
