"""Fetches the articles at a web address: the page itself, or the pages that a feed or a sitemap links to."""

from collections import deque
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import cast

from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching.link_lists import LinkList, decompressed, link_list
from wherefrom.index.fetching.robots import Robots
from wherefrom.index.fetching.web_client import WebClient, WebResponse
from wherefrom.index.sources.containers.declared_charset import text_bytes
from wherefrom.index.sources.extractors.registry import is_extracted
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import Given, MediaType, RawSource

MAX_PAGES = 1_000
"""Default maximum number of pages of one feed or sitemap."""
MAX_SITEMAPS = 100
"""Maximum number of sitemaps that are read from one sitemap index, directly or indirectly."""
HTML_TYPES = frozenset(("text/html", "application/xhtml+xml"))
UNTOLD_TYPES = frozenset((None, "text/plain", "application/octet-stream"))
"""Media types that servers send for files of unknown type."""
OK = 200
BUSY = (429, 503)
MAX_RETRY_SECONDS = 60.0
"""Maximum time for which a server that has too many requests is waited for."""
NOT_FOR_ALL = (401, 402, 403)
"""The statuses of pages that need a password or a subscription, or that sites refuse to programs."""


class WebArticles:
    """Fetches articles from the web, one request at a time."""

    def __init__(
        self, client: WebClient, *, max_pages: int = MAX_PAGES, on_total: Callable[[int], None] | None = None
    ) -> None:
        """Call `on_total` with the number of pages that will be fetched from a feed or a sitemap."""
        self._client = client
        self._robots = Robots(client)
        self._max_pages = max_pages
        self._on_total = on_total

    def at(self, url: str) -> Iterator[ReadResult]:
        """Yield the articles at an address, the rejections, and notes on omissions.

        The source of an article is the bytes that the server sent; its name and `url` are the address after redirects.
        The articles of a feed are the pages it links to, since the text in the feed itself is often cut short.
        """
        try:
            response = self._get(url)
            raw = decompressed(response.raw, url, self._client.limits.max_bytes)
            listed = link_list(raw, response.url)
            if listed is None:
                yield self._article(response, url)
                return
        except SourceRejected as error:
            yield error
            return
        if listed.unlinked:
            yield SourceNote(source=url, text=f"{listed.unlinked:,} of its entries have no link, and are left out")
        pages = dict.fromkeys(listed.pages)
        for result in self._pages_of_sitemaps(listed.sitemaps):
            if isinstance(result, SourceRejected | SourceNote):
                yield result
            else:
                pages.update(dict.fromkeys(result))
        yield from self._pages(url, list(pages))

    def _pages_of_sitemaps(self, sitemaps: tuple[str, ...]) -> Iterator[tuple[str, ...] | SourceRejected | SourceNote]:
        """Yield the pages of each sitemap and of the sitemaps that these list."""
        waiting, seen = deque(sitemaps), set(sitemaps)
        read = 0
        while waiting:
            url = waiting.popleft()
            if read == MAX_SITEMAPS:
                yield SourceNote(source=url, text=f"it and {len(waiting):,} further sitemaps are left out")
                return
            read += 1
            listed = self._list_at(url)
            if isinstance(listed, SourceRejected):
                yield listed
                continue
            waiting.extend(each for each in listed.sitemaps if each not in seen)
            seen.update(listed.sitemaps)
            yield listed.pages

    def _list_at(self, url: str) -> LinkList | SourceRejected:
        try:
            response = self._get(url)
            raw = decompressed(response.raw, url, self._client.limits.max_bytes)
        except SourceRejected as error:
            return error
        return link_list(raw, response.url) or SourceRejected(url, "it is not a sitemap")

    def _pages(self, url: str, pages: list[str]) -> Iterator[ReadResult]:
        if len(pages) > self._max_pages:
            left_out = len(pages) - self._max_pages
            text = (
                f"it lists {len(pages):,} pages; the last {left_out:,} are left out: --max-pages is {self._max_pages:,}"
            )
            yield SourceNote(source=url, text=text)
            pages = pages[: self._max_pages]
        if not pages:
            yield SourceRejected(url, "it lists no page")
        if self._on_total:
            self._on_total(len(pages))
        for page in pages:
            try:
                yield self._article(self._get(page), page)
            except SourceRejected as error:
                yield error

    def _get(self, url: str) -> WebResponse:
        """Return a successful response; a server that asks to come back soon is asked once more."""
        response = self._request(url)
        if _asks_to_wait(response):
            response = self._request(url)
        if response.status != OK:
            seconds = response.retry_seconds if response.status in BUSY else None
            later = "" if seconds is None else f", and asks to come back in {seconds:,.0f} s"
            raise SourceRejected(url, f"the server answered {_status(response.status)}{later}")
        return response

    def _request(self, url: str) -> WebResponse:
        """Return a response; the next request to a server that asks to come back soon waits for it."""
        response = self._client.get(url, check=self._robots.check, pause=self._robots.pause)
        if _asks_to_wait(response):
            self._client.hold(response.url, response.retry_seconds or 0.0)
        return response

    def _article(self, response: WebResponse, url: str) -> RawSource:
        """Return the article of a response. Raise SourceRejected if it is empty or has an unsupported media type."""
        if not response.raw:
            raise SourceRejected(url, "the server sent nothing")
        raw, media_type = response.raw, response.media_type
        known: MediaType | None
        if is_extracted(media_type):
            known = cast("MediaType", media_type)
        elif media_type in HTML_TYPES or media_type in UNTOLD_TYPES:
            known = "text/html" if media_type in HTML_TYPES else None
            raw = text_bytes(raw, response.charset)
        else:
            reason = f"it is {media_type}, which is not read from the web; save it as a file, and index that"
            raise SourceRejected(url, reason)
        return RawSource(name=response.url, raw=raw, media_type=known, given=Given(url=response.url))


def _asks_to_wait(response: WebResponse) -> bool:
    seconds = response.retry_seconds
    return response.status in BUSY and seconds is not None and seconds <= MAX_RETRY_SECONDS


def _status(status: int) -> str:
    """Return a status with its name and, if a reader in a browser may get the page nevertheless, what to do."""
    try:
        name = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
    return f"{name}; if your browser shows the page, save it, and index the file" if status in NOT_FOR_ALL else name
