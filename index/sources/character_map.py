"""Resolves segments of a decoded source to their characters, with a map back to the source's own characters.

In plain text the two are the same. In HTML, a character reference such as "&eacute;" has several source characters for
one character. The segments are joined before references are resolved, as in the recipe for checking a citation.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5

from wherefrom.index.sources.character_references import resolve_references
from wherefrom.index.types import MediaType, Span

NUMERIC_REFERENCE = re.compile(r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?")
REFERENCE_NAME = re.compile(r"[^\t\n\f <&#;]{1,32};?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterMap:
    """The resolved `text`; its character i is from `starts[i]` to `ends[i]` (exclusive) in the joined segments."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def map_characters(text: str, segments: Sequence[Span], media_type: MediaType) -> CharacterMap:
    """Join segments of a decoded source, resolve references unless it is plain text, and map the result back."""
    joined = "".join(text[span.start : span.end] for span in segments)
    if media_type == "text/plain" or "&" not in joined:
        return CharacterMap(text=joined, starts=range(len(joined)), ends=range(1, len(joined) + 1))
    resolved: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for part, start, end in _parts(joined):
        resolved.append(part)
        one_to_one = len(part) == end - start  # a run of plain characters, or a reference of one character
        starts.extend(range(start, end) if one_to_one else [start] * len(part))
        ends.extend(range(start + 1, end + 1) if one_to_one else [end] * len(part))
    return CharacterMap(text="".join(resolved), starts=starts, ends=ends)


def _parts(joined: str) -> Iterator[tuple[str, int, int]]:
    """Yield runs of plain characters and resolved references in order, as (text, start, end in `joined`)."""
    position = 0
    while (ampersand := joined.find("&", position)) != -1:
        end = _reference_end(joined, ampersand)
        if position < ampersand:
            yield joined[position:ampersand], position, ampersand
        yield (resolve_references(joined[ampersand:end]) if end > ampersand + 1 else "&"), ampersand, end
        position = end
    if position < len(joined):
        yield joined[position:], position, len(joined)


def _reference_end(joined: str, ampersand: int) -> int:
    """Return the end of the reference at an ampersand, as in `html.unescape`; `ampersand + 1` if there is none."""
    number = NUMERIC_REFERENCE.match(joined, ampersand)
    if number:
        return number.end()
    name = REFERENCE_NAME.match(joined, ampersand + 1)
    if name:
        for end in range(name.end(), ampersand + 2, -1):
            if joined[ampersand + 1 : end] in html5:
                return end
    return ampersand + 1
