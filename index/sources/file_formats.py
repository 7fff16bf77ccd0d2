"""A file or stream to the articles in it: one text, page or document, or JSON Lines, an article a line; gzip or not.

What cannot be read is rejected by file and line, and reading goes on with what follows. Decompression stops at a limit,
so a small file cannot fill the memory.
"""

import gzip
import json
import os
import stat
import zlib
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.registry import SUFFIXES
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import MediaType, RawSource

TEXT_SUFFIXES = (".txt", ".text")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
JSON_LINES_SUFFIXES = (".jsonl", ".ndjson")
GZIP_SUFFIX = ".gz"
READABLE_SUFFIXES = (*TEXT_SUFFIXES, *HTML_SUFFIXES, *JSON_LINES_SUFFIXES, *SUFFIXES)
README = "README"
"""The name of a file that says what a folder holds, and is left out if it is no plain text."""
PEEK_BYTES = 1024
DECOMPRESSION_ERRORS = (gzip.BadGzipFile, EOFError, zlib.error)
GZIP_MAGIC = b"\x1f\x8b"
UTF_8_MARK = b"\xef\xbb\xbf"
MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""Maximum size of one text, one page or one line."""
MAX_DECOMPRESSED_BYTES = 1024 * 1024 * 1024
"""Maximum size of a compressed JSON Lines file after decompression, and of a stream."""
MAX_LINES = 10_000_000
"""Maximum number of lines of a JSON Lines file, blank ones too; an encyclopedia has seven million articles."""


def is_readable(path: Path) -> bool:
    """Return whether a file in a folder is to be read, by its name."""
    suffix = _suffix(path.name)
    return suffix in READABLE_SUFFIXES and not (suffix in SUFFIXES and path.stem.upper() == README)


def is_json_lines(name: str) -> bool:
    """Return whether a file has an article a line, by its name."""
    return _suffix(name) in JSON_LINES_SUFFIXES


def read_file(path: Path, source: str) -> Iterator[RawSource | SourceRejected]:
    """Yield the articles of a file in order, and a SourceRejected for each that cannot be read. Raise OSError.

    Only regular files are read: opening a named pipe waits for a writer, and a device may have no end. A file of size 0
    is taken as empty: what some files of /proc yield nevertheless is made while it is read, and may have no end.
    """
    kind = special_file_kind(path.stat().st_mode)
    if kind:
        yield SourceRejected(source, f"it is a {kind}, not a file")
        return
    with open(path, "rb", opener=_open_without_waiting) as file:
        status = os.fstat(file.fileno())  # it may have been replaced since
        kind = special_file_kind(status.st_mode)
        if kind:
            yield SourceRejected(source, f"it is a {kind}, not a file")
        elif not status.st_size:
            yield SourceRejected(source, "the file is empty")
        else:
            yield from _read(file, source, suffix=_suffix(path.name))


def special_file_kind(mode: int) -> str | None:
    """Return what a file of this mode is if it is neither a regular file nor a folder, else `None`."""
    kinds = (stat.S_ISFIFO, "named pipe"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device")
    return next((kind for is_kind, kind in kinds if is_kind(mode)), None)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_stream(stream: BinaryIO, source: str) -> Iterator[RawSource | SourceRejected]:
    """Yield the articles of a stream: JSON Lines if it begins with a JSON object, else one text or page."""
    data = stream.read(MAX_DECOMPRESSED_BYTES + 1)
    if len(data) > MAX_DECOMPRESSED_BYTES:
        yield SourceRejected(source, f"it has more than {MAX_DECOMPRESSED_BYTES:,} bytes")
        return
    yield from _read(BytesIO(data), source, suffix=JSON_LINES_SUFFIXES[0] if _begins_with_an_object(data) else "")


def contains_source(path: Path, source_sha256: str) -> bool:
    """Return whether a file, as it is now, has a source with this hash. Raise OSError."""
    if not is_json_lines(path.name):
        return source_sha256 in _source_hashes(path)
    stat = path.stat()
    return source_sha256 in _line_hashes(path, stat.st_size, stat.st_mtime_ns)


def _begins_with_an_object(data: bytes) -> bool:
    try:
        start = _decompressed(BytesIO(data)).read(PEEK_BYTES)
    except DECOMPRESSION_ERRORS:
        return False  # `_read` reports the error
    return start.lstrip(UTF_8_MARK + b" \t\r\n").startswith(b"{")


def _source_hashes(path: Path) -> frozenset[str]:
    sources = read_file(path, str(path))
    return frozenset(sha256(source.raw).hexdigest() for source in sources if isinstance(source, RawSource))


@lru_cache(maxsize=1)
def _line_hashes(path: Path, _size: int, _modified_ns: int) -> frozenset[str]:
    """Return the hashes of a JSON Lines file; cached, since the caller checks its articles one after the other."""
    return _source_hashes(path)


def _suffix(name: str) -> str:
    """Return a file name's suffix in lower case, ignoring a final ".gz"."""
    return Path(name.lower().removesuffix(GZIP_SUFFIX)).suffix


def _read(file: BinaryIO, source: str, *, suffix: str) -> Iterator[RawSource | SourceRejected]:
    try:
        decompressed = _decompressed(file)
        if suffix in JSON_LINES_SUFFIXES:
            yield from _read_lines(decompressed, source)
        else:
            media_type: MediaType | None = "text/html" if suffix in HTML_SUFFIXES else SUFFIXES.get(suffix)
            yield _whole_file(decompressed.read(MAX_SOURCE_BYTES + 1), source, media_type)
    except DECOMPRESSION_ERRORS as error:
        yield SourceRejected(source, f"it cannot be decompressed: {error}")
    except SourceRejected as error:
        yield error


def _decompressed(file: BinaryIO) -> BinaryIO:
    """Return the file, or a reader of its decompressed bytes if it begins as gzip does."""
    is_gzip = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=file)) if is_gzip else file


def _whole_file(raw: bytes, source: str, media_type: MediaType | None) -> RawSource | SourceRejected:
    if len(raw) > MAX_SOURCE_BYTES:
        return SourceRejected(source, f"it has more than {MAX_SOURCE_BYTES:,} bytes")
    return RawSource(name=source, raw=raw, media_type=media_type)


def _read_lines(file: BinaryIO, source: str) -> Iterator[RawSource | SourceRejected]:
    """Yield the article of each line that is not blank. Raise SourceRejected at the first line beyond a size limit."""
    is_gzip = isinstance(file, gzip.GzipFile)
    number = total = 0
    while line := file.readline(MAX_SOURCE_BYTES + 1):
        number, total = number + 1, total + len(line)
        name = f"{source}:{number}"
        if len(line) > MAX_SOURCE_BYTES or (is_gzip and total > MAX_DECOMPRESSED_BYTES):
            limit = MAX_SOURCE_BYTES if len(line) > MAX_SOURCE_BYTES else MAX_DECOMPRESSED_BYTES
            raise SourceRejected(name, f"more than {limit:,} bytes; this line and those after it are left out")
        if number > MAX_LINES:
            raise SourceRejected(name, f"more than {MAX_LINES:,} lines; this line and those after it are left out")
        if line.strip():
            yield _parse_line(line.removeprefix(UTF_8_MARK) if number == 1 else line, name)


def _parse_line(line: bytes, name: str) -> RawSource | SourceRejected:
    try:
        return parse_article(json.loads(line), source=name)
    except SourceRejected as error:
        return error
    except UnicodeDecodeError as error:
        return SourceRejected(name, f"it is not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return SourceRejected(name, f"it is not JSON: {error}")
