"""Plain texts: one article, an export of a press archive (Nexis, Factiva, ProQuest), or a sequence of stories.

Each of several articles is a range of bytes of the file, and named by it: `export.txt:1204-5310` has the bytes from
1204 up to, not including, 5310. The headers of an export, which are metadata, and its indexing terms are excluded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.press import factiva, nexis, proquest, story_sequence
from wherefrom.index.sources.containers.press.text_slice import TextSlice
from wherefrom.index.sources.encodings.encoding_detection import Decoded, decode
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource

READERS = (nexis.find_articles, factiva.find_articles, proquest.find_articles, story_sequence.find_articles)
MIN_BYTES = 200
"""Minimum size in bytes of a text that is searched for several articles."""
TRACES = re.compile(
    rb"(?i:document|dokument|full text:)|^HD\b|^[ \t*_]*(?i:by|von|par|por|di|door)[ \t]"
    rb"|(?:\* ?){3}|---|===|___|~~~|###|\0",
    re.MULTILINE,
)
"""Bytes of which each format has some: a text without them need not be decoded here."""

FRONT_MATTER = (b"---", b"+++", b"\xef\xbb\xbf---", b"\xef\xbb\xbf+++")
"""The first bytes of Markdown that declares its own metadata: it is one article."""


def read_text(raw: bytes, source: str) -> Iterator[ReadResult]:
    """Yield the articles of a text; a text in none of the formats with several is one article, named `source`."""
    decoded = _decoded(raw, source)
    if decoded is not None:
        for reader in READERS:
            slices = reader(decoded.text)
            if slices:
                yield from _articles(raw, decoded, slices, source)
                return
        title = story_sequence.digest_title(decoded.text)
        if title is not None:
            yield story_sequence.digest(raw, source, title)
            return
    yield RawSource(name=source, raw=raw)


def read_markdown(raw: bytes, source: str) -> Iterator[ReadResult]:
    """Yield the stories of a Markdown file, each with a byline and a date, or else the file as one article."""
    decoded = None if raw.startswith(FRONT_MATTER) else _decoded(raw, source)
    slices = story_sequence.find_articles(decoded.text) if decoded else ()
    whole = RawSource(name=source, raw=raw, media_type="text/markdown")
    if decoded is None or not slices:
        yield whole
        return
    for article in _articles(raw, decoded, slices, source):
        yield replace(article, media_type=whole.media_type) if isinstance(article, RawSource) else article


def _decoded(raw: bytes, source: str) -> Decoded | None:
    if len(raw) < MIN_BYTES or not TRACES.search(raw):
        return None
    try:
        return decode(raw, source=source)
    except SourceRejected:
        return None  # reading the text as an article will report the problem


def _articles(raw: bytes, decoded: Decoded, slices: Sequence[TextSlice], source: str) -> Iterator[ReadResult]:
    places = _Places(raw, decoded)
    for number, each in enumerate(slices, 1):
        text = decoded.text[each.start : each.end]
        if not text.strip():
            yield SourceRejected(f"{source}:{number}", "this article of the export has no text")
            continue
        start, end = places.of(each.start), places.of(each.end)
        article = RawSource(name=f"{source}:{start}-{end}", raw=raw[start:end], given=each.given)
        if _reads_as(article.raw, text):
            yield article
        else:
            warning = f"it was converted from {decoded.encoding} to UTF-8: only the whole file tells its encoding"
            yield replace(article, name=f"{source}:{number}", raw=text.encode("utf-8", "replace"), warnings=(warning,))


def _reads_as(raw: bytes, text: str) -> bool:
    """Return whether these bytes alone decode to this text."""
    try:
        return decode(raw, source="").text == text
    except SourceRejected:
        return False


class _Places:
    """Converts offsets in a decoded text to offsets in its bytes, in ascending order only."""

    def __init__(self, raw: bytes, decoded: Decoded) -> None:
        self._text = decoded.text
        self._codec = "utf-8" if decoded.encoding == "utf-8-sig" else decoded.encoding
        mark = raw[:2]
        if self._codec == "utf-16":
            self._codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
        self._bytes = len(raw) - len(self._encoded(self._text))
        self._characters = 0

    def of(self, offset: int) -> int:
        """Return the offset of a character's first byte."""
        if offset < self._characters:
            raise ValueError("offsets are asked for in order")
        self._bytes += len(self._encoded(self._text[self._characters : offset]))
        self._characters = offset
        return self._bytes

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._codec, "replace")
