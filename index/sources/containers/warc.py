"""Web archives (WARC): each response with a page or a text is an article, with the URL it was fetched from."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import field_values, limits
from wherefrom.index.sources.containers.declared_charset import text_bytes
from wherefrom.index.sources.containers.mail.mime import parameters, read_headers
from wherefrom.index.sources.read_result import ReadResult, SourceCutShort, SourceNote, listed
from wherefrom.index.types import Given, MediaType, RawSource

VERSION = b"WARC/"
CHUNK_BYTES = 1024 * 1024
MAX_LINE_BYTES = 64 * 1024
MAX_SEARCHES = 100
"""Maximum number of searches for a next record within one of wrong length; each copies the rest of the file."""
READ_TYPES: Mapping[str, MediaType] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
}
WITH_CONTENT = frozenset(("response", "resource", "conversion"))
"""Types of records with fetched content; requests and descriptions of the archive have no article."""
STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})")
OK = "200"
CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,12})[^\r\n]{0,1000}\r?\n")
WINDOW_BITS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


def read_warc(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the article of each response, named by the number of its record, and a note on records that are not read.

    A truncated or damaged record is rejected, and reading continues with the next one.
    """
    left_out: Counter[str] = Counter()
    records = _Records(file, source)
    try:
        for number, headers, block in records:
            name = f"{source}:{number}"
            try:
                article = _article(headers, block, name)
            except SourceRejected as error:
                yield error
                continue
            except _NotRead as reason:
                left_out[str(reason)] += 1
                continue
            if article is not None:
                yield article
    except (EOFError, OSError, zlib.error) as error:
        yield SourceCutShort(source, f"the file is cut short or damaged after record {records.number}: {error}")
    yield from records.problems()
    if left_out:
        yield SourceNote(source=source, text=f"records that are not read: {listed(left_out)}")


class _NotRead(Exception):
    """A record has no text to read; the message names its type or status."""


class _Records:
    """The records of a file, and the problems of those that could not be read."""

    def __init__(self, file: BinaryIO, source: str) -> None:
        self._file = file
        self._source = source
        self._problems: list[SourceRejected] = []
        self._searches = 0
        self.number = 0

    def problems(self) -> Iterator[SourceRejected]:
        """Yield the records that could not be read."""
        yield from self._problems

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str], bytes]]:
        while self._find_version():
            self.number += 1
            name = f"{self._source}:{self.number}"
            headers = self._headers()
            length = headers.get("content-length", "")
            if not length.isascii() or not length.isdigit():
                self._problems.append(SourceRejected(name, "this record does not say how long it is"))
                continue
            size = int(length[:18])
            if headers.get("warc-type", "").lower() not in WITH_CONTENT or size > limits.MAX_SOURCE_BYTES:
                if headers.get("warc-type", "").lower() in WITH_CONTENT:
                    reason = f"this record has more than {limits.MAX_SOURCE_BYTES:,} bytes"
                    self._problems.append(SourceRejected(name, reason))
                self._skip(size)
                continue
            block = self._file.read(size)
            if len(block) < size:
                reason = f"the file ends within this record, after {len(block):,} of {size:,} bytes; it is left out"
                self._problems.append(SourceCutShort(name, reason))
                if not self._find_again(block):
                    return
                continue
            yield self.number, headers, block

    def _find_version(self) -> bool:
        """Move to the end of the first line of the next record; return whether there is one."""
        is_lost = False
        while line := self._file.readline(MAX_LINE_BYTES):
            if line.startswith(VERSION):
                return True
            if line.strip() and not is_lost:
                is_lost = True
                reason = f"after record {self.number} stands something that is no record; it is left out"
                self._problems.append(SourceRejected(self._source, reason))
        return False

    def _find_again(self, block: bytes) -> bool:
        """Continue with the first record inside the block of a record of wrong length; return whether there is one."""
        start = block.find(b"\n" + VERSION)
        self._searches += 1
        if start < 0 or self._searches > MAX_SEARCHES:
            return False
        self._file = BytesIO(block[start + 1 :])
        return True

    def _headers(self) -> Mapping[str, str]:
        lines: list[bytes] = []
        size = 0
        while (line := self._file.readline(MAX_LINE_BYTES)).strip():
            size += len(line)
            if size <= limits.MAX_HEADER_BYTES:
                lines.append(line)
        return read_headers(b"".join(lines) + b"\r\n")[0]

    def _skip(self, size: int) -> None:
        while size > 0 and (chunk := self._file.read(min(size, CHUNK_BYTES))):
            size -= len(chunk)


