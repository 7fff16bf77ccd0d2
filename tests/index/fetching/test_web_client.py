"""Pages are fetched within limits, and only from addresses that were checked, also after redirects."""

import gzip
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import pytest

from tests.support.servers.sites import Answer, Site, site
from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching.addresses import Address
from wherefrom.index.fetching.web_client import FetchLimits, WebClient

QUICK = FetchLimits(connect_seconds=5, read_seconds=5, total_seconds=30, max_bytes=10_000, pause_seconds=0)


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as served:
        yield served


def answering(*answers: str) -> Callable[[str, int], list[Address]]:
    """Return a look-up that gives these addresses, one at each call."""
    remaining = iter(answers)
    return lambda _, __: [ip_address(next(remaining))]


def refusal(client: WebClient, url: str) -> str:
    with pytest.raises(SourceRejected) as refused:
        client.get(url)
    assert refused.value.source == url
    return refused.value.reason


def test_a_page_is_the_bytes_that_the_server_sent(here: Site) -> None:
    url = here.add("/a?b=1", "<p>Ü".encode("latin-1"), "text/html; charset=ISO-8859-1")
    with WebClient(limits=QUICK, allow_private=True) as client:
        response = client.get(f"{url}#part")
    assert (response.url, response.status, response.raw) == (url, 200, "<p>Ü".encode("latin-1"))
    assert (response.media_type, response.charset) == ("text/html", "iso-8859-1")
    (headers,) = here.request_headers
    assert headers["User-Agent"].startswith("Wherefrom/")
    assert headers["Host"] == f"127.0.0.1:{here.port}"
    assert "Cookie" not in headers


def test_content_is_decompressed_up_to_the_limit(here: Site) -> None:
    small, bomb = gzip.compress(b"<p>text"), gzip.compress(b"0" * 1_000_000)
    encoded = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    here.answers |= {"/small": Answer(small, headers=encoded), "/bomb": Answer(bomb, headers=encoded)}
    here.answers["/bad"] = Answer(b"not gzip", headers=encoded)
    here.add("/large", b"0" * 10_001)
    with WebClient(limits=QUICK, allow_private=True) as client:
        assert client.get(here.url("/small")).raw == b"<p>text"
        assert refusal(client, here.url("/bomb")) == "it has more than 10,000 bytes"
        assert refusal(client, here.url("/large")) == "it has more than 10,000 bytes"
        assert refusal(client, here.url("/bad")) == "its content cannot be decompressed"


def test_private_addresses_are_refused_unless_they_are_allowed(here: Site) -> None:
    here.add("/", "<p>secret")
    with WebClient(limits=QUICK) as client:
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f.1"):
            assert "not a public one" in refusal(client, here.url("/", host)), host
    assert here.asked == []


def test_a_name_that_leads_to_a_private_address_is_refused(here: Site) -> None:
    with WebClient(limits=QUICK, resolve=answering("127.0.0.1")) as client:
        assert "a.example has the address 127.0.0.1" in refusal(client, here.url("/", "a.example"))
    assert here.asked == []


def test_the_connection_goes_to_the_address_that_was_checked_whatever_the_next_look_up_says(here: Site) -> None:
    here.add("/", "<p>secret")
    resolve = answering("192.0.2.1", "127.0.0.1")
    with WebClient(
        limits=FetchLimits(connect_seconds=0.2, pause_seconds=0), resolve=resolve, allow_private=True
    ) as client:
        refusal(client, here.url("/", "a.example"))
    assert here.asked == []


def test_each_redirect_is_checked(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    here.answers["/"] = Answer(status=302, headers={"Location": f"http://inner.example:{here.port}/secret"})
    here.add("/secret", "<p>secret")
    monkeypatch.setattr(
        "wherefrom.index.fetching.addresses.is_public", lambda address: address == ip_address("127.0.0.1")
    )
    resolve = answering("127.0.0.1", "10.0.0.1")
    with WebClient(limits=QUICK, resolve=resolve) as client:
        assert "inner.example has the address 10.0.0.1" in refusal(client, here.url("/", "outer.example"))
    assert here.asked == ["/"]


def test_redirects_are_followed_up_to_a_number_and_only_to_the_web(here: Site) -> None:
    here.add("/end", "<p>here")
    for number in range(6):
        here.answers[f"/{number}"] = Answer(status=301, headers={"Location": f"/{number + 1}"})
    here.answers["/5"] = Answer(status=308, headers={"Location": "end#part"})
    here.answers["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    here.answers["/file"] = Answer(status=302, headers={"Location": "file:///etc/passwd"})
    here.answers["/bad"] = Answer(status=302, headers={"Location": "http://[bad"})
    checked: list[str] = []
    with WebClient(limits=QUICK, allow_private=True) as client:
        response = client.get(here.url("/1"), check=checked.append)
        assert (response.url, response.raw) == (here.url("/end"), b"<p>here")
        assert checked == [*(here.url(f"/{number}") for number in range(1, 6)), here.url("/end#part")]
        assert refusal(client, here.url("/0")) == "it was redirected more than 5 times"
        assert refusal(client, here.url("/loop")) == "it was redirected more than 5 times"
        assert "only http and https" in refusal(client, here.url("/file"))
        assert "no address" in refusal(client, here.url("/bad"))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        *((url, "only http and https") for url in ("file:///etc/passwd", "ftp://a.example/", "gopher://a.example/1")),
        *((url, "it names no host") for url in ("http://", "https://", "http:///a")),
    ],
)
def test_only_the_web_is_fetched(url: str, reason: str) -> None:
    with WebClient(limits=QUICK) as client:
        assert reason in refusal(client, url)


def test_an_address_with_a_password_is_refused() -> None:
    with WebClient(limits=QUICK) as client:
        assert "password" in refusal(client, "http://user:word@a.example/")


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(here: Site) -> None:
    url = here.add("/", b"0" * 2_000, drip=0.05)
    limits = FetchLimits(connect_seconds=5, read_seconds=5, total_seconds=0.5, pause_seconds=0)
    with WebClient(limits=limits, allow_private=True) as client:
        assert refusal(client, url) == "fetching it takes longer than 0.5 s"


def test_a_host_that_cannot_be_reached_is_named() -> None:
    with WebClient(limits=QUICK, allow_private=True) as client:
        assert refusal(client, "http://127.0.0.1:1/").startswith("127.0.0.1 cannot be reached: ")


def test_a_host_is_asked_again_only_after_a_pause(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    url = here.add("/", "<p>here")
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with WebClient(limits=FetchLimits(pause_seconds=7), allow_private=True) as client:
        client.get(url)
        client.get(url, pause=lambda _: 0.0)
        client.get(url, pause=lambda _: 20.0)
    assert [round(seconds, -1) for seconds in slept] == [10, 20]


def test_the_pause_is_that_of_the_address_to_which_a_server_refers(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    here.answers["/old"] = Answer(status=301, headers={"Location": here.url("/new", host="localhost")})
    here.add("/new", "<p>here")
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    pauses = {here.url("/old"): 0.0, here.url("/new", host="localhost"): 20.0}
    with WebClient(limits=QUICK, allow_private=True) as client:
        for _ in range(2):
            client.get(here.url("/old"), pause=pauses.__getitem__)
    assert [round(seconds, -1) for seconds in slept] == [0, 20]
