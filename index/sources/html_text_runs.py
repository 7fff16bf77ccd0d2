"""HTML tokens to text runs: text that a page shows in one piece, with the block element around it.

A block element or a line break begins a new run. Inline elements do not, and neither do scripts and styles in the
middle of a text. Content that is never shown is a run of its own, after the run that it interrupts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.types import Span

BLOCK_ELEMENTS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "button", "caption", "center", "col"),
        *("colgroup", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup"),
        *("hr", "html", "iframe", "label", "legend", "li", "main", "menu", "nav", "noframes", "noscript"),
        *("object", "ol", "optgroup", "option", "p", "pre", "section", "select"),
        *("summary", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "title"),
        *("tr", "ul", "video", "audio", "canvas", "svg", "math"),
    )
)
# Elements that tell what kind of content is inside them, at any depth.
LANDMARKS = ("nav", "header", "footer", "aside", "form", "figure", "figcaption", "blockquote", "noscript", "svg")
HIDDEN_ELEMENTS = frozenset(
    ("script", "style", "template", "iframe", "noembed", "noframes", "textarea", "title", "xmp")
)
INTERRUPTING_ELEMENTS = frozenset(("script", "style"))
# The lookbehind lets a match begin only where a run of spaces does, which keeps the search linear.
BLANK_LINE = re.compile(r"(?<![ \t])[ \t]*(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """A run of text: its segments, the block element around it, the landmarks it is in, and whether it is shown."""

    segments: tuple[Span, ...]
    element: str
    landmarks: tuple[str, ...] = ()
    shown: bool = True


def split_text_runs(text: str, markup: Iterable[Token]) -> Iterator[TextRun]:
    """Yield the text runs of a page in order, from its tokens; runs of white space only are left out."""
    return _RunBuilder(text).runs(markup)


class _RunBuilder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[Span] = []
        self._interrupting: list[TextRun] = []
        self._element = "body"
        self._open_elements: Counter[str] = Counter()

    def runs(self, markup: Iterable[Token]) -> Iterator[TextRun]:
        for token in markup:
            if token.kind == "text":
                yield from self._add_text(token)
            elif token.kind == "raw" and token.name in INTERRUPTING_ELEMENTS:
                self._interrupting.extend(self._raw_run(token))
            elif token.kind == "raw":
                yield from self._flush()
                yield from self._raw_run(token)
            elif token.kind != "other":
                yield from self._add_tag(token)
        yield from self._flush()

    def _add_text(self, token: Token) -> Iterator[TextRun]:
        whole = Span(start=token.start, end=token.end)
        spans = self._preformatted_paragraphs(token) if self._open_elements["pre"] else [whole]
        for number, span in enumerate(spans):
            if number:
                yield from self._flush()
            self._spans.append(span)

    def _preformatted_paragraphs(self, token: Token) -> Iterator[Span]:
        """Split the text of a `pre` element at its blank lines."""
        start = token.start
        for blank in BLANK_LINE.finditer(self._text, token.start, token.end):
            if start < blank.start():
                yield Span(start=start, end=blank.start())
            start = blank.end()
        if start < token.end:
            yield Span(start=start, end=token.end)

    def _add_tag(self, token: Token) -> Iterator[TextRun]:
        name = token.name
        if name == "br":
            yield from self._flush()
        if name in BLOCK_ELEMENTS:
            yield from self._flush()
            self._element = name if token.kind == "open" else "div"
        if name in LANDMARKS or name == "pre":
            change = 1 if token.kind == "open" else -1
            self._open_elements[name] = max(self._open_elements[name] + change, 0)

    def _flush(self) -> Iterator[TextRun]:
        """End the current run; yield it and the hidden runs that interrupted it."""
        segments = trim_spans(self._text, self._spans)
        if segments:
            landmarks = tuple(name for name in LANDMARKS if self._open_elements[name])
            yield TextRun(segments=segments, element=self._element, landmarks=landmarks)
        yield from self._interrupting
        self._spans, self._interrupting = [], []

    def _raw_run(self, token: Token) -> Iterator[TextRun]:
        segments = trim_spans(self._text, [Span(start=token.start, end=token.end)])
        if segments:
            yield TextRun(segments=segments, element=token.name, shown=token.name not in HIDDEN_ELEMENTS)


def trim_spans(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans without white space at either end of the whole; empty if there is nothing but white space."""
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
