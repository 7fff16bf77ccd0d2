"""RSS and Atom feeds: each entry is an article, with its title, URL, authors and date."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import TYPE_CHECKING, BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import field_values, limits
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.read_result import ReadResult, SourceCutShort, SourceNote
from wherefrom.index.types import Given, RawSource

if TYPE_CHECKING:
    from lxml import etree

ENTRIES = frozenset(("item", "entry"))
ROOTS = frozenset(("rss", "feed", "rdf"))
CONTENT = ("encoded", "content", "fulltext")
SUMMARY = ("description", "summary", "abstract")
DATES = ("pubdate", "published", "date", "issued", "created")
MIN_ARTICLE_WORDS = 100
"""Minimum number of words of a summary that is not a teaser; text in a content element is never one."""
CUT_SHORT = re.compile(
    r"(?:\[?(?:\u2026|\.\.\.|&#8230;|&hellip;|&#x2026;)\]?"
    r"|\b(?:continue reading|read more|read the rest|weiterlesen|lire la suite|leer más))"
    r"[\s\u2192\u00bb.]{0,5}(?:</[a-z]{1,10}>\s*)*\Z",
    re.IGNORECASE,
)
MARKUP = re.compile(r"<[a-zA-Z!/][^<>]{0,2000}>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
TAG = re.compile(r"<[^<>]{0,2000}>")
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
NAMED_REFERENCE = re.compile(r"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|&([A-Za-z][A-Za-z0-9]{1,31};)", re.DOTALL)
XML_REFERENCES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MAX_ERROR_CHARACTERS = 200


def read_feed(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the articles of a feed, each named by its position, from 1. Raise SourceRejected if it is not a feed."""
    raw = file.read(limits.MAX_SOURCE_BYTES + 1)
    if len(raw) > limits.MAX_SOURCE_BYTES:
        raise SourceRejected(source, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes")
    decoded = decode(raw, source=source)
    root, problem = _parse(decoded.text, source)
    if _local_name(root) not in ROOTS:
        raise SourceRejected(
            source, f"this is XML with the root {_local_name(root)!r}; only feeds (RSS, Atom) are read"
        )
    feed_title = _feed_title(root)
    entries = [element for element in root.iter() if _local_name(element) in ENTRIES]
    is_cut = not re.search(
        r"</(?:\w{1,20}:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)?\Z", decoded.text[-2000:], re.IGNORECASE | re.DOTALL
    )
    for number, element in enumerate(entries, 1):
        name = f"{source}:{number}"
        if is_cut and number == len(entries):
            yield SourceCutShort(name, "the file ends within or after this entry, which is left out; get it again")
        else:
            try:
                yield _article(element, name, feed_title)
            except SourceRejected as error:
                yield error
    if problem and not is_cut:
        yield SourceNote(
            source=source, text=f"its XML is not well formed, so that entries may be incomplete: {problem}"
        )


def _parse(text: str, source: str) -> tuple["etree._Element", str | None]:
    """Return the root of a document, and its first XML error or `None`; entities it declares are not resolved."""
    from lxml import etree  # noqa: PLC0415 - loaded with the first feed

    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_pis=True
    )
    clean = NOT_XML.sub(
        " ", NAMED_REFERENCE.sub(_numeric, XML_DECLARATION.sub("", text.removeprefix("\ufeff"), count=1))
    )
    try:
        root = etree.fromstring(clean.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise SourceRejected(source, f"it is not XML: {error}") from error
    if root is None:
        raise SourceRejected(source, "it is not XML")
    errors = [entry for entry in parser.error_log if entry.domain_name != "NAMESPACE"]
    problem = f"line {errors[0].line}, {errors[0].message.strip()}"[:MAX_ERROR_CHARACTERS] if errors else None
    return root, problem


def _numeric(reference: re.Match[str]) -> str:
    """Return a named reference of HTML in its numeric form, since XML does not define the name."""
    name = reference[1]
    if name is None or name in XML_REFERENCES or name not in html5:
        return reference[0]
    return "".join(f"&#{ord(char)};" for char in html5[name])


def _article(element: "etree._Element", name: str, feed_title: str | None) -> RawSource:
    children: dict[str, list[etree._Element]] = {}
    for child in element:
        children.setdefault(_local_name(child), []).append(child)
    body, is_summary = _body(children)
    if body is None:
        raise SourceRejected(name, "this entry has neither content nor a summary")
    words = len(TAG.sub(" ", body).split())
    url = _link(children, element)
    warnings = []
    if (is_summary and words < MIN_ARTICLE_WORDS) or CUT_SHORT.search(body[-500:].rstrip()):
        place = f"; the article is at {url}" if url else ""
        warnings.append(f"the feed has only a teaser of {words:,} words{place}")
    extra = {"feed": feed_title} if feed_title else {}
    return RawSource(
        name=name,
        raw=body.encode("utf-8", "replace"),
        media_type="text/html" if MARKUP.search(body) else "text/plain",
        document_id=None if url else _text(children, "guid", "id"),
        given=Given(
            title=field_values.title(_text(children, "title")),
            url=url,
            authors=_authors(children),
            published=next(filter(None, (field_values.day(_text(children, date)) for date in DATES)), None),
            extra=extra,
        ),
        warnings=tuple(warnings),
    )


def _body(children: dict[str, list["etree._Element"]]) -> tuple[str | None, bool]:
    """Return the longest content of an entry, else its longest summary, and whether it is a summary."""
    for names, is_summary in ((CONTENT, False), (SUMMARY, True)):
        texts = [_inner(child) for name in names for child in children.get(name, ()) if not child.get("src")]
        longest = max(texts, key=len, default="")
        if longest.strip():
            return longest, is_summary
    return None, False


def _inner(element: "etree._Element") -> str:
    """Return the content of an element: its text, in which markup was escaped, or its child elements as markup."""
    from lxml import etree  # noqa: PLC0415

    if not len(element):
        return element.text or ""
    for each in element.iter():
        if isinstance(each.tag, str):
            each.tag = _local_name(each)
    etree.cleanup_namespaces(element)
    parts = [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join([element.text or "", *parts])


def _text(children: dict[str, list["etree._Element"]], *names: str) -> str | None:
    for name in names:
        for child in children.get(name, ()):
            text = " ".join("".join(child.itertext()).split())
            if text:
                return text
    return None


def _link(children: dict[str, list["etree._Element"]], element: "etree._Element") -> str | None:
    """Return the URL of an entry's page, or `None`."""
    links = children.get("link", ())
    about = next((value for key, value in element.attrib.items() if str(key).endswith("}about")), None)
    permalink = [each.text for each in children.get("guid", ()) if each.get("isPermaLink", "true").lower() == "true"]
    candidates = [
        *(each.get("href") for each in links if each.get("rel", "alternate") == "alternate"),
        *(each.text for each in links),
        *permalink,
        about,
    ]
    return next(filter(None, map(field_values.url, candidates)), None)


def _authors(children: dict[str, list["etree._Element"]]) -> tuple[str, ...]:
    """Return the names of an entry's authors; RSS has "address (name)", and an address alone is no name."""
    names: list[str] = []
    for child in (*children.get("creator", ()), *children.get("author", ())):
        parts = [part for part in child if _local_name(part) == "name"]
        text = " ".join("".join((parts[0] if parts else child).itertext()).split())
        in_brackets = re.search(r"@[^()]{0,200}\(([^()]{1,200})\)", text)
        names += field_values.authors(in_brackets[1] if in_brackets else text) or ()
    return tuple(dict.fromkeys(names))


def _feed_title(root: "etree._Element") -> str | None:
    parents = [root, *(child for child in root if _local_name(child) == "channel")]
    titles = (child for parent in parents for child in parent if _local_name(child) == "title")
    return next(filter(None, (field_values.title("".join(title.itertext())) for title in titles)), None)


def _local_name(element: "etree._Element") -> str:
    """Return an element's name in lower case without its namespace; empty for a comment or a reference."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
