"""Extracts the text of a DOCX file with all tracked changes accepted and without hidden text.

It reads the XML of the package directly: libraries for DOCX have neither notes, text boxes and tracked changes nor a
limit on the unpacked size.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.reading.declared_values import (
    declared_authors,
    declared_language,
    declared_title,
    user_names,
)
from wherefrom.index.sources.extractors.reading.docx_package import core_properties, main_part, related_parts
from wherefrom.index.sources.extractors.reading.docx_styles import (
    OUTLINE_LEVELS,
    PREFIXES,
    RAISED,
    Style,
    StyleReader,
    is_on,
)
from wherefrom.index.sources.extractors.reading.text_builder import BlockKind, TextBuilder
from wherefrom.index.sources.extractors.reading.xml_events import read_xml_part
from wherefrom.index.sources.extractors.reading.zip_package import ZipPackage
from wherefrom.index.types import Given

EXTRACTOR = "wherefrom-docx 2"
NOTE_ELEMENTS = frozenset(("w:footnote", "w:endnote"))
# Elements whose whole content is left out: deleted and moved text, codes of fields, properties, phonetic guides.
LEFT_OUT = frozenset(
    (
        *("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:delInstrText", "w:rt", "w:sectPr"),
        *("w:pPrChange", "w:rPrChange"),
    )
)
TEXT_ELEMENTS = frozenset(("w:t", "m:t"))
MARK_PROPERTIES = ["w:pPr", "w:rPr"]
"""The elements around the properties of a paragraph's end mark."""
RUN_PROPERTIES = ["w:r", "w:rPr"]
CONTENTS_GALLERY = "Table of Contents"
PRIVATE_USE = range(0xE000, 0xF900)
"""Characters of symbol fonts, which have no meaning without the font."""
HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{4,6}")
MAX_CODE_POINT = 0x10FFFF


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of a DOCX file. Raise SourceRejected if it is encrypted, damaged, empty or not DOCX."""
    package = ZipPackage(raw, source, format_name="DOCX")
    main = main_part(package, source)
    related = related_parts(package, main, source)
    styles = _styles(package, related, source)
    builder = TextBuilder(source)
    body = _BodyReader(builder, styles)
    read_xml_part(package.read(main), body, PREFIXES, source=source, part=main)
    for kind in ("footnotes", "endnotes"):
        part = related.get(kind)
        if part and package.has(part) and body.note_ids[kind]:
            notes = _NotesReader(source, styles)
            read_xml_part(package.read(part), notes, PREFIXES, source=source, part=part)
            for note_id in body.note_ids[kind]:
                if note_id in notes.builders:
                    builder.add_note(notes.builders[note_id])
    built = builder.build()
    properties, fallbacks = _properties(package, body.title, source)
    warnings = ("a part that another file is embedded in is not read",) if body.has_embedded_parts else ()
    return ExtractedText(
        text=built.text,
        headings=built.headings,
        extractor=EXTRACTOR,
        properties=properties,
        fallbacks=fallbacks,
        warnings=warnings,
    )


def _styles(package: ZipPackage, related: Mapping[str, str], source: str) -> Mapping[str, Style]:
    part = related.get("styles")
    data = package.read_if_present(part) if part else None
    if part is None or data is None:
        return {}
    reader = StyleReader()
    read_xml_part(data, reader, PREFIXES, source=source, part=part)
    return reader.resolved()


def _properties(package: ZipPackage, title: str, source: str) -> tuple[Given, Given]:
    """Return the declared metadata, and that which counts where the text states nothing else.

    The title and the user in the properties are often those of an older document or of a template.
    """
    values = core_properties(package, source)
    return (
        Given(title=declared_title(title), language=declared_language(values.get("language"))),
        Given(
            title=declared_title(values.get("title")),
            authors=declared_authors(user_names(values.get("creator"))),
        ),
    )


@dataclass(slots=True)
class _Paragraph:
    """An open paragraph: its style and its own properties, and those of its open run."""

    style: Style = field(default_factory=Style)
    has_level: bool | None = None
    has_number: bool | None = None
    joins_next: bool = False
    run_is_hidden: bool = False
    run_is_struck: bool = False
    run_is_raised: bool = False

    def reset_run(self) -> None:
        """Forget the properties of the last run."""
        self.run_is_hidden = self.run_is_struck = self.run_is_raised = False

    @property
    def kind(self) -> BlockKind:
        if self.style.is_title or (self.style.is_heading if self.has_level is None else self.has_level):
            return "heading"
        return "item" if (self.style.is_item if self.has_number is None else self.has_number) else "paragraph"

    @property
    def is_shown(self) -> bool:
        return not (self.style.is_hidden or self.style.is_contents or self.run_is_hidden or self.run_is_struck)


class _BodyReader:
    """Builds the text of the main part, or of a note."""

    def __init__(self, builder: TextBuilder, styles: Mapping[str, Style]) -> None:
        self.title = ""
        self.note_ids: dict[str, dict[str, None]] = {"footnotes": {}, "endnotes": {}}
        self.has_embedded_parts = False
        self._builder = builder
        self._styles = styles
        self._paragraphs: list[_Paragraph] = []
        self._path: list[str] = []
        self._left_out = 0
        self._has_alternative: list[bool] = []
        self._is_placeholder: list[bool] = []
        self._starts: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "w:p": self._start_paragraph,
            "w:r": self._start_run,
            "w:pStyle": self._paragraph_style,
            "w:rStyle": self._run_style,
            "w:outlineLvl": self._outline_level,
            "w:numId": self._numbering,
            "w:vanish": self._vanish,
            "w:strike": self._strike,
            "w:dstrike": self._strike,
            "w:vertAlign": self._alignment,
            "w:framePr": self._frame,
            "w:tab": self._space,
            "w:br": self._line_break,
            "w:cr": self._line_break,
            "w:noBreakHyphen": self._hyphen,
            "w:sym": self._symbol,
            "w:footnoteReference": lambda attributes: self._note("footnotes", attributes),
            "w:endnoteReference": lambda attributes: self._note("endnotes", attributes),
            "w:txbxContent": lambda _: self._builder.begin_aside(),
            "w:tbl": lambda _: self._builder.begin_table(),
            "w:tr": lambda _: self._builder.begin_row(),
            "w:tc": lambda _: self._builder.begin_cell(),
            "w:sdt": lambda _: self._is_placeholder.append(False),
            "w:showingPlcHdr": self._placeholder,
            "w:docPartGallery": self._building_block,
            "w:altChunk": self._embedded_part,
            "mc:AlternateContent": lambda _: self._has_alternative.append(False),
        }
        self._ends: Mapping[str, Callable[[], object]] = {
            "w:p": self._end_paragraph,
            "w:r": self._end_run,
            "w:txbxContent": lambda: self._builder.end_aside(is_note=False),
            "w:tbl": self._builder.end_table,
            "w:tr": self._builder.end_row,
            "w:tc": self._builder.end_cell,
            "w:sdt": self._is_placeholder.pop,
            "mc:AlternateContent": self._has_alternative.pop,
        }

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take a start tag."""
        if self._left_out or self._is_left_out(name):
            self._left_out += 1
            return
        start = self._starts.get(name)
        if start is not None:
            start(attributes)
        self._path.append(name)

    def end(self, name: str) -> None:
        """Take an end tag."""
        if self._left_out:
            self._left_out -= 1
            return
        self._path.pop()
        end = self._ends.get(name)
        if end is not None:
            end()

    def text(self, text: str) -> None:
        """Process a piece of text; only that of text elements is kept."""
        if not self._left_out and self._path and self._path[-1] in TEXT_ELEMENTS:
            self._add(text)

    def _is_left_out(self, name: str) -> bool:
        if name in LEFT_OUT:
            if self._paragraphs and self._path[-2:] == MARK_PROPERTIES:
                self._paragraphs[-1].joins_next = True  # the end mark of the paragraph is deleted or moved away
            return True
        if name in ("mc:Choice", "mc:Fallback") and self._has_alternative:
            has_one, self._has_alternative[-1] = self._has_alternative[-1], True
            return has_one
        return name == "w:sdtContent" and bool(self._is_placeholder) and self._is_placeholder[-1]

    def _add(self, text: str) -> None:
        paragraph = self._paragraphs[-1] if self._paragraphs else None
        if paragraph is not None and paragraph.run_is_raised and paragraph.is_shown:
            self._builder.add_raised(text)
        elif paragraph is None or paragraph.is_shown:
            self._builder.add_text(text)

    # Paragraphs and runs

    def _start_paragraph(self, _attributes: Mapping[str, str]) -> None:
        self._paragraphs.append(_Paragraph())

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        if paragraph.joins_next:
            return
        text = self._builder.end_paragraph(paragraph.kind)
        if paragraph.style.is_title and not self.title:
            self.title = text

    def _start_run(self, _attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].reset_run()

    def _end_run(self) -> None:
        if self._paragraphs:
            self._paragraphs[-1].reset_run()

    def _paragraph_style(self, attributes: Mapping[str, str]) -> None:
        style = self._styles.get(attributes.get("w:val", ""))
        if style is not None and self._paragraphs:
            self._paragraphs[-1].style = style

    def _run_style(self, attributes: Mapping[str, str]) -> None:
        style = self._styles.get(attributes.get("w:val", ""))
        if style is not None and self._paragraphs and self._path[-2:] == RUN_PROPERTIES:
            self._paragraphs[-1].run_is_hidden = bool(style.is_hidden)
            self._paragraphs[-1].run_is_raised = bool(style.is_raised)

    def _outline_level(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].has_level = attributes.get("w:val", "") in OUTLINE_LEVELS

    def _numbering(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs:
            self._paragraphs[-1].has_number = attributes.get("w:val") != "0"

    def _vanish(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs and self._path[-2:] == RUN_PROPERTIES:
            self._paragraphs[-1].run_is_hidden = is_on(attributes)

    def _strike(self, attributes: Mapping[str, str]) -> None:
        """Process the property of struck text, which its author deleted without tracking changes."""
        if self._paragraphs and self._path[-2:] == RUN_PROPERTIES:
            self._paragraphs[-1].run_is_struck |= is_on(attributes)

    def _alignment(self, attributes: Mapping[str, str]) -> None:
        if self._paragraphs and self._path[-2:] == RUN_PROPERTIES:
            self._paragraphs[-1].run_is_raised = attributes.get("w:val") == RAISED

    def _frame(self, attributes: Mapping[str, str]) -> None:
        """Process the frame of a paragraph; a drop cap is joined with the next paragraph."""
        if self._paragraphs and attributes.get("w:dropCap", "none") != "none":
            self._paragraphs[-1].joins_next = True

    # Content of runs

    def _space(self, _attributes: Mapping[str, str]) -> None:
        if self._path[-1:] == ["w:r"]:
            self._add(" ")

    def _line_break(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("w:type", "textWrapping") == "textWrapping":
            self._builder.add_line_break()
        else:
            self._add(" ")

    def _hyphen(self, _attributes: Mapping[str, str]) -> None:
        self._add("-")

    def _symbol(self, attributes: Mapping[str, str]) -> None:
        code = attributes.get("w:char", "")
        if HEXADECIMAL.fullmatch(code) and int(code, 16) <= MAX_CODE_POINT and int(code, 16) not in PRIVATE_USE:
            self._add(chr(int(code, 16)))

    def _note(self, kind: str, attributes: Mapping[str, str]) -> None:
        self.note_ids[kind].setdefault(attributes.get("w:id", ""))

    # Other parts of a document

    def _placeholder(self, _attributes: Mapping[str, str]) -> None:
        if self._is_placeholder:
            self._is_placeholder[-1] = True

    def _building_block(self, attributes: Mapping[str, str]) -> None:
        """Leave out a table of contents, also if its paragraphs have no style of one, as those of Google Docs."""
        if self._is_placeholder and attributes.get("w:val") == CONTENTS_GALLERY:
            self._is_placeholder[-1] = True

    def _embedded_part(self, _attributes: Mapping[str, str]) -> None:
        self.has_embedded_parts = True


class _NotesReader:
    """Collects the texts of notes by id, with a builder for each normal note (no separators)."""

    def __init__(self, source: str, styles: Mapping[str, Style]) -> None:
        self.builders: dict[str, TextBuilder] = {}
        self._source = source
        self._styles = styles
        self._reader: _BodyReader | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take a start tag."""
        if name in NOTE_ELEMENTS and attributes.get("w:type", "normal") == "normal":
            builder = self.builders.setdefault(attributes.get("w:id", ""), TextBuilder(self._source))
            self._reader = _BodyReader(builder, self._styles)
        elif self._reader is not None:
            self._reader.start(name, attributes)

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._reader is not None:
            self._reader.text(text)

    def end(self, name: str) -> None:
        """Take an end tag."""
        if name in NOTE_ELEMENTS:
            self._reader = None
        elif self._reader is not None:
            self._reader.end(name)
