r"""Extracts the text of an RTF file with all tracked changes accepted and without hidden text.

Our own reader: the library striprtf has no notes and includes deleted and hidden text; on some files its running time
is quadratic.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.reading.declared_values import (
    declared_authors,
    declared_title,
    user_names,
)
from wherefrom.index.sources.extractors.reading.rtf_fonts import (
    CHARACTER_SETS,
    DEFAULT_ENCODING,
    FILE_ENCODINGS,
    code_page_encoding,
    decode_bytes,
)
from wherefrom.index.sources.extractors.reading.rtf_tokens import rtf_tokens
from wherefrom.index.sources.extractors.reading.text_builder import CELL_SEPARATOR, BlockKind, TextBuilder, plain_line
from wherefrom.index.types import Given

EXTRACTOR = "wherefrom-rtf 2"
RTF_MAGIC = b"{\\rtf"
UTF_8_MARK = b"\xef\xbb\xbf"
MAX_DEPTH = 10_000
# Groups whose content is left out; unknown groups that begin with `\*` are left out too.
LEFT_OUT = frozenset(
    (
        *("colortbl", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
        *("pict", "fldinst", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata"),
        *("datastore", "latentstyles", "pntext", "listtext", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc"),
        *("aftncn", "tc", "tcn", "xe", "txe", "rxe", "filetbl", "template", "nonesttables", "shprslt", "objdata"),
        *("bkmkstart", "bkmkend", "annotation", "atnid", "atnauthor", "atrfstart", "atrfend", "atnref", "atndate"),
        *("sp", "nonshppict", "blipuid", "private", "pgp", "do", "ffname", "formfield", "datafield", "xmlnstbl"),
        *("mmathpr", "wgrffmtfilter", "background", "objclass", "objname", "pnseclvl", "falt", "panose"),
    )
)
# Groups that begin with `\*` and whose content is read.
READ_THOUGH_STARRED = frozenset(("ud", "shpinst", "shppict", "footnote", "shptxt"))
ASIDES: Mapping[str, bool] = {"footnote": True, "shptxt": False}
"""Groups that are notes (`True`) or text boxes (`False`)."""
TABLES = frozenset(("fonttbl", "stylesheet", "info"))
"""Groups with information on the text, such as its fonts, instead of text."""
LIST_MARKS = frozenset(("pntext", "listtext"))
INFO = ("title", "author")
PARAGRAPH_ENDS = frozenset(("par", "sect", "page"))
CHARACTERS: Mapping[str, str] = {
    "tab": " ", "emdash": "\u2014", "endash": "\u2013", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
    "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
SYMBOLS: Mapping[str, str] = {"~": " ", "_": "-", "-": "", "{": "{", "}": "}", "\\": "\\"}
PRIVATE_USE = range(0xE000, 0xF900)
"""Characters of symbol fonts, which have no meaning without the font, except the bullet."""
BULLET, BULLET_CODE = "\u2022", 0xB7
MAX_SKIP = 100
HEADING_NAME = re.compile(r"heading ?[1-9]|title|titel|titre|überschrift ?[1-9]", re.IGNORECASE)
TITLE_NAME = re.compile(r"title|titel|titre", re.IGNORECASE)
OUTLINE_LEVELS = range(9)
MAX_UNICODE = 0x10FFFF
HIGH_SURROGATES, LOW_SURROGATES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of an RTF file. Raise SourceRejected if it is damaged, empty or not RTF."""
    if not raw.strip():
        raise SourceRejected(source, "the file is empty")
    start = raw.removeprefix(UTF_8_MARK).lstrip()
    if not start.startswith(RTF_MAGIC):
        raise SourceRejected(source, "it is no RTF file: it does not begin with {\\rtf")
    builder = TextBuilder(source)
    reader = _RtfReader(builder, source)
    is_whole = reader.read(start)
    built = builder.build()
    return ExtractedText(
        text=built.text,
        headings=built.headings,
        extractor=EXTRACTOR,
        properties=Given(title=declared_title(reader.title)),
        fallbacks=Given(
            title=declared_title(plain_line("".join(reader.info["title"]))),
            authors=declared_authors(user_names("".join(reader.info["author"]))),
        ),
        warnings=() if is_whole else ("the file ends in the middle: its end may be missing",),
    )


