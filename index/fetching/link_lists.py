"""Lists of pages: the links of a feed or a sitemap."""

import gzip
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import GZIP_MAGIC

if TYPE_CHECKING:
    from lxml import etree

FEEDS = frozenset(("rss", "feed", "rdf"))
ENTRIES = frozenset(("item", "entry"))
MAX_PROLOG_BYTES = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList:
    """The pages and further sitemaps that a feed or a sitemap lists; `unlinked` counts feed entries without a link."""

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...] = ()
    unlinked: int = 0


def decompressed(raw: bytes, url: str, max_bytes: int) -> bytes:
    """Return the decompressed content of a gzip file, and other bytes unchanged.

    Raise SourceRejected if it cannot be decompressed or has more than `max_bytes`.
    """
    if not raw.startswith(GZIP_MAGIC):
        return raw
    try:
        content = gzip.GzipFile(fileobj=BytesIO(raw)).read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceRejected(url, f"it cannot be decompressed: {error}") from error
    if len(content) > max_bytes:
        raise SourceRejected(url, f"it has more than {max_bytes:,} bytes once it is decompressed")
    return content


def link_list(raw: bytes, url: str) -> LinkList | None:
    """Return the distinct links of a feed or a sitemap, in order; `None` if the bytes are neither."""
    start = raw[:MAX_PROLOG_BYTES].lower()
    if not any(
        f"<{name}".encode() in start for name in ("rss", "feed", "rdf:rdf", "urlset", "sitemapindex", "atom:feed")
    ):
        return None
    from lxml import etree  # noqa: PLC0415 - most pages are no lists

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(raw, parser, base_url=url)
    except (etree.XMLSyntaxError, ValueError):
        return None
    kind = "" if root is None else _name(root)
    if kind == "urlset":
        return LinkList(pages=_locations(root, url))
    if kind == "sitemapindex":
        return LinkList(pages=(), sitemaps=_locations(root, url))
    if kind not in FEEDS:
        return None
    links = [_link(entry) for entry in root.iter() if _name(entry) in ENTRIES]
    pages = dict.fromkeys(link for link in links if link)
    return LinkList(pages=tuple(pages), unlinked=sum(link is None for link in links))


def _locations(root: "etree._Element", url: str) -> tuple[str, ...]:
    found = (element.text for entry in root for element in entry if _name(element) == "loc")
    return tuple(dict.fromkeys(_joined(url, text.strip()) for text in found if text and text.strip()))


def _joined(base: str, link: str) -> str:
    """Return the address that a link refers to; one that cannot be read is returned as it is, and refused later."""
    try:
        return str(urljoin(base, link))
    except ValueError:
        return link


def _link(entry: "etree._Element") -> str | None:
    """Return the address of the page of a feed entry, `None` if it has none; a link is relative to its `xml:base`."""
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            link = (child.get("href") or child.text or "").strip()
            if link:
                return _joined(child.base or "", link)
    for child in entry:
        if _name(child) == "guid" and child.get("isPermaLink", "true").lower() == "true":
            link = (child.text or "").strip()
            if link.lower().startswith(("http://", "https://")):
                return link
    return None


def _name(element: "etree._Element") -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
