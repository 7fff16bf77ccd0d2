"""A page, a feed or a sitemap of a real server becomes documents that can be cited; fetched again, nothing changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from tests.support.servers.sites import Answer, Site, site
from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching.web_articles import WebArticles
from wherefrom.index.fetching.web_client import FetchLimits, WebClient
from wherefrom.index.ingest import FileResult, Ingestion
from wherefrom.index.library import Library
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import RawSource

QUICK = FetchLimits(connect_seconds=5, read_seconds=5, total_seconds=30, max_bytes=100_000, pause_seconds=0)


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def web() -> Iterator[WebArticles]:
    with WebClient(limits=QUICK, allow_private=True) as client:
        yield WebArticles(client, max_pages=3)


def page(seed: int) -> str:
    paragraphs = "".join(f"<p>{line}</p>\n" for line in prose(seed).decode().splitlines() if line)
    return f"<!doctype html><title>Report {seed}</title><article><h1>Report {seed}</h1>{paragraphs}</article>"


def names(results: Iterator[ReadResult]) -> list[str]:
    return [result.name if isinstance(result, RawSource) else f"- {result.source}" for result in results]


def index(library: Library, web: WebArticles, url: str) -> list[FileResult]:
    return list(Ingestion(library, []).fetched(web.at(url), url))


def test_a_page_is_a_document_of_the_bytes_that_were_sent(here: Site, web: WebArticles, tmp_path: Path) -> None:
    url = here.add("/story", page(1))
    here.answers["/old"] = Answer(status=301, headers={"Location": "/story#top"})
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        assert [result.change for result in index(library, web, here.url("/old"))] == ["added"]
        assert [result.change for result in index(library, web, url)] == ["unchanged"]
        (summary,) = library.documents()
        assert (summary.url, summary.source, summary.media_type) == (url, url, "text/html")
        assert library.raw(summary.document_id) == page(1).encode()
        here.add("/story", page(2))
        assert [result.change for result in index(library, web, url)] == ["updated"]
        assert [each.document_id for each in library.documents()] == [summary.document_id]
        assert library.verify().mismatches == ()
        assert list(Ingestion(library, [], prune=True).gone()) == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_with_too_many_requests_is_asked_again_when_it_says(
    here: Site, web: WebArticles, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("wherefrom.index.fetching.web_client.time.sleep", waits.append)
    url = here.add("/story", page(1))
    here.first_answers["/story"] = [Answer(status=status, headers={"Retry-After": "30"})]
    assert names(web.at(url)) == [url]
    assert here.asked.count("/story") == 2
    assert 29 < max(waits) <= 30


@pytest.mark.parametrize(
    ("headers", "requests", "told"),
    [
        ({"Retry-After": "0"}, 2, ", and asks to come back in 0 s"),
        ({"Retry-After": "Thu, 01 Jan 2015 00:00:00 GMT"}, 2, ", and asks to come back in 0 s"),
        ({"Retry-After": "3600"}, 1, ", and asks to come back in 3,600 s"),
        ({"Retry-After": "soon"}, 1, ""),
        ({}, 1, ""),
    ],
)
def test_a_server_that_stays_busy_is_told_with_its_time(
    here: Site, web: WebArticles, headers: dict[str, str], requests: int, told: str
) -> None:
    here.answers["/story"] = Answer(status=429, headers=headers)
    (error,) = web.at(here.url("/story"))
    assert isinstance(error, SourceRejected)
    assert error.reason == f"the server answered 429 Too Many Requests{told}"
    assert here.asked.count("/story") == requests


def test_a_feed_is_the_pages_that_it_links_to(here: Site, web: WebArticles) -> None:
    for number in (1, 2):
        here.add(f"/{number}", page(number))
    items = "".join(f"<item><link>{here.url(f'/{number}')}</link></item>" for number in (1, 2, 3))
    feed = here.add("/feed", f"<rss><channel>{items}<item><title>No link</title></item></channel></rss>", "text/xml")
    assert names(web.at(feed)) == [f"- {feed}", here.url("/1"), here.url("/2"), f"- {here.url('/3')}"]


def test_a_sitemap_is_its_pages_up_to_a_number(here: Site, web: WebArticles) -> None:
    for number in range(5):
        here.add(f"/{number}", page(number))
    urls = "".join(f"<url><loc>{here.url(f'/{number}')}</loc></url>" for number in range(5))
    here.add("/map.xml", f"<urlset>{urls}</urlset>", "application/xml")
    listed = "".join(
        f"<sitemap><loc>{here.url(path)}</loc></sitemap>" for path in ("/map.xml", "/none.xml", "/all.xml")
    )
    everything = here.add("/all.xml", f"<sitemapindex>{listed}</sitemapindex>", "application/xml")
    results = list(web.at(everything))
    assert [result.name for result in results if isinstance(result, RawSource)] == [here.url(f"/{n}") for n in range(3)]
    (note,) = [result for result in results if isinstance(result, SourceNote)]
    assert note.text == "it lists 5 pages; the last 2 are left out: --max-pages is 3"
    refused = [result.source for result in results if isinstance(result, SourceRejected)]
    assert refused == [here.url("/none.xml")]


def test_what_robots_txt_forbids_is_not_asked_for(here: Site, web: WebArticles) -> None:
    here.add("/robots.txt", "User-agent: *\nDisallow: /private/", "text/plain")
    here.add("/private/story", page(1))
    here.answers["/open"] = Answer(status=302, headers={"Location": "/private/story"})
    forbidden = "the site's robots.txt does not allow it"
    for path, reason in (
        ("/private/story", forbidden),
        ("/open", f"it refers to {here.url('/private/story')}: {forbidden}"),
    ):
        (result,) = web.at(here.url(path))
        assert isinstance(result, SourceRejected)
        assert (result.source, result.reason) == (here.url(path), reason)
    assert "/private/story" not in here.asked


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"%PDF-", headers={"Content-Type": "image/png"}), "it is image/png, "),
        (Answer(b"", headers={"Content-Type": "text/html"}), "the server sent nothing"),
        (Answer(b"gone", status=410), "the server answered 410 Gone"),
        (Answer(b"pay", status=402), "the server answered 402 Payment Required; if your browser shows the page, save"),
        (Answer(b"busy", status=503), "the server answered 503 Service Unavailable"),
        (Answer(b"<urlset/>"), "it lists no page"),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(here: Site, web: WebArticles, answer: Answer, reason: str) -> None:
    here.answers["/a"] = answer
    (result,) = web.at(here.url("/a"))
    assert isinstance(result, SourceRejected)
    assert result.reason.startswith(reason)


def test_the_encoding_that_the_server_declares_counts(here: Site, web: WebArticles, tmp_path: Path) -> None:
    text = "Проєкт мосту через річку затвердили у понеділок, повідомив міський голова.\n\n" * 3
    url = here.add("/a", text.encode("koi8-u"), "text/plain; charset=KOI8-U")
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        index(library, web, url)
        (summary,) = library.documents()
        assert "Проєкт мосту" in library.paragraphs(summary.document_id)[0].text
        assert library.verify().mismatches == ()