def add_rtf(raw: bytes, builder: TextBuilder, source: str) -> None:
    """Add the text of RTF, which may be truncated, to a builder. Raise SourceRejected if it is nested too deeply."""
    _RtfReader(builder, source).read(raw)
    builder.end_all()


class _Group(NamedTuple):
    """The state inside a group until its end."""

    encoding: str = ""
    skip: int = 1
    is_left_out: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    is_struck: bool = False
    is_raised: bool = False
    has_unicode_twin: bool = False
    destination: str = ""
    aside: str = ""


@dataclass(slots=True)
class _Paragraph:
    """The properties of paragraphs, which hold until they are reset."""

    in_table: bool = False
    is_heading: bool = False
    is_title: bool = False
    is_item: bool = False

    @property
    def kind(self) -> BlockKind:
        if self.is_heading:
            return "heading"
        return "item" if self.is_item else "paragraph"


@dataclass(slots=True)
class _Flow:
    """The open paragraph of the body, a note or a text box, and the state of its table row."""

    paragraph: _Paragraph = field(default_factory=_Paragraph)
    in_row: bool = False
    in_cell: bool = False
    at_nested_cell: bool = False


class _RtfReader:
    """Builds the text of a file from its tokens."""

    def __init__(self, builder: TextBuilder, source: str) -> None:
        self.title = ""
        self.info: dict[str, list[str]] = {name: [] for name in INFO}
        self._builder = builder
        self._source = source
        self._group = _Group()
        self._groups: list[_Group] = []
        self._flows = [_Flow()]
        self._file_encoding = DEFAULT_ENCODING
        self._fonts: dict[int, str] = {}
        self._defined = 0  # the font or the style that is being defined
        self._style_name: list[str] = []
        self._style_names: dict[int, str] = {}
        self._outlined_styles: set[int] = set()
        self._bytes: list[bytes] = []
        self._to_skip = 0
        self._high_surrogate = 0
        self._is_starred = False
        self._words: Mapping[str, Callable[[int | None], object]] = {
            **dict.fromkeys(PARAGRAPH_ENDS, self._end_paragraph),
            **{word: partial(self._set_encoding, name) for word, name in FILE_ENCODINGS.items()},
            "ansicpg": lambda number: self._set_encoding(code_page_encoding(number), number),
            "line": self._line_break,
            "u": self._unicode,
            "uc": lambda number: self._change(skip=min(max(number or 0, 0), MAX_SKIP)),
            "f": self._select_font,
            "fcharset": self._character_set,
            "cpg": self._font_code_page,
            "v": lambda number: self._change(is_hidden=number != 0),
            "deleted": lambda number: self._change(is_deleted=number != 0),
            "strike": lambda number: self._change(is_struck=number != 0),
            "striked": lambda number: self._change(is_struck=number != 0),
            "super": lambda number: self._change(is_raised=number != 0),
            "up": lambda number: self._change(is_raised=number != 0),
            **dict.fromkeys(("sub", "dn", "nosupersub"), lambda _: self._change(is_raised=False)),
            "plain": lambda _: self._change(is_hidden=False, is_deleted=False, is_struck=False, is_raised=False),
            "pard": self._reset_paragraph,
            "s": self._select_style,
            "outlinelevel": self._outline_level,
            "ls": self._list,
            "trowd": self._begin_row,
            "intbl": self._in_table,
            "cell": self._end_cell,
            "row": self._end_row,
            "nestcell": self._end_nested_cell,
            "nestrow": self._end_nested_row,
        }

    def read(self, raw: bytes) -> bool:
        """Read a file; return whether it is complete, so that its outermost group ends. Raise SourceRejected."""
        for token in rtf_tokens(raw):
            if token.kind == "bytes":
                self._take_bytes(token.data)
                continue
            self._flush()
            if token.kind == "open":
                self._open_group()
            elif token.kind == "close":
                if len(self._groups) <= 1:
                    return True
                self._close_group()
            elif token.kind == "symbol":
                self._symbol(token.name)
            else:
                self._word(token.name, token.number)
        self._flush()
        return False

    # Groups

    def _open_group(self) -> None:
        if len(self._groups) == MAX_DEPTH:
            raise SourceRejected(self._source, f"it is damaged: its groups are nested deeper than {MAX_DEPTH:,}")
        group = self._group
        self._groups.append(group)
        self._to_skip = 0
        is_left_out = group.is_left_out or group.has_unicode_twin
        self._group = group._replace(is_left_out=is_left_out, has_unicode_twin=False, aside="")

    def _close_group(self) -> None:
        if self._group.aside:
            self._end_aside()
        self._to_skip = 0
        self._group = self._groups.pop()

    def _change(self, **changes: str | int) -> None:
        self._group = self._group._replace(**changes)  # type: ignore[arg-type]

    def _word(self, name: str, number: int | None) -> None:
        starred, self._is_starred = self._is_starred, False
        if name == "ud" and self._groups and self._groups[-1].has_unicode_twin:
            self._change(is_left_out=self._groups[-1].is_left_out)
        elif self._group.is_left_out:
            return
        if name in CHARACTERS:
            if self._to_skip:
                self._to_skip -= 1
            else:
                self._add(CHARACTERS[name])
            return
        self._to_skip = 0
        if name in LEFT_OUT or (starred and name not in READ_THOUGH_STARRED):
            self._change(is_left_out=True)
            if name in LIST_MARKS:
                self._flows[-1].paragraph.is_item = True
        elif name in self._words:
            self._words[name](number)
        else:
            self._destination(name)

    def _destination(self, name: str) -> None:
        """Process a control word that sets the destination of its group's text."""
        if name == "upr":
            self._change(has_unicode_twin=True)
        elif name in TABLES or (name in INFO and self._group.destination == "info"):
            self._change(destination=name)
        elif name in ASIDES:
            self._begin_aside(name)

    def _symbol(self, character: str) -> None:
        if character == "*":
            self._is_starred = True
        elif self._to_skip:
            self._to_skip -= 1
        elif character in "\r\n":
            self._end_paragraph(None)
        elif character in SYMBOLS:
            self._add(SYMBOLS[character])

    # Text

    def _take_bytes(self, data: bytes) -> None:
        self._is_starred = False
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        if data and not self._group.is_left_out:
            self._bytes.append(data)

    def _flush(self) -> None:
        if self._bytes:
            data = b"".join(self._bytes)
            self._bytes.clear()
            encoding = self._group.encoding
            if self._group.destination or not encoding:
                encoding = self._file_encoding
            self._add(decode_bytes(data, encoding))

    def _unicode(self, number: int | None) -> None:
        self._to_skip = self._group.skip
        code = (number or 0) + (0x10000 if (number or 0) < 0 else 0)
        high, self._high_surrogate = self._high_surrogate, 0
        if code in HIGH_SURROGATES:
            self._high_surrogate = code
        elif code in LOW_SURROGATES and high:
            self._add(chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)))
        elif code in PRIVATE_USE:
            self._add(BULLET if code & 0xFF == BULLET_CODE else "")
        elif 0 < code <= MAX_UNICODE:
            self._add(chr(code))

    def _add(self, text: str) -> None:
        group = self._group
        if not text or group.is_left_out:
            return
        if group.destination == "stylesheet":
            self._add_style_name(text)
        elif group.destination in self.info:
            self.info[group.destination].append(text)
        elif not (group.destination or group.is_hidden or group.is_deleted or group.is_struck):
            flow = self._flows[-1]
            if not text.isspace():
                self._enter_cell(flow)
            if flow.at_nested_cell:
                flow.at_nested_cell = False
                text = CELL_SEPARATOR + text
            if group.is_raised:
                self._builder.add_raised(text)
            else:
                self._builder.add_text(text)

    def _line_break(self, _number: int | None) -> None:
        if not (self._group.destination or self._group.is_hidden or self._group.is_deleted):
            self._builder.add_line_break()

    # Fonts and styles

    def _set_encoding(self, encoding: str | None, _number: int | None) -> None:
        self._file_encoding = encoding or self._file_encoding

    def _select_font(self, number: int | None) -> None:
        if self._group.destination == "fonttbl":
            self._defined = number or 0
        else:
            self._change(encoding=self._fonts.get(number or 0, ""))

    def _character_set(self, number: int | None) -> None:
        if self._group.destination == "fonttbl":
            self._fonts[self._defined] = CHARACTER_SETS.get(number or 0, "")

    def _font_code_page(self, number: int | None) -> None:
        encoding = code_page_encoding(number)
        if self._group.destination == "fonttbl" and encoding:
            self._fonts[self._defined] = encoding

    def _select_style(self, number: int | None) -> None:
        if self._group.destination == "stylesheet":
            self._defined = number or 0
        elif not self._group.destination:
            name = self._style_names.get(number or 0, "")
            paragraph = self._flows[-1].paragraph
            paragraph.is_title = TITLE_NAME.fullmatch(name) is not None
            is_heading = HEADING_NAME.fullmatch(name) is not None or (number or 0) in self._outlined_styles
            paragraph.is_heading = paragraph.is_heading or is_heading

    def _add_style_name(self, text: str) -> None:
        before, end, after = text.partition(";")
        self._style_name.append(before)
        if end:
            self._style_names[self._defined] = plain_line("".join(self._style_name))
            self._style_name = [after]

    def _outline_level(self, number: int | None) -> None:
        is_heading = (number or 0) in OUTLINE_LEVELS
        if self._group.destination == "stylesheet":
            if is_heading:
                self._outlined_styles.add(self._defined)
        elif not self._group.destination:
            self._flows[-1].paragraph.is_heading = is_heading

    # Paragraphs, notes and text boxes

    def _end_paragraph(self, _number: int | None) -> None:
        if self._group.destination or self._group.is_left_out:
            return
        flow = self._flows[-1]
        text = self._builder.end_paragraph(flow.paragraph.kind)
        if flow.paragraph.is_title and not self.title:
            self.title = text
        if flow.in_row and not flow.paragraph.in_table:
            self._end_row(None)

    def _reset_paragraph(self, _number: int | None) -> None:
        if not self._group.destination:
            self._flows[-1].paragraph = _Paragraph()

    def _list(self, number: int | None) -> None:
        self._flows[-1].paragraph.is_item = bool(number)

    def _begin_aside(self, name: str) -> None:
        self._builder.begin_aside()
        self._flows.append(_Flow())
        self._change(aside=name)

    def _end_aside(self) -> None:
        self._builder.end_paragraph(self._flows[-1].paragraph.kind)
        self._builder.end_aside(is_note=ASIDES[self._group.aside])
        if len(self._flows) > 1:
            self._flows.pop()

    # Tables

    def _begin_row(self, _number: int | None) -> None:
        flow = self._flows[-1]
        if not flow.in_row:
            self._builder.begin_table()
            self._builder.begin_row()
            flow.in_row, flow.in_cell = True, False

    def _in_table(self, _number: int | None) -> None:
        if not self._group.destination:
            self._flows[-1].paragraph.in_table = True
            self._begin_row(None)

    def _enter_cell(self, flow: _Flow) -> None:
        if flow.in_row and not flow.in_cell:
            self._builder.begin_cell()
            flow.in_cell = True

    def _end_cell(self, _number: int | None) -> None:
        flow = self._flows[-1]
        self._begin_row(None)
        self._enter_cell(flow)
        self._builder.end_cell()
        flow.in_cell = flow.at_nested_cell = False

    def _end_row(self, _number: int | None) -> None:
        flow = self._flows[-1]
        if flow.in_row:
            self._builder.end_table()
            flow.in_row = flow.in_cell = flow.at_nested_cell = False

    def _end_nested_cell(self, _number: int | None) -> None:
        self._flows[-1].at_nested_cell = True

    def _end_nested_row(self, _number: int | None) -> None:
        self._flows[-1].at_nested_cell = False
        self._builder.end_paragraph()
