"""Each entry of a feed is an article; broken XML and teasers are told."""

import io
from datetime import date

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.feeds import read_feed
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import RawSource

LONG = "The harbour authority of Southport will close its northern quay for eleven months. " * 20


def read(raw: str | bytes) -> list[ReadResult]:
    return list(read_feed(io.BytesIO(raw if isinstance(raw, bytes) else raw.encode()), "feed.xml"))


def rss(*items: str) -> str:
    return (
        f"<rss><channel><title>The Courier</title>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def only(raw: str | bytes) -> RawSource:
    (article,) = read(raw)
    assert isinstance(article, RawSource)
    return article


def test_the_content_is_taken_before_the_summary() -> None:
    content = f"<content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>"
    content = f"<content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>"
    item = f"<title>Quay</title><description>A teaser.</description>{content}"
    article = only(rss(item))
    assert (article.raw.decode(), article.media_type, article.warnings) == (f"<p>{LONG}</p>", "text/html", ())
    assert article.given.extra == {"feed": "The Courier"}


def test_a_teaser_has_a_warning_with_the_address_of_the_article() -> None:
    article = only(rss("<description>The quay closes.</description><link>https://c.example/1</link>"))
    assert article.warnings == ("the feed has only a teaser of 3 words; the article is at https://c.example/1",)
    assert only(rss(f"<description>{LONG} Read more</description>")).warnings != ()
    assert only(rss(f"<description>{LONG}</description>")).warnings == ()


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("<author>mara@courier.example (Mara Lind)</author>", ("Mara Lind",)),
        ("<author>mara@courier.example</author>", ()),
        ("<dc:creator>Mara Lind and Ole Grund</dc:creator>", ("Mara Lind", "Ole Grund")),
        ("<author><name>Mara Lind</name><email>m@c.example</email></author>", ("Mara Lind",)),
    ],
)
def test_authors_are_names(author: str, names: tuple[str, ...]) -> None:
    assert only(rss(f"<description>{LONG}</description>{author}")).given.authors == names


def test_atom_has_the_date_of_publication_and_not_of_the_update() -> None:
    title = "<title type='html'>Quay &amp;amp; dock</title><updated>2024-05-01T00:00:00Z</updated>"
    title = "<title type='html'>Quay &amp;amp; dock</title><updated>2024-05-01T00:00:00Z</updated>"
    entry = f"{title}{{}}<content>{LONG}</content>"
    feed = "<feed xmlns='http://www.w3.org/2005/Atom'><entry>{}</entry></feed>"
    assert only(feed.format(entry.format(""))).given.published is None
    article = only(feed.format(entry.format("<published>2024-03-04T23:30:00-05:00</published>")))
    assert (article.given.published, article.given.title) == (date(2024, 3, 4), "Quay & dock")


def test_xhtml_content_is_markup() -> None:
    content = f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{LONG}</p></div></content>"
    article = only(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{content}</entry></feed>")
    assert article.media_type == "text/html"
    assert f"<p>{LONG}</p>" in article.raw.decode()
    assert "xmlns:" not in article.raw.decode()


def test_references_of_html_and_control_characters_do_not_break_a_feed() -> None:
    article = only(rss(f"<title>Quay&nbsp;one &mdash; two\x0b</title><description>{LONG}</description>"))
    assert article.given.title == "Quay one — two"


def test_entities_of_a_feed_are_not_resolved() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    results = read(bomb + rss(f"<title>&b;&f;</title><description>{LONG} &b;&f;</description>"))
    assert not any("root:" in str(result) or "aaaa" in str(result) for result in results)


def test_a_feed_that_is_cut_short_loses_its_last_entry_and_says_so() -> None:
    whole = rss(*(f"<description>{LONG} {number}</description>" for number in range(3)))
    results = read(whole[: -len("</description></item></channel></rss>") - 10])
    assert [type(result) is RawSource for result in results] == [True, True, False]
    assert "ends within" in str(results[-1])


def test_broken_xml_is_told_and_the_entries_are_read() -> None:
    results = read(rss(f"<description>{LONG}</description><b>", f"<description>{LONG} Two.</description>"))
    assert any(isinstance(result, RawSource) for result in results)
    assert any(isinstance(result, SourceNote) and "not well formed" in result.text for result in results)


@pytest.mark.parametrize("raw", ["<urlset><url/></urlset>", "<svg/>", "no xml at all"])
def test_other_xml_is_rejected(raw: str) -> None:
    with pytest.raises(SourceRejected):
        read(raw)


def test_an_entry_without_text_costs_no_other() -> None:
    first, second = read(rss("<title>Only a title</title>", f"<description>{LONG}</description>"))
    assert isinstance(first, SourceRejected)
    assert isinstance(second, RawSource)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16"])
def test_the_encoding_of_a_feed_is_detected(encoding: str) -> None:
    item = f"<description>Fissures trouvées à l'été. {LONG}</description>"
    item = f"<description>Fissures trouvées à l'été. {LONG}</description>"
    feed = f'<?xml version="1.0" encoding="{encoding}"?>' + rss(item)
    assert "trouvées à l'été" in only(feed.encode(encoding)).raw.decode()


def test_reading_is_linear() -> None:
    items = [f"<description>{LONG} <![CDATA[ &nbsp;</description>"] * 40
    assert grows_linearly(read, rss(*items), rss(*items, *items))
