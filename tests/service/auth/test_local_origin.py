import pytest
from starlette.datastructures import Headers

from wherefrom.service.auth.local_origin import is_loopback, is_safe_host, rate_limit_network, reason_not_local

HERE = {"client": ("127.0.0.1", 50_000)}
HOST = {"host": "127.0.0.1:8000"}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost", "LOCALHOST"])
def test_loopback_addresses_are_recognised(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "localhost.evil.example", "testclient", ""])  # noqa: S104
def test_other_addresses_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "[::1]", "localhost:8000", "a.localhost", "news:80"])
def test_host_names_that_no_other_site_can_use_are_safe(host: str) -> None:
    assert is_safe_host(host)


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example:8000", "localhost.evil.example", "", ":80", "a, b", "a b", "\u00fc"),
        *("[::1].evil.example", "[::1]evil", "[::1]:80.evil.example", "localhost:80.evil.example", "[::1", "::1]"),
        *("127.0.0.1:80@evil.example", "localhost:evil", "[localhost]", "user@localhost", "localhost/evil", "a\n"),
    ],
)
def test_host_names_that_another_site_may_use_are_not_safe(host: str) -> None:
    assert not is_safe_host(host)


@pytest.mark.parametrize(
    "headers",
    [HOST, HOST | {"origin": "http://127.0.0.1:8000"}, HOST | {"origin": "https://ok.example"}],
)
def test_a_request_from_this_machine_is_local(headers: dict[str, str]) -> None:
    assert reason_not_local(HERE, Headers(headers), ["https://ok.example"]) is None


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"host": "evil.example:8000"}, "another site points here"),
        (HOST | {"origin": "https://evil.example"}, "is another site"),
        (HOST | {"origin": "null"}, "is another site"),
        (HOST | {"origin": "http://127.0.0.1:9000"}, "is another site"),
        (HOST | {"sec-fetch-site": "cross-site"}, "another site has sent it"),
        (HOST | {"x-forwarded-for": "127.0.0.1"}, "a proxy has forwarded it"),
        (HOST | {"via": "1.1 proxy"}, "a proxy has forwarded it"),
    ],
)
def test_a_request_that_may_come_from_elsewhere_has_a_reason(headers: dict[str, str], why: str) -> None:
    reason = reason_not_local(HERE, Headers(headers), [])
    assert reason is not None
    assert why in reason


def test_a_remote_or_unknown_client_is_not_local() -> None:
    for scope in ({"client": ("192.168.0.7", 1)}, {"client": None}, {}):
        assert reason_not_local(scope, Headers(HOST), []) == "the client is on another machine"


def test_rate_limits_apply_to_an_ipv6_network() -> None:
    assert rate_limit_network("192.0.2.7") == "192.0.2.7"
    assert rate_limit_network("2001:db8:1:2:3:4:5:6") == rate_limit_network("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert rate_limit_network("2001:db8:1:2::") != rate_limit_network("2001:db8:1:3::")
    assert rate_limit_network("testclient") == "testclient"


@pytest.mark.parametrize(
    "host", ["::ffff:192.0.2.7", "::FFFF:192.0.2.7", "::ffff:c000:207", "0:0:0:0:0:ffff:192.0.2.7"]
)
def test_an_ipv4_address_written_as_ipv6_shares_the_rate_limit_of_the_ipv4_address(host: str) -> None:
    assert rate_limit_network(host) == "192.0.2.7"
    assert rate_limit_network(host) != rate_limit_network("::ffff:192.0.2.8")


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Proto",
        "X-Forwarded-Server",
        "X-Forwarded-Anything",
        "X-Original-Forwarded-For",
        "X-Envoy-External-Address",
        "CF-Connecting-IP",
        "True-Client-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
    ],
)
def test_a_request_with_a_header_of_a_proxy_is_not_local(name: str) -> None:
    for value in ("127.0.0.1", "", "https"):
        assert reason_not_local(HERE, Headers(HOST | {name: value}), []) == "a proxy has forwarded it"


def test_a_request_in_http_1_0_comes_from_a_proxy_and_one_in_http_1_1_does_not() -> None:
    assert reason_not_local(HERE | {"http_version": "1.0"}, Headers(HOST), []) == "a proxy has forwarded it"
    assert reason_not_local(HERE | {"http_version": "1.1"}, Headers(HOST), []) is None


def test_headers_that_clients_send_do_not_look_like_a_proxy() -> None:
    own = {"user-agent": "curl/8", "accept": "*/*", "x-request-id": "1", "x-forward": "a", "if-match": '"a"'}
    assert reason_not_local(HERE, Headers(HOST | own), []) is None
