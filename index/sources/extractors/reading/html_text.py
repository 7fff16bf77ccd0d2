"""Extracts the visible text of HTML and XHTML: one paragraph per block, notes at the end.

HTML is read token by token and may have unclosed elements; XHTML is read as XML, in which an empty element such as
`<script/>` has no content.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from wherefrom.index.sources.character_references import resolve_references
from wherefrom.index.sources.extractors.reading.raised_text import is_note_link
from wherefrom.index.sources.extractors.reading.text_builder import BlockKind, TextBuilder, plain_line
from wherefrom.index.sources.extractors.reading.xml_events import MalformedXml, read_xml
from wherefrom.index.sources.html_elements import BLOCK_ELEMENTS, HEADINGS
from wherefrom.index.sources.html_tokenizer import VOID_ELEMENTS, Token, tokenize

XHTML_PREFIXES: Mapping[str, str] = {"http://www.idpf.org/2007/ops": "epub"}
# Elements without visible text, or with text that repeats visible text.
LEFT_OUT = frozenset(
    (
        *("head", "script", "style", "template", "title", "textarea", "select", "button", "iframe", "svg"),
        *("rt", "rp", "audio", "video", "canvas", "noframes", "noembed", "datalist", "annotation", "annotation-xml"),
    )
)
DELETED = frozenset(("del", "s", "strike"))
SEPARATE_BLOCKS = (BLOCK_ELEMENTS | {"frameset"}) - {"button", "label", "select", "option", "svg", "math", "title"}
# The start of one of these ends a left-out head or paragraph whose end tag is missing.
BEGIN_BODY = SEPARATE_BLOCKS - {"head", "html", "noscript", "template", "object", "iframe"}
ENDED_BY_BLOCKS = frozenset(("head", "p"))
# Kinds of content (`epub:type`, `role`) that are not text of a chapter: contents, page numbers, references to notes.
LEFT_OUT_TYPES = frozenset(
    (
        *("toc", "landmarks", "page-list", "loi", "lot", "loa", "lov", "pagebreak", "noteref", "backlink"),
        *("copyright-page", "doc-toc", "doc-pagelist", "doc-pagebreak", "doc-noteref", "doc-backlink"),
    )
)
NOTE_TYPES = frozenset(("footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"))
HIDDEN_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|text-decoration(?:-line)?\s*:[^;]*line-through)\b",
    re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?""")
KEPT_ATTRIBUTES = ("style", "hidden", "epub:type", "role", "href")
# Of a table of contents: the minimum number of lines that begin with a link, their share of the lines, and the share of
# the words that are in links.
MIN_CONTENTS_LINKS, MIN_LINKED_BLOCKS, MIN_LINKED_WORDS = 2, 0.8, 0.5
MAX_TAG_CHARACTERS = 10_000
# A self-closing element, which only XHTML has; in HTML the rest of the page would be its content.
EMPTY_RAW_ELEMENT = re.compile(
    r"<(script|style|title|textarea|iframe|noframes|noembed|xmp)(\s[^<>]*)?/>", re.IGNORECASE
)


