"""The rules of a site's robots.txt (RFC 9309)."""

from protego import Protego

from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching.addresses import HostUnreachable
from wherefrom.index.fetching.web_client import AGENT, WebClient, checked_url

MAX_BYTES = 512 * 1024
MAX_PAUSE_SECONDS = 30.0
"""Maximum pause in seconds between requests that a site can request."""
CLIENT_ERRORS = range(400, 500)
OK = range(200, 300)
ALLOWS_ALL = Protego.parse("")
Rules = Protego | str | HostUnreachable
"""The rules of a site, or the reason why they cannot be read."""


class Robots:
    """The rules of sites, read once per site."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._rules: dict[str, Rules] = {}

    def check(self, url: str) -> None:
        """Raise SourceRejected if the site's robots.txt disallows an address or cannot be read."""
        rules = self._rules_of(url)
        if isinstance(rules, HostUnreachable):
            raise SourceRejected(url, rules.reason)
        if isinstance(rules, str):
            raise SourceRejected(url, f"the site's robots.txt cannot be read, so nothing is fetched from it: {rules}")
        if not rules.can_fetch(url, AGENT):
            raise SourceRejected(url, "the site's robots.txt does not allow it")

    def pause(self, url: str) -> float:
        """Return the pause in seconds that a site requests between requests, 0 without one."""
        rules = self._rules_of(url)
        asked = rules.crawl_delay(AGENT) if isinstance(rules, Protego) else None
        return min(float(asked or 0.0), MAX_PAUSE_SECONDS)

    def _rules_of(self, url: str) -> Rules:
        """Return a site's rules."""
        site = checked_url(url, url).copy_with(raw_path=b"/robots.txt")
        key = f"{site.scheme}://{site.netloc.decode('ascii')}"
        if key not in self._rules:
            self._rules[key] = self._read(str(site))
        return self._rules[key]

    def _read(self, url: str) -> Rules:
        try:
            response = self._client.get(url, max_bytes=MAX_BYTES)
        except HostUnreachable as error:
            return error
        except SourceRejected as error:
            return error.reason
        if response.status in CLIENT_ERRORS:
            return ALLOWS_ALL
        if response.status not in OK:
            return f"the server answered {response.status}"
        return Protego.parse(response.raw.decode("utf-8", "replace"))
