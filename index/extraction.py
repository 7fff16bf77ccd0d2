"""The result of extracting a text from a file that is not text itself, as documents hold it and the catalog stores it.

Offsets are 0-based code points into the extracted text, end exclusive.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractorVersion:
    """The program that extracted a text: the same version gives the same text."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The characters of a line from `start` to `end` on a page: a rectangle in points, from its left and top edges."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedPage:
    """A page: its 1-based number, its size in points, its characters in the extracted text, and a box for each line."""

    number: int
    width: float
    height: float
    start: int
    end: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """An extracted text, which citations refer to, the SHA-256 of its UTF-8, its extractor, and its pages if any."""

    text: str
    text_sha256: str
    extractor: ExtractorVersion
    pages: tuple[ExtractedPage, ...] = ()
