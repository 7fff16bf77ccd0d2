"""Web pages that a browser saved with their resources (MHTML): the page is an article."""

from collections.abc import Iterator
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import field_values, limits
from wherefrom.index.sources.containers.declared_charset import text_bytes
from wherefrom.index.sources.containers.mail.mime import Part, parameters, parse_message
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import Given, RawSource

PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))


def read_saved_page(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the page with the URL it was saved from. Raise SourceRejected if there is none.

    Pictures and style sheets are not read; pages in frames are counted in a note. Date and subject of the header are
    not used: they are the time of saving and the page's title, which the page itself has.
    """
    raw = file.read(limits.MAX_SOURCE_BYTES + 1)
    if len(raw) > limits.MAX_SOURCE_BYTES:
        raise SourceRejected(source, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes")
    message, _ = parse_message(raw)
    pages = [part for part in _parts(message) if part.media_type in PAGE_TYPES]
    page = _root(message, pages)
    content = None if page is None else page.content()
    if page is None or content is None:
        raise SourceRejected(source, "this saved page holds no HTML")
    url = message.headers.get("snapshot-content-location") or page.headers.get("content-location")
    yield RawSource(
        name=source,
        raw=text_bytes(content, page.charset),
        media_type="text/html",
        given=Given(url=field_values.url(url)),
    )
    if len(pages) > 1:
        yield SourceNote(source=source, text=f"pages in frames that are not read: {len(pages) - 1}")


def _root(message: Part, pages: list[Part]) -> Part | None:
    """Return the page that a message declares as its root, else its first page, or `None`."""
    start = parameters(message.headers.get("content-type", "")).get("start")
    named = (page for page in pages if start and page.headers.get("content-id", "").strip() == start.strip())
    return next(named, pages[0] if pages else None)


def _parts(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _parts(child)