class HtmlText:
    """Processes the tags and the text of a page and adds the visible text to a builder.

    `left_out` has the elements whose content is left out.
    """

    def __init__(self, builder: TextBuilder, left_out: frozenset[str] = LEFT_OUT | DELETED) -> None:
        self.title = ""
        self._builder = builder
        self._names_left_out = left_out
        self._left_out = ""
        self._left_out_depth = 0
        self._in_title = False
        self._items: list[bool] = []
        self._notes: list[tuple[str, int]] = []
        self._heading = ""
        self._raised = 0
        self._link = ""
        self._blocks = self._linked_blocks = self._words = self._linked_words = 0
        self._begins_with_link: bool | None = None

    @property
    def is_contents(self) -> bool:
        """Whether the page is a table of contents: its lines begin with links to other parts of a book."""
        is_of_links = self._linked_blocks >= max(MIN_CONTENTS_LINKS, MIN_LINKED_BLOCKS * self._blocks)
        return is_of_links and self._linked_words >= MIN_LINKED_WORDS * self._words

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Process a start tag."""
        if self._left_out and self._goes_on(name):
            return
        if name == "br":
            self._builder.add_line_break()
            return
        kinds = attributes.get("epub:type", "").split() + attributes.get("role", "").split()
        if name in self._names_left_out or _is_hidden(attributes) or not LEFT_OUT_TYPES.isdisjoint(kinds):
            if name in SEPARATE_BLOCKS:
                self._end_block()
            if name not in VOID_ELEMENTS:
                self._left_out, self._left_out_depth = name, 1
                self._in_title = name == "title"
            return
        if name in SEPARATE_BLOCKS:
            self._start_block(name)
        else:
            self._start_inline(name, attributes)
        if not NOTE_TYPES.isdisjoint(kinds):
            self._builder.begin_aside()
            self._notes.append((name, 1))
            self._items.append(False)
        elif self._notes and name == self._notes[-1][0]:
            self._notes[-1] = (name, self._notes[-1][1] + 1)

    def text(self, text: str) -> None:
        """Process a piece of text."""
        if not self._left_out:
            if "#" in self._link and is_note_link(text, is_raised=self._raised > 0):
                return
            self._count(text)
            if self._raised:
                self._builder.add_raised(text)
            else:
                self._builder.add_text(text)
        elif self._in_title:
            self.title += text

    def end(self, name: str) -> None:
        """Process an end tag."""
        if self._left_out:
            self._end_left_out(name)
            return
        if name in SEPARATE_BLOCKS:
            self._end_block()
        else:
            self._end_inline(name)
        if name == "table":
            self._builder.end_table()
        elif name == "tr":
            self._builder.end_row()
        elif name in ("td", "th"):
            self._builder.end_cell()
        elif name == "li" and self._items:
            self._items.pop()
        elif name in HEADINGS:
            self._heading = ""
        if self._notes and name == self._notes[-1][0]:
            self._end_of_note(name)

    def finish(self) -> None:
        """End all open elements, so that another page can follow."""
        self._end_block()
        while self._notes:
            self._notes.pop()
            self._builder.end_aside(is_note=True)
        self._items.clear()
        self._left_out = self._heading = self._link = ""
        self._raised = 0
        self._builder.end_tables()

    def _goes_on(self, name: str) -> bool:
        """Return whether the left-out element continues at the start tag of another element."""
        if self._left_out in ENDED_BY_BLOCKS and name in BEGIN_BODY:
            self._left_out = ""
            self._in_title = False
            return False
        self._in_title = name == "title" and self._left_out == "head"
        self._left_out_depth += name == self._left_out
        return True

    def _end_left_out(self, name: str) -> None:
        self._in_title = False
        if name == self._left_out:
            self._left_out_depth -= 1
            if not self._left_out_depth:
                self._left_out = ""

    def _start_block(self, name: str) -> None:
        self._end_block()
        if name == "table":
            self._builder.begin_table()
        elif name == "tr":
            self._builder.begin_row()
        elif name in ("td", "th"):
            self._builder.begin_cell()
        elif name == "li":
            self._items.append(True)
        elif name in HEADINGS:
            self._heading = name

    def _count(self, text: str) -> None:
        words = len(text.split())
        is_linked = self._link != "" and ":" not in self._link
        if self._begins_with_link is None and words:
            self._begins_with_link = is_linked
        if not self._heading:
            self._words += words
            self._linked_words += words if is_linked else 0

    def _start_inline(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "a":
            self._link = attributes.get("href", "")
        elif name == "sup":
            self._raised += 1

    def _end_inline(self, name: str) -> None:
        if name == "a":
            self._link = ""
        elif name == "sup":
            self._raised = max(self._raised - 1, 0)

    def _end_block(self) -> None:
        """End the open paragraph; the first one of a list item is of the kind "item"."""
        kind: BlockKind = "paragraph"
        if self._heading:
            kind = "heading"
        elif self._items and self._items[-1]:
            kind = "item"
        if kind != "heading" and self._begins_with_link is not None:
            self._blocks += 1
            self._linked_blocks += self._begins_with_link
        self._begins_with_link = None
        if self._builder.end_paragraph(kind) and kind == "item":
            self._items[-1] = False

    def _end_of_note(self, name: str) -> None:
        depth = self._notes[-1][1] - 1
        self._notes[-1] = (name, depth)
        if not depth:
            self._end_block()
            self._notes.pop()
            self._items.pop()
            self._builder.end_aside(is_note=True)


def read_html(text: str, builder: TextBuilder) -> str:
    """Add the text of a page to a builder, and return the page's title; elements may be unclosed."""
    return plain_line(_read_html(text, builder).title)


def _read_html(text: str, builder: TextBuilder, *, is_xhtml: bool = False) -> HtmlText:
    if is_xhtml:
        text = EMPTY_RAW_ELEMENT.sub(r"<\1></\1>", text)
    tokens = list(tokenize(text))
    handler = HtmlText(builder, LEFT_OUT | _closed(tokens))
    for token in tokens:
        piece = text[token.start : token.end]
        if token.kind in ("text", "raw"):
            handler.text(resolve_references(piece))
        elif token.kind == "open":
            handler.start(token.name, _attributes(piece))
        elif token.kind == "close":
            handler.end(token.name)
    handler.finish()
    return handler


def read_xhtml(text: str, source: str) -> TextBuilder:
    """Return the text of an XHTML page; one that is not well-formed is read as HTML. Raise SourceRejected.

    A page that is a table of contents has no text.
    """
    builder = TextBuilder(source)
    try:
        handler = HtmlText(builder)
        read_xml(text, handler, XHTML_PREFIXES)
        handler.finish()
    except MalformedXml:
        builder = TextBuilder(source)
        handler = _read_html(text, builder, is_xhtml=True)
    return TextBuilder(source) if handler.is_contents else builder


def _closed(tokens: Sequence[Token]) -> frozenset[str]:
    """Return the elements of deleted text that all have end tags; one without would delete the rest of the page."""
    counts = Counter((token.name, token.kind) for token in tokens if token.name in DELETED)
    return frozenset(name for name in DELETED if counts[name, "open"] <= counts[name, "close"])


def _attributes(tag: str) -> Mapping[str, str]:
    """Return the attributes of a start tag that determine whether and how its element is shown."""
    tag = tag[:MAX_TAG_CHARACTERS]
    lowered = tag.lower()
    if not any(name in lowered for name in KEPT_ATTRIBUTES):
        return {}
    found = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in ATTRIBUTE.finditer(tag, 1)}
    return {name: resolve_references(found[name]) for name in KEPT_ATTRIBUTES if name in found}


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or HIDDEN_STYLE.search(attributes.get("style", "")) is not None
