"""Reads the articles of a file or stream: one text, page or document, or a container of articles; gzip or not.

Unreadable files and entries are rejected by name, and reading continues after them. Decompression stops at a limit, so
a small file cannot fill the memory.
"""

import gzip
import os
import re
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from io import BufferedIOBase, BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.press.press_archives import read_markdown, read_text
from wherefrom.index.sources.containers.registry import (
    FORMATS_OF_MANY,
    JSON_LINES,
    PEEK_BYTES,
    SUFFIXES,
    XML_SUFFIX,
    ContainerFormat,
    detect_container,
)
from wherefrom.index.sources.extractors.registry import SUFFIXES as EXTRACTED_SUFFIXES
from wherefrom.index.sources.read_result import ReadResult, SourceCutShort
from wherefrom.index.types import RawSource

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TEXT_SUFFIXES = (".txt", ".text")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
GZIP_SUFFIX = ".gz"
PLACE = re.compile(r":[0-9][0-9.-]*\Z")
"""The place of an article in its file, which is the end of its name."""
READABLE_SUFFIXES = tuple(dict.fromkeys((*TEXT_SUFFIXES, *HTML_SUFFIXES, *SUFFIXES, XML_SUFFIX, *EXTRACTED_SUFFIXES)))
README = "README"
"""The name of a file that describes a folder; it is left out if its format is one that a text is extracted from."""
DECOMPRESSION_ERRORS = (gzip.BadGzipFile, EOFError, zlib.error)
GZIP_MAGIC = b"\x1f\x8b"


def is_readable(path: Path) -> bool:
    """Return whether a file in a folder is read, by its name."""
    suffix = _suffix(path.name)
    return suffix in READABLE_SUFFIXES and not (suffix in EXTRACTED_SUFFIXES and path.stem.upper() == README)


def is_json_lines(name: str) -> bool:
    """Return whether a file has one article per line, by its name."""
    return SUFFIXES.get(_suffix(name)) is JSON_LINES


def may_hold_many(name: str) -> bool:
    """Return whether a file's format is made for any number of articles, by its name."""
    return SUFFIXES.get(_suffix(name)) in FORMATS_OF_MANY


def read_file(path: Path, source: str) -> Iterator[ReadResult]:
    """Yield the articles of a file in order, and a SourceRejected for each that cannot be read. Raise OSError.

    An article that is the whole file is named `source`; one of several is named by its place in the file, such as
    `source:12`. Only regular files are read: opening a named pipe waits for a writer, and a device may have no end. A
    file of size 0 counts as empty: some files of /proc have content nevertheless, but it is generated during reading
    and may have no end.
    """
    kind = special_file_kind(path.stat().st_mode)
    if kind:
        yield SourceRejected(source, f"it is a {kind}, not a file")
        return
    with open(path, "rb", opener=_open_without_waiting) as file:
        status = os.fstat(file.fileno())  # the file may have been replaced since `stat`
        kind = special_file_kind(status.st_mode)
        if kind:
            yield SourceRejected(source, f"it is a {kind}, not a file")
        elif not status.st_size:
            yield SourceRejected(source, "the file is empty")
        else:
            yield from _read(file, source, suffix=_suffix(path.name))


