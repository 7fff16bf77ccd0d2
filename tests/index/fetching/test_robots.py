"""What a site's robots.txt forbids is not fetched."""

from collections.abc import Iterator

import pytest

from tests.support.servers.sites import Answer, Site, site
from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching.robots import Robots
from wherefrom.index.fetching.web_client import FetchLimits, WebClient

QUICK = FetchLimits(connect_seconds=5, read_seconds=5, total_seconds=30, pause_seconds=0)
RULES = """
User-agent: *
Disallow: /

User-agent: Wherefrom
Crawl-delay: 3
Disallow: /private/
Allow: /private/*.html$
"""


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def robots() -> Iterator[Robots]:
    with WebClient(limits=QUICK, allow_private=True) as client:
        yield Robots(client)


def is_allowed(robots: Robots, url: str) -> bool:
    try:
        robots.check(url)
    except SourceRejected as error:
        return "robots.txt" not in error.reason
    return True


def test_the_rules_for_wherefrom_hold(here: Site, robots: Robots) -> None:
    here.add("/robots.txt", RULES, "text/plain")
    assert is_allowed(robots, here.url("/a"))
    assert not is_allowed(robots, here.url("/private/a"))
    assert is_allowed(robots, here.url("/private/a.html"))
    assert robots.pause(here.url("/a")) == 3
    assert here.asked == ["/robots.txt"]


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
def test_a_site_without_rules_allows_all_and_one_that_fails_nothing(here: Site, robots: Robots, status: int) -> None:
    here.answers["/robots.txt"] = Answer(status=status)
    assert is_allowed(robots, here.url("/a")) is (status < 500)


def test_a_host_that_cannot_be_reached_is_named_and_not_its_robots_txt(robots: Robots) -> None:
    with pytest.raises(SourceRejected) as refused:
        robots.check("http://127.0.0.1:1/a")
    assert refused.value.reason == "127.0.0.1 cannot be reached: Connection refused"
    with WebClient(limits=QUICK) as client, pytest.raises(SourceRejected) as refused:
        Robots(client).check("http://localhost:1/a")
    assert refused.value.reason.startswith("localhost has the address ")


def test_a_pause_has_a_limit(here: Site, robots: Robots) -> None:
    here.add("/robots.txt", "User-agent: *\nCrawl-delay: 86400", "text/plain")
    assert robots.pause(here.url("/a")) == 30
