"""Groups HTML tokens into text runs: text that a page shows in one piece, with the block elements around it.

A block element or a line break begins a new run; inline elements, and scripts and styles in the middle of a text, do
not. Content that is never shown is a separate run, after the run that it interrupts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wherefrom.index.sources.html_elements import BLOCK_ELEMENTS, Element, OpenElements
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.types import Span

DELETED, NOTE_MARK, RAISED_NUMBER = "deleted", "note-mark", "raised-number"
"""The names of the tokens of text that is left out of a run."""
HIDDEN_ELEMENTS = frozenset(
    (
        *("script", "style", "template", "iframe", "noembed", "noframes", "textarea", "title", "xmp"),
        *(DELETED, NOTE_MARK, RAISED_NUMBER),
    )
)
INTERRUPTING_ELEMENTS = frozenset(("script", "style", DELETED, NOTE_MARK, RAISED_NUMBER))
# With the lookbehind, a match can begin only at the first of several spaces, which keeps the search linear.
BLANK_LINE = re.compile(r"(?<![ \t])[ \t]*(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """A run of text: its segments, the innermost block element around it, and whether it is shown.

    `element` is the name of that element, the `container`; for content that is never shown, that of its own element.
    `linked` is the share of its characters in links to other pages. `line_breaks` is the number of line breaks since
    the preceding run, 0 if a block element begins or ends between them.
    """

    segments: tuple[Span, ...]
    element: str
    container: Element
    shown: bool = True
    linked: float = 0.0
    line_breaks: int = 0

    @property
    def landmarks(self) -> tuple[str, ...]:
        """The landmarks around the run, outermost first."""
        return self.container.landmarks


def split_text_runs(text: str, markup: Iterable[Token]) -> Iterator[TextRun]:
    """Yield the text runs of a page in order, from its tokens; runs of only white space are left out."""
    return _RunBuilder(text).runs(markup)


class _RunBuilder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[Span] = []
        self._interrupting: list[TextRun] = []
        self._open = OpenElements()
        self._pre_depth = 0
        self._link_depth: int | None = None  # the number of open elements around an open link
        self._linked = 0
        self._line_breaks = 0

    def runs(self, markup: Iterable[Token]) -> Iterator[TextRun]:
        for token in markup:
            if token.kind == "text":
                yield from self._add_text(token)
            elif token.kind == "raw" and token.name in INTERRUPTING_ELEMENTS:
                self._interrupting.extend(self._raw_run(token))
            elif token.kind == "raw":
                yield from self._flush()
                yield from self._raw_run(token)
            elif token.name == "br":
                yield from self._flush()
                self._line_breaks += 1
            elif token.name == "a":
                linked = token.kind == "open" and self._leads_away(token)
                self._link_depth = self._open.depth if linked else None
            elif token.name in BLOCK_ELEMENTS and token.kind != "other":
                yield from self._flush()
                self._read_block_tag(token)
        yield from self._flush()

    def _add_text(self, token: Token) -> Iterator[TextRun]:
        whole = Span(start=token.start, end=token.end)
        spans = self._preformatted_paragraphs(token) if self._pre_depth else [whole]
        for number, span in enumerate(spans):
            if number:
                yield from self._flush()
            self._spans.append(span)
            if self._link_depth is not None:
                self._linked += _size(self._text, span)

    def _preformatted_paragraphs(self, token: Token) -> Iterator[Span]:
        """Split the text of a `pre` element at its blank lines."""
        start = token.start
        for blank in BLANK_LINE.finditer(self._text, token.start, token.end):
            if start < blank.start():
                yield Span(start=start, end=blank.start())
            start = blank.end()
        if start < token.end:
            yield Span(start=start, end=token.end)

    def _read_block_tag(self, token: Token) -> None:
        if token.kind == "open":
            classes = self._words(token, "class")
            self._open.start(token.name, classes, [*self._words(token, "id"), *self._words(token, "role")])
        else:
            self._open.end(token.name)
        if token.name == "pre":
            self._pre_depth = max(self._pre_depth + (1 if token.kind == "open" else -1), 0)
        if self._link_depth is not None and self._open.depth < self._link_depth:
            self._link_depth = None
        self._line_breaks = 0

    def _leads_away(self, token: Token) -> bool:
        """Return whether an `a` element is a link to another page."""
        address = token.span("href")
        return address is not None and not self._text.startswith("#", address.start)

    def _words(self, token: Token, attribute: str) -> list[str]:
        span = token.span(attribute)
        return self._text[span.start : span.end].lower().split() if span else []

    def _flush(self) -> Iterator[TextRun]:
        """End the current run; yield it and the hidden runs that interrupted it."""
        segments = trim_spans(self._text, self._spans)
        if segments:
            container = self._open.innermost
            yield TextRun(
                segments=segments,
                element=container.name,
                container=container,
                linked=self._linked / sum(_size(self._text, span) for span in segments),
                line_breaks=self._line_breaks,
            )
            self._line_breaks = 0
        yield from self._interrupting
        self._spans, self._interrupting, self._linked = [], [], 0

    def _raw_run(self, token: Token) -> Iterator[TextRun]:
        segments = trim_spans(self._text, [Span(start=token.start, end=token.end)])
        if segments:
            shown = token.name not in HIDDEN_ELEMENTS
            yield TextRun(segments=segments, element=token.name, container=self._open.innermost, shown=shown)


def _size(text: str, span: Span) -> int:
    return len(text[span.start : span.end].strip())


def trim_spans(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans without leading and trailing white space of the whole; empty if all is white space."""
    first, last = 0, len(spans)
    while first < last and not text[spans[first].start : spans[first].end].strip():
        first += 1
    while first < last and not text[spans[last - 1].start : spans[last - 1].end].strip():
        last -= 1
    trimmed = list(spans[first:last])
    if trimmed:
        head = text[trimmed[0].start : trimmed[0].end]
        trimmed[0] = Span(start=trimmed[0].end - len(head.lstrip()), end=trimmed[0].end)
        tail = text[trimmed[-1].start : trimmed[-1].end]
        trimmed[-1] = Span(start=trimmed[-1].start, end=trimmed[-1].start + len(tail.rstrip()))
    return tuple(trimmed)