def special_file_kind(mode: int) -> str | None:
    """Return the kind of a file with this mode, such as "socket"; `None` for a regular file or a folder."""
    kinds = (stat.S_ISFIFO, "named pipe"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device")
    return next((kind for is_kind, kind in kinds if is_kind(mode)), None)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_stream(stream: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the articles of a stream: those of a container if its beginning is that of one, else one text or page."""
    data = stream.read(limits.MAX_DECOMPRESSED_BYTES + 1)
    if len(data) > limits.MAX_DECOMPRESSED_BYTES:
        yield SourceRejected(source, f"it has more than {limits.MAX_DECOMPRESSED_BYTES:,} bytes")
        return
    yield from _read(BytesIO(data), source, suffix="")


def contains_source(path: Path, source_sha256: str) -> bool:
    """Return whether the current content of a file has a source with this hash. Raise OSError."""
    return source_sha256 in _hashes.of(path)


def is_whole_file(results: Sequence[RawSource | SourceRejected], source: str) -> bool:
    """Return whether the first results of reading a file are a single article that is the file itself.

    Any other article has its own id, since it is one of several or specifies an id.
    """
    if len(results) != 1:
        return False
    article = results[0]
    return isinstance(article, RawSource) and article.name == source and article.document_id is None


def file_of(source: str, path: Path) -> str:
    """Return the source name of a file, from the name of one of its articles, such as `news.jsonl:7`."""
    place = PLACE.search(source)
    return source if place is None or source.endswith(path.name) else source[: place.start()]


class _SourceHashes:
    """Computes the hashes of the sources of a file; those of the last container are cached.

    Callers check the articles of a file one by one; without the cache, each check would read the whole file.
    """

    def __init__(self) -> None:
        self._cached: tuple[object, frozenset[str]] = (None, frozenset())

    def of(self, path: Path) -> frozenset[str]:
        status = path.stat()
        state = (path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        cached_state, cached = self._cached
        if state == cached_state:
            return cached
        sources = read_file(path, str(path))
        hashes = frozenset(sha256(each.raw).hexdigest() for each in sources if isinstance(each, RawSource))
        if len(hashes) > 1:
            self._cached = (state, hashes)
        return hashes


_hashes = _SourceHashes()


def _suffix(name: str) -> str:
    """Return a file name's suffix in lower case, ignoring a final ".gz"."""
    return Path(name.lower().removesuffix(GZIP_SUFFIX)).suffix


def _read(file: BinaryIO, source: str, *, suffix: str) -> Iterator[ReadResult]:
    try:
        decompressed = _decompressed(file, source)
        container = _container(decompressed, suffix)
        if container is not None:
            yield from container.read(decompressed, source)
            return
        raw = decompressed.read(limits.MAX_SOURCE_BYTES + 1)
        if len(raw) > limits.MAX_SOURCE_BYTES:
            yield SourceRejected(source, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes")
        elif suffix in HTML_SUFFIXES:
            yield RawSource(name=source, raw=raw, media_type="text/html")
        elif EXTRACTED_SUFFIXES.get(suffix) == "text/markdown":
            yield from read_markdown(raw, source)
        elif suffix in EXTRACTED_SUFFIXES:
            yield RawSource(name=source, raw=raw, media_type=EXTRACTED_SUFFIXES[suffix])
        else:
            yield from read_text(raw, source)
    except DECOMPRESSION_ERRORS as error:
        yield SourceCutShort(source, f"it cannot be decompressed: {error}")
    except SourceRejected as error:
        yield error


def _container(file: BinaryIO, suffix: str) -> ContainerFormat | None:
    """Return the container format of a file by its suffix or, if that is unknown, by its beginning; else `None`."""
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix in TEXT_SUFFIXES or suffix in HTML_SUFFIXES or suffix in EXTRACTED_SUFFIXES:
        return None
    start = b""
    with suppress(*DECOMPRESSION_ERRORS):  # the intact part of a damaged file can still be read
        while len(start) < PEEK_BYTES and (chunk := cast("BufferedIOBase", file).read1(PEEK_BYTES)):
            start += chunk
    file.seek(0)
    return detect_container(start)


def _decompressed(file: BinaryIO, source: str) -> BinaryIO:
    """Return the file, or a reader of its decompressed bytes if it is a gzip file."""
    is_gzip = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    return cast("BinaryIO", BufferedReader(_Decompressed(file, source))) if is_gzip else file


class _Decompressed(RawIOBase):
    """The decompressed bytes of a gzip file. Reading beyond the limit raises SourceRejected."""

    def __init__(self, file: BinaryIO, source: str) -> None:
        self._gzip = gzip.GzipFile(fileobj=file)
        self._source = source

    def readable(self) -> bool:
        """Return true: the stream can be read."""
        return True

    def seekable(self) -> bool:
        """Return true: the stream can be rewound."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move to an offset like GzipFile: backwards by reading again from the start."""
        return self._gzip.seek(offset, whence)

    def tell(self) -> int:
        """Return the offset in the decompressed bytes."""
        return self._gzip.tell()

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer and return the number of bytes. Raise SourceRejected beyond the limit."""
        view = memoryview(buffer).cast("B")
        data = self._gzip.read1(len(view))
        if self._gzip.tell() > limits.MAX_DECOMPRESSED_BYTES:
            limit = f"more than {limits.MAX_DECOMPRESSED_BYTES:,} bytes once it is decompressed"
            raise SourceCutShort(self._source, f"it has {limit}; what stands after them is left out")
        view[: len(data)] = data
        return len(data)
