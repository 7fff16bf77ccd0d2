"""What a file holds: one text, one page, or an article a line (JSON Lines), each of them packed with gzip or not.

What cannot be read is refused by file and line, and what follows is read all the same. Nothing is unpacked beyond a
bound, so a small file cannot fill the memory.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import MediaType, RawSource

TEXTS, PAGES, LINES = (".txt", ".text"), (".html", ".htm", ".xhtml"), (".jsonl", ".ndjson")
PACKED = ".gz"
SUFFIXES = (*TEXTS, *PAGES, *LINES)
PEEKED = 1024
UNPACKABLE = (gzip.BadGzipFile, EOFError, zlib.error)
GZIP_MAGIC = b"\x1f\x8b"
MOST_BYTES = 64 * 1024 * 1024
"""The most bytes of one text, one page or one line."""
MOST_UNPACKED = 1024 * 1024 * 1024
"""The most bytes that a packed file of lines may unpack to."""


def is_readable(path: Path) -> bool:
    """Whether a file in a folder is one to read, by its name."""
    return _kind(path.name) in SUFFIXES


def holds_lines(name: str) -> bool:
    """Whether a file is one of an article a line, by its name."""
    return _kind(name) in LINES


def read_file(path: Path, source: str) -> Iterator[RawSource | SourceRejected]:
    """What a file holds, in order, and a refusal for what cannot be read of it. Raises OSError."""
    with path.open("rb") as file:
        yield from _read(file, source, kind=_kind(path.name))


def read_stream(stream: BinaryIO, source: str) -> Iterator[RawSource | SourceRejected]:
    """What a stream holds: an article a line if it begins like one, else one text or page."""
    data = stream.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        yield SourceRejected(source, f"it has more than {MOST_UNPACKED:,} bytes")
        return
    yield from _read(BytesIO(data), source, kind=LINES[0] if _begins_with_an_object(data) else "")


def _begins_with_an_object(data: bytes) -> bool:
    try:
        start = _unpacked(BytesIO(data)).read(PEEKED)
    except UNPACKABLE:
        return False  # whoever reads it says why
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def holds(path: Path, source_sha256: str) -> bool:
    """Whether a file holds a source of this hash, as it is now. Raises OSError."""
    if not holds_lines(path.name):
        return source_sha256 in _hashes(path)
    now = path.stat()
    return source_sha256 in _hashes_of_lines(path, now.st_size, now.st_mtime_ns)


def _hashes(path: Path) -> frozenset[str]:
    held = read_file(path, str(path))
    return frozenset(sha256(each.raw).hexdigest() for each in held if isinstance(each, RawSource))


@lru_cache(maxsize=1)
def _hashes_of_lines(path: Path, _size: int, _changed: int) -> frozenset[str]:
    """The hashes of a file with many articles, of which one after the other is asked for."""
    return _hashes(path)


def _kind(name: str) -> str:
    return Path(name.lower().removesuffix(PACKED)).suffix


def _read(file: BinaryIO, source: str, *, kind: str) -> Iterator[RawSource | SourceRejected]:
    try:
        unpacked = _unpacked(file)
        if kind in LINES:
            yield from _lines(unpacked, source)
        else:
            yield _whole(unpacked.read(MOST_BYTES + 1), source, "text/html" if kind in PAGES else None)
    except UNPACKABLE as error:
        yield SourceRejected(source, f"it cannot be unpacked: {error}")
    except SourceRejected as error:
        yield error


def _whole(raw: bytes, source: str, media_type: MediaType | None) -> RawSource | SourceRejected:
    if len(raw) > MOST_BYTES:
        return SourceRejected(source, f"it has more than {MOST_BYTES:,} bytes")
    return RawSource(name=source, raw=raw, media_type=media_type)


def _unpacked(file: BinaryIO) -> BinaryIO:
    packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file


def _lines(file: BinaryIO, source: str) -> Iterator[RawSource | SourceRejected]:
    """The article of each line that is not blank; a line too long ends the reading, as does too much unpacked."""
    packed = isinstance(file, gzip.GzipFile)
    number = total = 0
    while line := file.readline(MOST_BYTES + 1):
        number, total = number + 1, total + len(line)
        where = f"{source}:{number}"
        if len(line) > MOST_BYTES or (packed and total > MOST_UNPACKED):
            most = MOST_BYTES if len(line) > MOST_BYTES else MOST_UNPACKED
            raise SourceRejected(where, f"more than {most:,} bytes; this line and what follows is left out")
        if line.strip():
            yield _article(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, where)


def _article(line: bytes, where: str) -> RawSource | SourceRejected:
    try:
        return parse_article(json.loads(line), source=where)
    except SourceRejected as error:
        return error
    except UnicodeDecodeError as error:
        return SourceRejected(where, f"it is not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return SourceRejected(where, f"it is no JSON: {error}")