def _article(headers: Mapping[str, str], block: bytes, name: str) -> RawSource | None:
    """Return the article of a record. Raise _NotRead if it has none, SourceRejected if it is damaged."""
    content, content_type = block, headers.get("content-type", "")
    if content_type.lower().startswith("application/http"):
        content, content_type = _response(block, name)
    media_type = READ_TYPES.get(content_type.partition(";")[0].strip().lower())
    if media_type is None:
        raise _NotRead(content_type.partition(";")[0].strip().lower() or "without a type")
    if not content.strip():
        raise _NotRead("without content")
    url = field_values.url(headers.get("warc-target-uri", "").strip("<>"))
    crawled = headers.get("warc-date", "")[:100]
    return RawSource(
        name=name,
        raw=text_bytes(content, parameters(content_type).get("charset")),
        media_type=media_type if media_type == "text/html" else None,
        given=Given(url=url, extra={"crawled": crawled} if crawled else {}),
    )


def _response(block: bytes, name: str) -> tuple[bytes, str]:
    """Return the decoded content of an HTTP response and its media type. Raise _NotRead, SourceRejected."""
    first, _, rest = block.partition(b"\n")
    status = STATUS.match(first)
    if status is None:
        raise SourceRejected(name, "its response does not begin as HTTP does")
    if (code := status[1].decode()) != OK:
        raise _NotRead(f"status {code}")
    headers, start = read_headers(rest)
    content_type = headers.get("content-type", "")
    if READ_TYPES.get(content_type.partition(";")[0].strip().lower()) is None:
        return b"", content_type
    content = rest[start:]
    if "chunked" in headers.get("transfer-encoding", "").lower():
        content = _without_chunks(content)
    for coding in reversed([each.strip().lower() for each in headers.get("content-encoding", "").split(",")]):
        content = _decompress(content, coding, name)
    return content, content_type


def _without_chunks(content: bytes) -> bytes:
    """Return chunked content without its chunk sizes; some archives store it without, which is returned unchanged."""
    parts: list[bytes] = []
    position = 0
    while match := CHUNK_SIZE.match(content, position):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(content[match.end() : match.end() + size])
        position = match.end() + size
    return b"".join(parts) if parts else content


def _decompress(content: bytes, coding: str, name: str) -> bytes:
    if coding in ("", "identity"):
        return content
    if coding not in WINDOW_BITS:
        raise _NotRead(f"compressed as {coding[:20]}")
    is_plain = coding.endswith("gzip") and not content.startswith(b"\x1f\x8b")
    if is_plain:  # archives written by a browser have the content decompressed
        return content
    error: zlib.error | None = None
    for bits in WINDOW_BITS[coding]:
        stream = zlib.decompressobj(bits)
        try:
            decompressed = stream.decompress(content, limits.MAX_SOURCE_BYTES + 1)
        except zlib.error as caught:
            error = caught
            continue
        if len(decompressed) > limits.MAX_SOURCE_BYTES:
            raise SourceRejected(name, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes once it is decompressed")
        if not stream.eof:
            raise SourceRejected(name, "its content is cut short")
        return decompressed
    raise SourceRejected(name, f"its content cannot be decompressed: {error}")
