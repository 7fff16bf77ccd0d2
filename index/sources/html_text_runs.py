"""HTML tokens to stretches: the text that a page shows as one, with the element it stands in.

A block element begins a new stretch, and so does a line break; inline elements do not, nor do scripts and styles in
the middle of a text. What is never shown is a stretch of its own, behind the one that it interrupts.
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
# Elements that say what is in them, whatever else stands between.
LANDMARKS = ("nav", "header", "footer", "aside", "form", "figure", "figcaption", "blockquote", "noscript", "svg")
UNSHOWN = frozenset(("script", "style", "template", "iframe", "noembed", "noframes", "textarea", "title", "xmp"))
INTERRUPTING = frozenset(("script", "style"))
BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Text that stands together: its segments, the block element around it, and the landmarks around that."""

    segments: tuple[Span, ...]
    element: str
    landmarks: tuple[str, ...] = ()
    shown: bool = True


def split_stretches(text: str, markup: Iterable[Token]) -> Iterator[Stretch]:
    """The stretches of a page, from its tokens, in order; none without a character that is not white space."""
    return _Layout(text).stretches(markup)


class _Layout:
    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[Span] = []
        self._interrupting: list[Stretch] = []
        self._element = "body"
        self._open: Counter[str] = Counter()

    def stretches(self, markup: Iterable[Token]) -> Iterator[Stretch]:
        for token in markup:
            if token.kind == "text":
                yield from self._read(token)
            elif token.kind == "raw" and token.name in INTERRUPTING:
                self._interrupting.extend(self._hidden(token))
            elif token.kind == "raw":
                yield from self._flush()
                yield from self._hidden(token)
            elif token.kind != "other":
                yield from self._tag(token)
        yield from self._flush()

    def _read(self, token: Token) -> Iterator[Stretch]:
        pieces = self._preformatted(token) if self._open["pre"] else [Span(start=token.start, end=token.end)]
        for number, piece in enumerate(pieces):
            if number:
                yield from self._flush()
            self._spans.append(piece)

    def _preformatted(self, token: Token) -> Iterator[Span]:
        start = token.start
        for blank in BLANK_LINE.finditer(self._text, token.start, token.end):
            if start < blank.start():
                yield Span(start=start, end=blank.start())
            start = blank.end()
        if start < token.end:
            yield Span(start=start, end=token.end)

    def _tag(self, token: Token) -> Iterator[Stretch]:
        name = token.name
        if name == "br":
            yield from self._flush()
        if name in BLOCK_ELEMENTS:
            yield from self._flush()
            self._element = name if token.kind == "open" else "div"
        if name in LANDMARKS or name == "pre":
            self._open[name] = max(self._open[name] + (1 if token.kind == "open" else -1), 0)

    def _flush(self) -> Iterator[Stretch]:
        segments = trimmed(self._text, self._spans)
        if segments:
            landmarks = tuple(name for name in LANDMARKS if self._open[name])
            yield Stretch(segments=segments, element=self._element, landmarks=landmarks)
        yield from self._interrupting
        self._spans, self._interrupting = [], []

    def _hidden(self, token: Token) -> Iterator[Stretch]:
        segments = trimmed(self._text, [Span(start=token.start, end=token.end)])
        if segments:
            yield Stretch(segments=segments, element=token.name, shown=token.name not in UNSHOWN)


def trimmed(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without white space at either end of the whole; nothing where they hold nothing else."""
    first, last = 0, len(spans)
    while first < last and not text[spans[first].start : spans[first].end].strip():
        first += 1
    while first < last and not text[spans[last - 1].start : spans[last - 1].end].strip():
        last -= 1
    kept = list(spans[first:last])
    if kept:
        lead = text[kept[0].start : kept[0].end]
        kept[0] = Span(start=kept[0].end - len(lead.lstrip()), end=kept[0].end)
        tail = text[kept[-1].start : kept[-1].end]
        kept[-1] = Span(start=kept[-1].start, end=kept[-1].start + len(tail.rstrip()))
    return tuple(kept)
