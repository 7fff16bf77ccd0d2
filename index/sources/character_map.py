"""The characters that stretches of a source stand for, each with its place among the source's own.

In plain text they are the same characters. In HTML a character reference ("&eacute;") is several characters that
stand for one; the stretches are joined before references are resolved, as whoever checks a citation does it.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5

from wherefrom.index.types import MediaType, Span

NUMBER = re.compile(r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?")
NAME = re.compile(r"[^\t\n\f <&#;]{1,32};?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Characters:
    """`text` is what is read; its character at i stands at `starts[i]` up to `ends[i]` of the joined stretches."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def read_characters(text: str, segments: Sequence[Span], media_type: MediaType) -> Characters:
    """What the stretches of a decoded source say when they are read as this media type."""
    joined = "".join(text[span.start : span.end] for span in segments)
    if media_type == "text/plain" or "&" not in joined:
        return Characters(text=joined, starts=range(len(joined)), ends=range(1, len(joined) + 1))
    said: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for part, start, end in _units(joined):
        said.append(part)
        single = len(part) == end - start  # a run of plain characters, or a reference of one
        starts.extend(range(start, end) if single else [start] * len(part))
        ends.extend(range(start + 1, end + 1) if single else [end] * len(part))
    return Characters(text="".join(said), starts=starts, ends=ends)


def _units(joined: str) -> Iterator[tuple[str, int, int]]:
    """Runs of plain characters and resolved references, in order, each with its place."""
    at = 0
    while (mark := joined.find("&", at)) != -1:
        end = _reference_end(joined, mark)
        if at < mark:
            yield joined[at:mark], at, mark
        yield (html.unescape(joined[mark:end]) if end > mark + 1 else "&"), mark, end
        at = end
    if at < len(joined):
        yield joined[at:], at, len(joined)


def _reference_end(joined: str, mark: int) -> int:
    """Where the reference that begins at an ampersand ends, as `html.unescape` sees it; right after if it is none."""
    number = NUMBER.match(joined, mark)
    if number:
        return number.end()
    name = NAME.match(joined, mark + 1)
    if name:
        for end in range(name.end(), mark + 2, -1):
            if joined[mark + 1 : end] in html5:
                return end
    return mark + 1
