"""A text: one article, or several in an export of a press archive or in a digest."""

from collections.abc import Iterator

from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource


def read_text(raw: bytes, source: str) -> Iterator[ReadResult]:
    """Yield the articles of a text."""
    yield RawSource(name=source, raw=raw)
