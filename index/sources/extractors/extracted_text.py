"""The text that an extractor makes of a file, and what it knows of the text's parts."""

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
    """The text of a file that is not text itself; citations of the file count in it.

    `text` has a blank line between paragraphs, and no line break inside them. `extractor` names the program and the
    version that made it, such as "pypdfium2 5.1.0": the same one gives the same text. `properties` are what the file
    itself says of title, authors and date. `pages` are there for formats that have fixed pages. `furniture` are the
    paragraphs that are no text of the document, such as running heads, each with the name of a rule. `continuations`
    are the starts of the paragraphs that go on with the last one before that is no furniture, such as on the next page.
    `headings` are the starts of the paragraphs that the file marks as headings.
    `warnings` say what of the file may be missing. With `in_source`, `text` is the decoded source, in which citations
    count, and nothing is stored beside it.
    """

    text: str
    extractor: str
    properties: Given = field(default_factory=Given)
    pages: tuple[ExtractedPage, ...] = ()
    furniture: tuple[Dropped, ...] = ()
    continuations: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()
    in_source: SourceParagraphs | None = None
    warnings: tuple[str, ...] = ()


Extractor = Callable[[bytes, str], ExtractedText]
"""Takes the bytes of a file and its name. Raises SourceRejected, with what to do, for a file that cannot be read."""
