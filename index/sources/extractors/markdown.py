"""The text of a Markdown file, without its marks; its front matter is metadata.

markdown-it-py divides it as CommonMark says, with tables and struck text. What it does not know is read here: notes
(`[^1]`), links of wikis (`[[page|words]]`), and the markup of HTML.
"""

import re
from collections.abc import Iterable
from importlib.metadata import version
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.reading.front_matter import read_front_matter
from wherefrom.index.sources.extractors.reading.html_text import read_html
from wherefrom.index.sources.extractors.reading.text_builder import BlockKind, TextBuilder

READER_VERSION = "1"
"""Of this module; part of what is cited as the extractor's version."""
NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,100})\]:[ \t]*", re.MULTILINE)
NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,100})\]")
WIKI_IMAGE = re.compile(r"!\[\[[^\[\]\n]{1,500}\]\]")
WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,300}\|)?([^\[\]|\n]{1,300})\]\]")
CALLOUT = re.compile(r"^\[![\w-]{1,40}\][+-]?\s*")
TASK = re.compile(r"^\[[ xX]\]\s+")
UNSPACED = "[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
UNSPACED_BREAK = re.compile(rf"(?<={UNSPACED})\n(?={UNSPACED})")
"""A line's end between Chinese or Japanese characters, which no white space stands for."""
LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
FENCE = re.compile(r" {0,3}(`{3}|~{3})")
NOTE_INDENTS = ("    ", "\t")


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of a Markdown file. Raise SourceRejected if it is empty, or no text."""
    decoded = decode(raw, source=source)
    front_matter = read_front_matter(decoded.text)
    body = decoded.text[front_matter.end :].removeprefix("\ufeff")
    if not body.strip():
        raise SourceRejected(source, "it holds no text below its front matter" if front_matter.end else "it is empty")
    builder = TextBuilder(source)
    _MarkdownReader(builder).read(body)
    built = builder.build()
    return ExtractedText(
        text=built.text,
        headings=built.headings,
        extractor=f"markdown-it-py {version('markdown-it-py')}+wherefrom.{READER_VERSION}",
        properties=front_matter.properties,
        warnings=(*decoded.warnings, *front_matter.warnings),
    )


class _MarkdownReader:
    """Builds the text of a file from the tokens of its blocks."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        self._items: list[str | None] = []
        """The marks of the open items, innermost last; `None` after the first paragraph of an item."""
        self._notes: frozenset[str] = frozenset()
        self._begins_quote = False

    def read(self, text: str) -> None:
        """Add the text of a file, its notes last."""
        text, notes = without_notes(text)
        self._notes = frozenset(label for label, _ in notes)
        self._add(self._parser.parse(text))
        for _, note in notes:
            self._builder.begin_aside()
            self._add(self._parser.parse(note))
            self._builder.end_aside(is_note=True)

    def _add(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            self._block(token)

    def _block(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            self._inline(token.children or ())
        elif kind in ("fence", "code_block"):
            self._builder.add_text(token.content)
            self._end()
        elif kind == "html_block":
            read_html(token.content, self._builder)
        elif kind == "list_item_open":
            self._items.append(f"{token.info}{token.markup} " if token.info else "")
        elif kind == "list_item_close":
            self._end()
            self._items.pop()
        elif kind == "heading_close":
            self._builder.end_paragraph("heading")
        elif kind == "paragraph_close":
            self._end()
        elif kind == "blockquote_open":
            self._begins_quote = True
        else:
            self._table(kind)

    def _table(self, kind: str) -> None:
        if kind == "table_open":
            self._builder.begin_table()
        elif kind == "table_close":
            self._builder.end_table()
        elif kind == "tr_open":
            self._builder.begin_row()
        elif kind in ("th_open", "td_open"):
            self._builder.begin_cell()

    def _end(self) -> None:
        """End the open paragraph; the first of an item is the item, unless it has a number."""
        kind: BlockKind = "item" if self._items and self._items[-1] == "" else "paragraph"
        if self._builder.end_paragraph(kind) and self._items:
            self._items[-1] = None

    def _inline(self, tokens: Iterable[Token]) -> None:
        """Add the words of a block; what is code is taken as it is."""
        text: list[str] = []
        begins = True
        for token in tokens:
            if token.type == "text":
                text.append(token.content)
            elif token.type in ("softbreak", "hardbreak") or LINE_BREAK_TAG.fullmatch(token.content):
                text.append("\n")
            elif token.type == "code_inline":
                self._words("".join(text), begins=begins)
                text, begins = [], False
                self._builder.add_text(token.content)
        self._words("".join(text), begins=begins)
        self._begins_quote = False

    def _words(self, text: str, *, begins: bool) -> None:
        if begins and self._items and self._items[-1] is not None:
            text = self._items[-1] + TASK.sub("", text)
        if begins and self._begins_quote:
            text = CALLOUT.sub("", text)
        if "[" in text:
            text = NOTE_MARK.sub(self._without_mark, WIKI_LINK.sub(r"\1", WIKI_IMAGE.sub("", text)))
        self._builder.add_text(UNSPACED_BREAK.sub("", text))

    def _without_mark(self, mark: re.Match[str]) -> str:
        return "" if mark[1] in self._notes else mark[0]


def without_notes(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a text without its notes, and the notes with their labels in order.

    A note goes on to the next blank line, and after it with the lines that are indented.
    """
    if "[^" not in text:
        return text, []
    kept: list[str] = []
    notes: list[tuple[str, list[str]]] = []
    fence = ""
    state: Literal["text", "note", "blank line of a note"] = "text"
    for line in text.splitlines(keepends=True):
        is_blank = not line.strip()
        note = None if fence else NOTE.match(line)
        if note is not None:
            notes.append((note[1], [line[note.end() :]]))
            state = "note"
        elif state == "note" or (state != "text" and (is_blank or line.startswith(NOTE_INDENTS))):
            notes[-1][1].append(line.lstrip(" \t"))
            state = "blank line of a note" if is_blank else "note"
        else:
            state = "text"
            kept.append(line)
            fence = _open_fence(line, fence)
    return "".join(kept), [(label, "".join(lines)) for label, lines in notes]


def _open_fence(line: str, fence: str) -> str:
    """Return the fence of the block of code that is open after a line, empty for none."""
    mark = FENCE.match(line)
    if mark is None:
        return fence
    return mark[1] if not fence else ("" if mark[1] == fence else fence)
