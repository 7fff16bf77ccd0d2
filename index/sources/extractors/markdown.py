"""Finds the text of a Markdown file without its marks; its front matter is metadata. Offsets refer to the file itself.

markdown-it-py divides it into blocks by CommonMark, with tables. The marks inside a block are found here, since
markdown-it-py does not provide their positions: links, emphasis, code, HTML, notes (`[^1]`) and wiki links.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.extractors.extracted_text import ExtractedText, SourceParagraphs
from wherefrom.index.sources.extractors.reading.front_matter import read_front_matter
from wherefrom.index.sources.extractors.reading.markdown_marks import LINE_BREAK, NOTE, divide_notes, marks
from wherefrom.index.sources.html_elements import BLOCK_ELEMENTS
from wherefrom.index.sources.html_text_runs import trim_spans
from wherefrom.index.sources.html_tokenizer import tokenize
from wherefrom.index.types import Span

READER_VERSION = "2"
"""The version of this module; part of the extractor's version."""
LINE_END = re.compile(r"\r\n?|\n")
PREFIX = re.compile(r"(?:[ \t]*>)*[ \t]*")
HEADING_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
HEADING_START = re.compile(r"#{1,6}(?:[ \t]+|$)")
CALLOUT = re.compile(r"\[![\w-]{1,40}\][+-]?[ \t]*")
TASK = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+(\[[ xX]\][ \t]+)")
UNSPACED = re.compile("[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]")
MAX_EDGE = 1_000
FIRST_PIPE, LAST_PIPE = re.compile(r"\|[ \t]*"), re.compile(r"(?<!\\)[ \t]*\|[ \t]*$")


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of a Markdown file. Raise SourceRejected if it is empty or not text."""
    decoded = decode(raw, source=source)
    front_matter = read_front_matter(decoded.text)
    if not decoded.text[front_matter.end :].strip(" \t\r\n\ufeff"):
        raise SourceRejected(source, "it holds no text below its front matter" if front_matter.end else "it is empty")
    reader = _MarkdownReader(decoded.text, front_matter.end)
    reader.read()
    if not reader.paragraphs:
        raise SourceRejected(source, "it holds no text")
    in_source = SourceParagraphs(encoding=decoded.encoding, errors=decoded.errors, paragraphs=tuple(reader.paragraphs))
    return ExtractedText(
        text=decoded.text,
        headings=frozenset(reader.headings),
        extractor=f"markdown-it-py {version('markdown-it-py')}+wherefrom.{READER_VERSION}",
        properties=front_matter.properties,
        in_source=in_source,
        warnings=(*decoded.warnings, *front_matter.warnings),
    )


class _MarkdownReader:
    """Collects the spans of the paragraphs of a file, and the starts of those that are headings."""

    def __init__(self, text: str, start: int) -> None:
        self.paragraphs: list[tuple[Span, ...]] = []
        self.headings: list[int] = []
        self._text = text
        self._lines = list(_lines(text, start))
        self._parser = MarkdownIt("commonmark", {"html": True}).enable(["table"]).disable(["inline"])
        self._notes: frozenset[str] = frozenset()
        self._numbers: Sequence[int] = ()
        self._heading = ""
        self._begins_quote = False
        self._in_row = False

    def read(self) -> None:
        """Read the file, its notes last."""
        kept, notes = divide_notes([self._text[start:end] for start, end in self._lines])
        self._notes = frozenset(label for label, _ in notes)
        self._add(kept)
        for _, lines in notes:
            self._add(lines)

    def _add(self, lines: Sequence[tuple[int, str]]) -> None:
        """Read lines, each with its number in the file."""
        self._numbers = [number for number, _ in lines]
        for token in self._parser.parse("\n".join(content for _, content in lines)):
            self._block(token)

    def _block(self, token: Token) -> None:
        kind = token.type
        if kind == "heading_open":
            self._heading = token.markup
        elif kind == "heading_close":
            self._heading = ""
        elif kind == "inline" and not self._in_row:
            self._words(token)
        elif kind == "tr_open":
            self._in_row = True
            self._words(token)
        elif kind == "tr_close":
            self._in_row = False
        elif kind in ("fence", "code_block"):
            self._code(token)
        elif kind == "html_block":
            self._html(token)
        elif kind == "blockquote_open":
            self._begins_quote = True

    def _numbered(self, token: Token) -> Sequence[int]:
        """Return the line numbers of a block in the file."""
        first, last = token.map or (0, 0)
        return self._numbers[first:last]

    def _words(self, token: Token) -> None:
        """Add the words of a paragraph, heading or row: its lines without their prefixes and marks."""
        numbers = self._numbered(token)
        if self._heading in ("=", "-") and len(numbers) > 1:
            numbers = numbers[:-1]
        spans = [self._without_prefix(number) for number in numbers]
        spans = [span for span in spans if span.start < span.end]
        if not spans:
            return
        start = spans[0].start
        if note := NOTE.match(self._text, start):
            start = min(note.end(), spans[0].end)
        region = self._text[start : spans[-1].end]
        left_out = [(start + first, start + last) for first, last in marks(region, self._notes)]
        left_out += self._marks_at_edges(start, spans[-1].end)
        spans[0] = Span(start=start, end=spans[0].end)
        joined = [*(self._with_line_end(each, after) for each, after in pairwise(spans)), spans[-1]]
        before = len(self.paragraphs)
        breaks = [start + match.start() for match in LINE_BREAK.finditer(region)]
        for part in _divided(list(_without(joined, sorted(left_out))), breaks):
            self._keep(part)
        self._begins_quote = False
        if self._heading and len(self.paragraphs) > before:
            self.headings.append(self.paragraphs[-1][0].start)

    def _marks_at_edges(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of marks at the edges of a block: of a heading, a row, a task or a callout."""
        if self._heading.startswith("#"):
            if match := HEADING_START.match(self._text, start, end):
                yield match.span()
            if match := HEADING_END.search(self._text, max(start, end - MAX_EDGE), end):
                yield match.span()
        elif self._in_row:
            if match := FIRST_PIPE.match(self._text, start, end):
                yield match.span()
            if match := LAST_PIPE.search(self._text, max(start, end - MAX_EDGE), end):
                yield match.span()
        elif match := TASK.match(self._text, start, end):
            yield match.span(1)
        elif self._begins_quote and (match := CALLOUT.match(self._text, start, end)):
            yield match.span()

    def _without_prefix(self, number: int) -> Span:
        """Return the range of a line without its indent and quotation marks (`>`)."""
        start, end = self._lines[number]
        prefix = PREFIX.match(self._text, start, end)
        return Span(start=prefix.end() if prefix else start, end=end)

    def _with_line_end(self, span: Span, after: Span) -> Span:
        """Return a line with its line end as white space, unless it is between Chinese or Japanese characters."""
        is_unspaced = UNSPACED.match(self._text, span.end - 1) and UNSPACED.match(self._text, after.start)
        return span if is_unspaced else Span(start=span.start, end=span.end + 1)

    def _code(self, token: Token) -> None:
        numbers = list(self._numbered(token))
        if token.type == "fence":
            lines = [self._text[slice(*self._lines[number])] for number in numbers]
            is_closed = len(lines) > 1 and token.markup in lines[-1]
            numbers = numbers[1:-1] if is_closed else numbers[1:]
        spans = [self._without_prefix(number) for number in numbers]
        self._keep(Span(start=span.start, end=min(span.end + 1, len(self._text))) for span in spans)

    def _html(self, token: Token) -> None:
        """Add the text between the tags: one paragraph per block of the markup."""
        numbers = self._numbered(token)
        if not numbers:
            return
        start, end = self._lines[numbers[0]][0], self._lines[numbers[-1]][1]
        spans: list[Span] = []
        for piece in tokenize(self._text[start:end]):
            if piece.kind == "text":
                spans.append(Span(start=start + piece.start, end=start + piece.end))
            elif piece.name in BLOCK_ELEMENTS:
                self._keep(spans)
                spans = []
        self._keep(spans)

    def _keep(self, spans: Iterable[Span]) -> None:
        if kept := trim_spans(self._text, list(spans)):
            self.paragraphs.append(kept)


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the range of each line after an offset, without its line end."""
    for end in LINE_END.finditer(text, start):
        yield start, end.start()
        start = end.end()
    yield start, len(text)


def _divided(spans: Sequence[Span], breaks: Sequence[int]) -> Iterator[list[Span]]:
    """Yield the groups of spans before, between and after the positions of line breaks."""
    part: list[Span] = []
    at = 0
    for span in spans:
        while at < len(breaks) and breaks[at] <= span.start:
            at += 1
            if part:
                yield part
                part = []
        part.append(span)
    if part:
        yield part


def _without(spans: Sequence[Span], left_out: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the parts of spans outside the left-out ranges; both are in order, and ranges may overlap."""
    at = 0
    for span in spans:
        start = span.start
        while at < len(left_out) and left_out[at][0] < span.end:
            first, last = left_out[at]
            if start < first:
                yield Span(start=start, end=first)
            start = max(start, last)
            if last > span.end:
                break
            at += 1
        if start < span.end:
            yield Span(start=start, end=span.end)
