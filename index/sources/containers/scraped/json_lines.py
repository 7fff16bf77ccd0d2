"""JSON Lines: one article per line, in Wherefrom's own format or from a scraper."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.scraped.scraped_article import FieldTally, parse_scraped
from wherefrom.index.sources.json_article import json_fault
from wherefrom.index.sources.read_result import ReadResult, SourceCutShort
from wherefrom.index.types import RawSource

UTF_8_MARK = b"\xef\xbb\xbf"


def read_json_lines(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the article of each non-blank line, then a note on unknown fields."""
    tally = FieldTally()
    try:
        for number, line in _lines(file, source):
            yield _parse_line(line, f"{source}:{number}", tally)
    except SourceRejected as error:
        yield error
    yield from tally.notes(source)


def _lines(file: BinaryIO, source: str) -> Iterator[tuple[int, bytes]]:
    """Yield each non-blank line with its number. Raise SourceCutShort at the first line beyond a limit."""
    number = 0
    while line := file.readline(limits.MAX_SOURCE_BYTES + 1):
        number += 1
        name = f"{source}:{number}"
        if len(line) > limits.MAX_SOURCE_BYTES:
            reason = f"more than {limits.MAX_SOURCE_BYTES:,} bytes; this line and those after it are left out"
            raise SourceCutShort(name, reason)
        if number > limits.MAX_ENTRIES:
            reason = f"more than {limits.MAX_ENTRIES:,} lines; this line and those after it are left out"
            raise SourceCutShort(name, reason)
        if line.strip():
            yield number, line.removeprefix(UTF_8_MARK) if number == 1 else line


def _parse_line(line: bytes, name: str, tally: FieldTally) -> RawSource | SourceRejected:
    try:
        return parse_scraped(json.loads(line), source=name, tally=tally)
    except SourceRejected as error:
        return error
    except UnicodeDecodeError as error:
        return SourceRejected(name, f"it is not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return SourceRejected(name, json_fault(error))
