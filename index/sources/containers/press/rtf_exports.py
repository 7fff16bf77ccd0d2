"""RTF exports of press archives: each article is its part of the extracted text.

Any other RTF file is a single document, which `wherefrom.index.sources.extractors.rtf` extracts.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.press import factiva, nexis, proquest
from wherefrom.index.sources.containers.press.text_slice import TextSlice
from wherefrom.index.sources.extractors.rtf import extract_text
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource

READERS = (nexis.find_articles, factiva.find_articles, proquest.find_articles)
TRACES = re.compile(rb"(?i:document|dokument|full text:)|\bHD\b")
"""Bytes of which each format has one: a file without them need not be extracted here."""
CODE_CELL = re.compile(r"^([A-Z]{2,3}) \| ", re.MULTILINE)
"""The first cell of a table row with a field of Factiva: the field's code."""
TEXT_CODE = re.compile(r"^TD(?:[ \t]{1,20}|$)", re.MULTILINE)
"""The code between the first paragraph and the others of an article of Factiva."""


def read_rtf(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the articles of an export, or the file itself if it is not an export. Raise SourceRejected."""
    raw = file.read(limits.MAX_SOURCE_BYTES + 1)
    if len(raw) > limits.MAX_SOURCE_BYTES:
        raise SourceRejected(source, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes")
    articles = _articles(raw, source) if TRACES.search(raw) else []
    yield from articles or [RawSource(name=source, raw=raw, media_type="application/rtf")]


def _articles(raw: bytes, source: str) -> list[RawSource | SourceRejected]:
    """Return the articles of an export, none if the file is not an export or cannot be read."""
    try:
        extracted = extract_text(raw, source)
    except SourceRejected:
        return []  # extracting the document will report the problem
    text = CODE_CELL.sub(r"\1   ", extracted.text)  # as in exports as text
    for reader in READERS:
        if slices := reader(text):
            articles = [_article(text, each, f"{source}:{number}") for number, each in enumerate(slices, 1)]
            if isinstance(last := articles[-1], RawSource):
                articles[-1] = replace(last, warnings=extracted.warnings)
            return articles
    return []


def _article(text: str, place: TextSlice, name: str) -> RawSource | SourceRejected:
    own_text = TEXT_CODE.sub("", text[place.start : place.end]).strip()
    if not own_text:
        return SourceRejected(name, "this article of the export has no text")
    return RawSource(name=name, raw=own_text.encode(), media_type="text/plain", given=place.given)
