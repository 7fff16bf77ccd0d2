"""The links of feeds and sitemaps are found; other pages are no lists."""

import gzip

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.fetching.link_lists import LinkList, decompressed, link_list

URL = "https://a.example/lists/all.xml"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><link>https://a.example/</link>
<item><title>One</title><link> https://a.example/1 </link></item>
<item><guid>https://a.example/2</guid></item>
<item><guid isPermaLink="false">https://a.example/no</guid><description>Three</description></item>
<item><link>/4</link></item><item><link>https://a.example/1</link></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.example/"/>
<entry><link rel="self" href="https://a.example/no"/><link href="1.html"/></entry>
<entry><link rel="alternate" href="https://b.example/2"/></entry></feed>"""
BASED = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/2024/">
<entry xml:base="may/"><link href="1.html"/></entry>
<entry><link href="2.html"/></entry><entry><link href="/3.html"/></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><link>https://a.example/</link></channel><item><link>https://a.example/1</link></item></rdf:RDF>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://a.example/1 </loc></url>
<url><loc>https://a.example/2</loc><image:image xmlns:image="x"><image:loc>https://a.example/2.jpg</image:loc></image:image>
</url></urlset>"""
SITEMAPS = b"""<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (RSS, LinkList(pages=("https://a.example/1", "https://a.example/2", "https://a.example/4"), unlinked=1)),
        (ATOM, LinkList(pages=("https://a.example/lists/1.html", "https://b.example/2"))),
        (
            BASED,
            LinkList(
                pages=("https://a.example/2024/may/1.html", "https://a.example/2024/2.html", "https://a.example/3.html")
            ),
        ),
        (RDF, LinkList(pages=("https://a.example/1",))),
        (SITEMAP, LinkList(pages=("https://a.example/1", "https://a.example/2"))),
        (SITEMAPS, LinkList(pages=(), sitemaps=("https://a.example/1.xml.gz",))),
        (b"<html><head><title>About &lt;rss&gt;</title><p>Text", None),
        (b"<!doctype html><p>The tags <rss and <feed> are XML", None),
        (b"The report was filed on Tuesday.", None),
        (b"", None),
        (b"<rss", LinkList(pages=())),
    ],
    ids=["rss", "atom", "base", "rdf", "sitemap", "sitemaps", "page", "page about feeds", "text", "empty", "cut"],
)
def test_the_pages_of_a_list_are_found_in_order(raw: bytes, expected: LinkList | None) -> None:
    assert link_list(raw, URL) == expected


@pytest.mark.parametrize(
    ("raw", "pages"),
    [
        (b"<rss><item><link>//[a/1</link></item><item><link>/2</link></item></rss>", ("//[a/1", "https://a.example/2")),
        (b"<rss xml:base='//[a'><item><link>https://b.example/1</link></item></rss>", ("https://b.example/1",)),
        (b"<urlset><url><loc>//[a/1</loc></url></urlset>", ("//[a/1",)),
    ],
    ids=["link", "base", "sitemap"],
)
def test_a_link_that_cannot_be_read_keeps_no_other_out(raw: bytes, pages: tuple[str, ...]) -> None:
    assert link_list(raw, URL) == LinkList(pages=pages)


def test_entities_of_a_list_are_not_expanded() -> None:
    entities = b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    listed = link_list(entities + b"<rss><item><link>https://a.example/&a;</link></item></rss>", URL)
    assert listed is not None
    assert listed.pages in (("https://a.example/",), ())


def test_a_compressed_list_is_decompressed_up_to_a_limit() -> None:
    assert decompressed(gzip.compress(SITEMAP), URL, 10_000) == SITEMAP
    assert decompressed(SITEMAP, URL, 10) == SITEMAP
    for raw in (gzip.compress(b"0" * 10_001), gzip.compress(SITEMAP)[:-20], b"\x1f\x8bnot"):
        with pytest.raises(SourceRejected):
            decompressed(raw, URL, 10_000)
