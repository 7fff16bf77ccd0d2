"""The text that an extractor makes of a file, and where it lies on the file's pages."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wherefrom.index.types import Given, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The characters of `span` on a page: a rectangle in points, from the page's left and top edges."""

    span: Span
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
    span: Span
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedText:
    """The text of a file that is not text itself; citations of the file count in it.

    `text` has a blank line between paragraphs, and no line break inside them. `extractor` names the program and the
    version that made it, such as "pypdfium2 5.1.0": the same one gives the same text. `properties` are what the file
    itself says of title, authors and date. `pages` are there for formats that have fixed pages. `warnings` say what of
    the file may be missing.
    """

    text: str
    extractor: str
    properties: Given = field(default_factory=Given)
    pages: tuple[ExtractedPage, ...] = ()
    warnings: tuple[str, ...] = ()


Extractor = Callable[[bytes, str], ExtractedText]
"""Takes the bytes of a file and its name. Raises SourceRejected, with what to do, for a file that cannot be read."""
