"""The result of an extractor: the text of a file, and details of its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wherefrom.index.extraction import ExtractedPage
from wherefrom.index.types import DecodingErrors, Dropped, Given, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceParagraphs:
    """The paragraphs of a format that is text itself, such as Markdown: the spans of each in the decoded source."""

    encoding: str
    errors: DecodingErrors
    paragraphs: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedText:
    """The text of a file that is not text itself; citations of the file refer to it.

    `text` has a blank line between paragraphs, and no line break inside them. `extractor` is the name and version of
    the program, such as "pypdfium2 5.1.0": the same version gives the same text. `properties` has the metadata that the
    file declares, and `fallbacks` that which a program may have filled in, such as the name of its user: it counts
    where the text states nothing else. `pages` is empty for formats without fixed pages. `furniture` has the paragraphs
    that are not text of the document, such as running heads, each with the name of a rule. `continuations` has the
    starts of the paragraphs that continue the preceding one (furniture not counted), as across a page break. `headings`
    has the starts of the paragraphs that are headings.
    `warnings` name possibly missing parts of the file. With `in_source`, `text` is the decoded source, which citations
    refer to, and no other text is stored.
    """

    text: str
    extractor: str
    properties: Given = field(default_factory=Given)
    fallbacks: Given = field(default_factory=Given)
    pages: tuple[ExtractedPage, ...] = ()
    furniture: tuple[Dropped, ...] = ()
    continuations: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()
    in_source: SourceParagraphs | None = None
    warnings: tuple[str, ...] = ()


Extractor = Callable[[bytes, str], ExtractedText]
"""A function from the bytes of a file and its name to its text. Raises SourceRejected, with a remedy."""
