"""Builds the text of a file, with each paragraph, heading, list item and table row on its own line.

Lines are separated by blank lines. An item has a bullet (`• `), which cleaning recognizes and excludes from citations.
The memory is bounded, since a small file can unpack to a large text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.reading.raised_text import raised

MAX_TEXT_CHARACTERS = 32 * 1024 * 1024
MAX_TABLE_DEPTH = 6
"""Maximum nesting of tables; deeper ones become paragraphs. Newsletters have up to ten levels, for layout only."""
MAX_ROW_CHARACTERS = 600
"""Maximum length of a row with several paragraphs in a cell; a longer one is treated as page layout."""
MAX_HEADING_CHARACTERS = 300
MAX_PIECES_BEFORE = 12
"""Number of last pieces of a paragraph that decide how raised text is written."""
ITEM_MARK = "\u2022 "
CELL_SEPARATOR = " | "
BLOCK_SEPARATOR = "\n\n"
# Characters shown only at line breaks, or never: soft hyphen, word joiner, byte order mark, control characters.
INVISIBLE = re.compile("[\u00ad\u2060\ufeff\x00-\x08\x0e-\x1b\x7f]+")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
BULLETS = "\u2022\u00b7\u25aa\u25e6\u2023\u25cf\u25a0\u25cb\u25ba*-\u2013"
LINE_BREAK = "\x0b"
"""White space that is invalid in XML, so that a break is distinguished from white space between tags."""
BlockKind = Literal["paragraph", "heading", "item", "row"]


class TextBlock(NamedTuple):
    """A line of the text, without the mark of an item."""

    kind: BlockKind
    text: str

    def line(self) -> str:
        """Return the line, an item with its bullet."""
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
    """A sequence of paragraphs: the body, a note or a text box; `after` has the blocks after its open paragraph."""

    blocks: list[TextBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    after: list[TextBlock] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    deeper_tables: int = 0


class TextBuilder:
    """Collects the text of a file in its order; `build` returns the complete text."""

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

    def add_raised(self, text: str) -> None:
        """Add raised text to the open paragraph, without a note mark. Raise SourceRejected as `add_text` does."""
        pieces = self._flows[-1].pieces
        self.add_text(raised(text, "".join(pieces[-MAX_PIECES_BEFORE:])))

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
        """End the open paragraph and return its text; an empty one is left out."""
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
        """End the aside: a note is placed at the end of the text, a text box after the paragraph around it."""
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
        """Begin a table, after ending the open paragraph."""
        self.end_paragraph()
        flow = self._flows[-1]
        if len(flow.tables) == MAX_TABLE_DEPTH:
            flow.deeper_tables += 1
        else:
            flow.tables.append(_Table())

    def begin_row(self) -> None:
        """Begin a row, after ending an open one."""
        self.end_row()

    def begin_cell(self) -> None:
        """Begin a cell, after ending an open one."""
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
        """Add the text of another builder, with its notes at the end of all. Raise SourceRejected if it is too long."""
        chapter.end_all()
        self._count(chapter._characters)  # noqa: SLF001 - of the same class
        self._flows[-1].blocks.extend(chapter._flows[0].blocks)  # noqa: SLF001
        self._notes.extend(chapter._notes)  # noqa: SLF001

    def blocks(self) -> list[TextBlock]:
        """End all open parts and return the lines of the text, notes last."""
        self.end_all()
        return [*self._flows[0].blocks, *self._notes]

    def end_all(self) -> None:
        """End all open asides, tables and paragraphs."""
        while len(self._flows) > 1:
            self.end_aside(is_note=False)
        self.end_tables()

    def word_count(self) -> int:
        """End all open parts and return the number of words."""
        return sum(len(block.text.split()) for block in self.blocks())

    def build(self) -> BuiltText:
        """Return the complete text. Raise SourceRejected if it is empty."""
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
        """Return the list for the next block: the innermost open cell, or the flow itself."""
        for table in reversed(flow.tables):
            if table.cell is not None:
                return table.cell
        return flow.blocks


def plain_line(text: str) -> str:
    """Return a text as one line, with white space collapsed and without invisible characters."""
    if not text.isascii():
        text = LONE_SURROGATE.sub("\ufffd", text)
    return " ".join(INVISIBLE.sub("", text).split())


def _row_blocks(row: Sequence[Sequence[TextBlock]]) -> Iterable[TextBlock]:
    """Return the cells of a row as one line, or as paragraphs if they are page layout rather than a table."""
    if len(row) == 1:
        return row[0]
    total = sum(len(block.text) for cell in row for block in cell)
    if total > MAX_ROW_CHARACTERS and any(len(cell) > 1 for cell in row):
        return [block for cell in row for block in cell]
    text = CELL_SEPARATOR.join(" ".join(block.text for block in cell) for cell in row)
    return (TextBlock("row", text),) if text else ()
