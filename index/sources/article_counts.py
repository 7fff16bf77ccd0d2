"""Counts the articles of a file without parsing it, for progress."""

import gzip
import zlib
from pathlib import Path

from wherefrom.index.sources.containers.limits import MAX_DECOMPRESSED_BYTES, MAX_ENTRIES, MAX_SOURCE_BYTES
from wherefrom.index.sources.file_formats import GZIP_MAGIC, is_json_lines


def count_articles(path: Path) -> int:
    """Return the number of non-blank lines of a JSON Lines file, compressed or not, and 1 for any other file.

    Counting takes a small part of the time of reading. If a file cannot be read to its end, the lines before count.
    """
    return _count_lines(path) if is_json_lines(path.name) else 1


def _count_lines(path: Path) -> int:
    lines = number = total = 0
    try:
        if not path.is_file():
            return 1
        with path.open("rb") as file:
            is_gzip = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            file.seek(0)
            text = gzip.GzipFile(fileobj=file) if is_gzip else file
            while line := text.readline(MAX_SOURCE_BYTES + 1):
                number, total = number + 1, total + len(line)
                lines += not line.isspace()
                if number > MAX_ENTRIES or len(line) > MAX_SOURCE_BYTES or (is_gzip and total > MAX_DECOMPRESSED_BYTES):
                    break
    except (OSError, EOFError, zlib.error):
        pass
    return max(lines, 1)
