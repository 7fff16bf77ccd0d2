"""Builds the text of a file: a paragraph, a heading, an item of a list or a row of a table each on a line of its own.

Lines are separated by blank lines. An item has a bullet (`• `), which cleaning knows and leaves out of what it cites.
Memory is bounded, since a small file can unpack to a large one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from wherefrom.index.errors import SourceRejected

MAX_TEXT_CHARACTERS = 32 * 1024 * 1024
MAX_TABLE_DEPTH = 6
"""Tables nested deeper are read as paragraphs; those of mail newsletters have up to ten levels, for layout only."""
MAX_ROW_CHARACTERS = 600
"""A row with several paragraphs in a cell is one line up to this length; a longer one is the layout of a page."""
MAX_HEADING_CHARACTERS = 300
ITEM_MARK = "\u2022 "
CELL_SEPARATOR = " | "
BLOCK_SEPARATOR = "\n\n"
# Shown only where a line is broken, or not at all: soft hyphen, word joiner, byte order mark, control characters.
INVISIBLE = re.compile("[\u00ad\u2060\ufeff\x00-\x08\x0e-\x1b\x7f]+")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
BULLETS = "\u2022\u00b7\u25aa\u25e6\u2023\u25cf\u25a0\u25cb\u25ba*-\u2013"
LINE_BREAK = "\x0b"
"""White space that no XML holds, so that a break is told from white space between tags."""
BlockKind = Literal["paragraph", "heading", "item", "row"]


class TextBlock(NamedTuple):
    """A line of the text, without the mark of an item."""

    kind: BlockKind
    text: str

    def line(self) -> str:
        """Return the line with the mark of its kind."""
        return ITEM_MARK + self.text if self.kind == "item" and self.text[0] not in BULLETS else self.text


class BuiltText(NamedTuple):
    """The text of a file, and the offsets at which its headings start."""

    text: str
    headings: frozenset[int]


@dataclass(slots=True)
class _Table:
    row: list[list[TextBlock]] = field(default_factory=list)
    cell: list[TextBlock] | None = None


@dataclass(slots=True)
class _Flow:
    """A sequence of paragraphs: the body, a note or a text box; `after` is what comes after its open paragraph."""

    blocks: list[TextBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    after: list[TextBlock] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    deeper_tables: int = 0


class TextBuilder:
    """Takes the text of a file in the order of the file; `build` returns the whole."""

    def __init__(self, source: str, *, max_characters: int = MAX_TEXT_CHARACTERS) -> None:
        self._source = source
        self._max_characters = max_characters
        self._characters = 0
        self._flows = [_Flow()]
        self._notes: list[TextBlock] = []

    def add_text(self, text: str) -> None:
        """Add text to the open paragraph. Raise SourceRejected if the text of the file becomes too long."""
        self._count(len(text))
        self._flows[-1].pieces.append(text)

    def add_line_break(self) -> None:
        """Add a line break to the open paragraph; two in succession end it."""
        pieces = self._flows[-1].pieces
        while pieces and pieces[-1].isspace() and pieces[-1] != LINE_BREAK:
            pieces.pop()
        if pieces and pieces[-1] == LINE_BREAK:
            self.end_paragraph()
        else:
            pieces.append(LINE_BREAK)

    def end_paragraph(self, kind: BlockKind = "paragraph") -> str:
        """End the open paragraph, and return its text; one without text is left out."""
        flow = self._flows[-1]
        text = plain_line("".join(flow.pieces)) if flow.pieces else ""
        flow.pieces.clear()
        if text:
            if kind == "heading" and len(text) > MAX_HEADING_CHARACTERS:
                kind = "paragraph"
            self._sink(flow).append(TextBlock(kind, text))
        if flow.after:
            self._sink(flow).extend(flow.after)
            flow.after = []
        return text

    def begin_aside(self) -> None:
        """Begin a note or a text box, whose paragraphs are not part of the open one."""
        self._flows.append(_Flow())

    def end_aside(self, *, is_note: bool) -> None:
        """End the aside: a note comes at the end of the text, other asides after the paragraph that they are in."""
        if len(self._flows) == 1:
            return
        self.end_tables()
        aside = self._flows.pop()
        (self._notes if is_note else self._flows[-1].after).extend(aside.blocks)

    def add_note(self, note: "TextBuilder") -> None:
        """Add the text of another builder as a note."""
        self._count(note._characters)  # noqa: SLF001 - of the same class
        self._notes.extend(note.blocks())

    def begin_table(self) -> None:
        """Begin a table; the open paragraph ends."""
        self.end_paragraph()
        flow = self._flows[-1]
        if len(flow.tables) == MAX_TABLE_DEPTH:
            flow.deeper_tables += 1
        else:
            flow.tables.append(_Table())

    def begin_row(self) -> None:
        """Begin a row; one that is open ends."""
        self.end_row()

    def begin_cell(self) -> None:
        """Begin a cell; one that is open ends."""
        self.end_cell()
        flow = self._flows[-1]
        if flow.tables and not flow.deeper_tables:
            flow.tables[-1].cell = []

    def end_cell(self) -> None:
        """End the open cell, if there is one."""
        self.end_paragraph()
        flow = self._flows[-1]
        if flow.tables and not flow.deeper_tables:
            table = flow.tables[-1]
            if table.cell:
                table.row.append(table.cell)
            table.cell = None

    def end_row(self) -> None:
        """End the open row, if there is one."""
        self.end_cell()
        flow = self._flows[-1]
        if flow.tables and not flow.deeper_tables:
            table = flow.tables[-1]
            row, table.row = table.row, []
            self._sink(flow).extend(_row_blocks(row))

    def end_table(self) -> None:
        """End the innermost open table, if there is one."""
        flow = self._flows[-1]
        if flow.deeper_tables:
            self.end_paragraph()
            flow.deeper_tables -= 1
            return
        self.end_row()
        if flow.tables:
            flow.tables.pop()

    def end_tables(self) -> None:
        """End the open paragraph and all open tables."""
        self.end_paragraph()
        while self._flows[-1].tables:
            self.end_table()

    def add_chapter(self, chapter: "TextBuilder") -> None:
        """Add the text of another builder; its notes come at the end of the whole. Raise SourceRejected if too long."""
        chapter.end_all()
        self._count(chapter._characters)  # noqa: SLF001 - of the same class
        self._flows[-1].blocks.extend(chapter._flows[0].blocks)  # noqa: SLF001
        self._notes.extend(chapter._notes)  # noqa: SLF001

    def blocks(self) -> list[TextBlock]:
        """Return the lines of the text, notes last; what is open ends."""
        self.end_all()
        return [*self._flows[0].blocks, *self._notes]

    def end_all(self) -> None:
        """End what is open."""
        while len(self._flows) > 1:
            self.end_aside(is_note=False)
        self.end_tables()

    def word_count(self) -> int:
        """Return the number of words; what is open ends."""
        return sum(len(block.text.split()) for block in self.blocks())

    def build(self) -> BuiltText:
        """Return the text. Raise SourceRejected if there is none."""
        blocks = self.blocks()
        if not blocks:
            raise SourceRejected(self._source, "it holds no text")
        headings: list[int] = []
        lines: list[str] = []
        offset = 0
        for block in blocks:
            if block.kind == "heading":
                headings.append(offset)
            lines.append(block.line())
            offset += len(lines[-1]) + len(BLOCK_SEPARATOR)
        return BuiltText(BLOCK_SEPARATOR.join(lines) + "\n", frozenset(headings))

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > self._max_characters:
            reason = (
                f"it unpacks to more than {self._max_characters:,} characters of text; divide it into several files"
            )
            raise SourceRejected(self._source, reason)

    @staticmethod
    def _sink(flow: _Flow) -> list[TextBlock]:
        """Return the list that the next block goes to: the innermost open cell, or the flow itself."""
        for table in reversed(flow.tables):
            if table.cell is not None:
                return table.cell
        return flow.blocks


def plain_line(text: str) -> str:
    """Return text as one line: white space collapsed, without characters that are not shown."""
    if not text.isascii():
        text = LONE_SURROGATE.sub("\ufffd", text)
    return " ".join(INVISIBLE.sub("", text).split())


def _row_blocks(row: Sequence[Sequence[TextBlock]]) -> Iterable[TextBlock]:
    """Return the cells of a row as one line, or as paragraphs if they are the layout of a page rather than a table."""
    if len(row) == 1:
        return row[0]
    total = sum(len(block.text) for cell in row for block in cell)
    if total > MAX_ROW_CHARACTERS and any(len(cell) > 1 for cell in row):
        return [block for cell in row for block in cell]
    text = CELL_SEPARATOR.join(" ".join(block.text for block in cell) for cell in row)
    return (TextBlock("row", text),) if text else ()
