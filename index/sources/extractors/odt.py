"""Extracts the text of an OpenDocument text (ODT) with all tracked changes accepted and without hidden text.

It reads the XML of the package directly: libraries for ODT build the whole document in memory and include hidden text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.reading.declared_values import (
    declared_authors,
    declared_language,
    declared_title,
    user_names,
)
from wherefrom.index.sources.extractors.reading.text_builder import BlockKind, TextBuilder
from wherefrom.index.sources.extractors.reading.xml_events import MalformedXml, read_xml, read_xml_part
from wherefrom.index.sources.extractors.reading.zip_package import ZipPackage
from wherefrom.index.types import Given

EXTRACTOR = "wherefrom-odt 2"
CONTENT, STYLES, META, MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
TEXT_TYPE = "application/vnd.oasis.opendocument.text"
OTHER_KINDS = {
    "application/vnd.oasis.opendocument.spreadsheet": "a spreadsheet; save its sheets as CSV",
    "application/vnd.oasis.opendocument.presentation": "a presentation; save it as PDF",
    "application/vnd.oasis.opendocument.graphics": "a drawing; save it as PDF",
    "application/epub+zip": "an EPUB book; name it .epub",
}
OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES: Mapping[str, str] = {
    **{f"{OPENDOCUMENT}{name}:1.0": name for name in ("office", "text", "table", "draw", "style", "meta")},
    f"{OPENDOCUMENT}svg-compatible:1.0": "svg",
    "http://purl.org/dc/elements/1.1/": "dc",
}
ENCRYPTION_MARKS = (b"encryption-data", b"encrypted-package")
# Elements whose whole content is left out: deleted text, comments, marks of notes, indexes, descriptions of pictures,
# phonetic guides, controls of forms.
LEFT_OUT = frozenset(
    (
        *("text:tracked-changes", "office:annotation", "text:note-citation", "text:table-of-content"),
        *("text:illustration-index", "text:table-index", "text:object-index", "text:alphabetical-index"),
        *("text:user-index", "svg:title", "svg:desc", "text:ruby-text", "office:forms", "draw:object"),
        *("table:covered-table-cell", "text:sequence-decls", "text:variable-decls", "text:user-field-decls"),
        *("office:event-listeners", "table:shapes"),
    )
)
HIDDEN = {
    "text:section": ("text:display", "none"),
    "text:hidden-text": ("text:is-hidden", "true"),
    "text:hidden-paragraph": ("text:is-hidden", "true"),
}
PARAGRAPHS = frozenset(("text:p", "text:h"))
TITLE_STYLE = "Title"
STRIKE, POSITION = "style:text-line-through-style", "style:text-position"
RAISED_POSITION = re.compile(r"super\b|0*[1-9]")
MAX_BASES = 20


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of an ODT file. Raise SourceRejected if it is encrypted, damaged, empty or not ODT."""
    package = ZipPackage(raw, source, format_name="ODT")
    _check_kind(package, source)
    styles = _StyleReader()
    shared_styles = package.read_if_present(STYLES)
    if shared_styles is not None:
        read_xml_part(shared_styles, styles, PREFIXES, source=source, part=STYLES)
    builder = TextBuilder(source)
    body = _BodyReader(builder, styles)
    read_xml_part(package.read(CONTENT), body, PREFIXES, source=source, part=CONTENT)
    if not body.is_text:
        raise SourceRejected(source, "it is no ODT file: it holds no text document")
    built = builder.build()
    meta, warnings = _read_meta(package)
    return ExtractedText(
        text=built.text,
        headings=built.headings,
        extractor=EXTRACTOR,
        properties=Given(title=declared_title(body.title), language=declared_language(meta.get("dc:language"))),
        # dc:creator is the person who last changed the file.
        fallbacks=Given(
            title=declared_title(meta.get("dc:title")),
            authors=declared_authors(user_names(meta.get("meta:initial-creator"))),
        ),
        warnings=warnings,
    )


def _check_kind(package: ZipPackage, source: str) -> None:
    manifest = package.read_if_present(MANIFEST) or b""
    if any(mark in manifest for mark in ENCRYPTION_MARKS) or package.has("encrypted-package"):
        raise SourceRejected(source, "it is encrypted with a password; save it without one")
    declared = (package.read_if_present("mimetype") or b"").decode("ascii", "replace").strip()
    kind = OTHER_KINDS.get(declared.removesuffix("-template"))
    if kind or not package.has(CONTENT):
        raise SourceRejected(source, f"it is {kind}" if kind else "it is no ODT file: it holds no content.xml")


def _read_meta(package: ZipPackage) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return the properties by name, and a warning if they cannot be read."""
    reader = _MetaReader()
    warnings: tuple[str, ...] = ()
    data = package.read_if_present(META)
    if data is not None:
        try:
            read_xml(data, reader, PREFIXES)
        except MalformedXml:
            warnings = (f"its properties cannot be read: {META} is not well-formed XML",)
    return reader.values, warnings


class _MetaReader:
    """Collects the properties, by name."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._open = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        self._open = name
        self.values.setdefault(name, "")

    def text(self, text: str) -> None:
        if self._open:
            self.values[self._open] += text

    def end(self, name: str) -> None:  # noqa: ARG002
        self._open = ""


class _StyleReader:
    """Collects the styles and their derivation, to find those of hidden, struck or raised text and of the title."""

    def __init__(self) -> None:
        self._bases: dict[str, str] = {}
        self._hidden: dict[str, bool] = {}
        self._struck: dict[str, bool] = {}
        self._raised: dict[str, bool] = {}
        self._name = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style:style":
            self._name = attributes.get("style:name", "")
            self._bases[self._name] = attributes.get("style:parent-style-name", "")
        elif name == "style:text-properties" and self._name:
            self._take_text_properties(attributes)

    def text(self, text: str) -> None:
        pass

    def end(self, name: str) -> None:
        if name == "style:style":
            self._name = ""

    def _take_text_properties(self, attributes: Mapping[str, str]) -> None:
        if "text:display" in attributes:
            self._hidden[self._name] = attributes["text:display"] == "none"
        if STRIKE in attributes:
            self._struck[self._name] = attributes[STRIKE] != "none"
        if POSITION in attributes:
            self._raised[self._name] = RAISED_POSITION.match(attributes[POSITION]) is not None

    def is_hidden(self, name: str) -> bool:
        """Return whether text in this style is hidden, or struck by its author."""
        return self._value(self._hidden, name) or self._value(self._struck, name)

    def is_raised(self, name: str) -> bool:
        return self._value(self._raised, name)

    def _value(self, values: Mapping[str, bool], name: str) -> bool:
        return next((values[each] for each in self._derivation(name) if each in values), False)

    def is_title(self, name: str) -> bool:
        return TITLE_STYLE in self._derivation(name)

    def _derivation(self, name: str) -> list[str]:
        names = [name]
        while len(names) < MAX_BASES and (base := self._bases.get(names[-1])):
            names.append(base)
        return names


@dataclass(slots=True)
class _Paragraph:
    kind: BlockKind
    is_title: bool
    is_hidden: bool


class _BodyReader:
    """Builds the text of the part `content.xml`, in which styles precede the text."""

    def __init__(self, builder: TextBuilder, styles: _StyleReader) -> None:
        self.title = ""
        self.is_text = False
        self._builder = builder
        self._styles = styles
        self._left_out = 0
        self._paragraphs: list[_Paragraph] = []
        self._hidden_spans: list[bool] = []
        self._raised_spans: list[bool] = []
        self._items = 0
        self._starts: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "office:text": self._start_text,
            "text:h": lambda attributes: self._start_paragraph("heading", attributes),
            "text:p": lambda attributes: self._start_paragraph("item" if self._items else "paragraph", attributes),
            "text:span": self._start_span,
            "text:list-item": lambda _: self._change_items(1),
            "text:s": self._spaces,
            "text:tab": lambda _: self._add(" "),
            "text:line-break": lambda _: self._builder.add_line_break(),
            "text:note": self._start_aside,
            "draw:text-box": self._start_aside,
            "table:table": lambda _: self._builder.begin_table(),
            "table:table-row": lambda _: self._builder.begin_row(),
            "table:table-cell": lambda _: self._builder.begin_cell(),
        }
        self._ends: Mapping[str, Callable[[], object]] = {
            "text:h": self._end_paragraph,
            "text:p": self._end_paragraph,
            "text:span": self._end_span,
            "text:list-item": lambda: self._change_items(-1),
            "text:note": lambda: self._end_aside(is_note=True),
            "draw:text-box": lambda: self._end_aside(is_note=False),
            "table:table": self._builder.end_table,
            "table:table-row": self._builder.end_row,
            "table:table-cell": self._builder.end_cell,
        }
        self._items_outside: list[int] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Process a start tag."""
        if self._left_out or name in LEFT_OUT or _is_hidden(name, attributes):
            self._left_out += 1
            if name == "text:hidden-paragraph" and self._left_out == 1 and self._paragraphs:
                self._paragraphs[-1].is_hidden = True
            return
        if self.is_text:
            start = self._starts.get(name)
            if start is not None:
                start(attributes)
        elif name == "office:text":
            self._start_text(attributes)
        else:
            self._styles.start(name, attributes)

    def end(self, name: str) -> None:
        """Process an end tag."""
        if self._left_out:
            self._left_out -= 1
        elif self.is_text:
            end = self._ends.get(name)
            if end is not None:
                end()
        else:
            self._styles.end(name)

    def text(self, text: str) -> None:
        """Process a piece of text; only that in paragraphs is kept."""
        if self._paragraphs and not self._left_out:
            self._add(text)

    def _add(self, text: str) -> None:
        if self._paragraphs and not self._paragraphs[-1].is_hidden and not any(self._hidden_spans[-1:]):
            if any(self._raised_spans[-1:]):
                self._builder.add_raised(text)
            else:
                self._builder.add_text(text)

    def _start_text(self, _attributes: Mapping[str, str]) -> None:
        self.is_text = True

    def _start_paragraph(self, kind: BlockKind, attributes: Mapping[str, str]) -> None:
        style = attributes.get("text:style-name", "")
        is_title = self._styles.is_title(style)
        is_hidden = self._styles.is_hidden(style)
        kind = "heading" if is_title else kind
        self._paragraphs.append(_Paragraph(kind=kind, is_title=is_title, is_hidden=is_hidden))

    def _end_paragraph(self) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        text = self._builder.end_paragraph(paragraph.kind)
        if paragraph.is_title and not self.title:
            self.title = text

    def _start_span(self, attributes: Mapping[str, str]) -> None:
        style = attributes.get("text:style-name", "")
        self._hidden_spans.append(any(self._hidden_spans[-1:]) or self._styles.is_hidden(style))
        self._raised_spans.append(any(self._raised_spans[-1:]) or self._styles.is_raised(style))

    def _end_span(self) -> None:
        self._hidden_spans.pop()
        self._raised_spans.pop()

    def _change_items(self, change: int) -> None:
        self._items += change

    def _spaces(self, _attributes: Mapping[str, str]) -> None:
        self._add(" ")

    def _start_aside(self, _attributes: Mapping[str, str]) -> None:
        """Begin a note or a text box, which is not part of a list around it."""
        self._builder.begin_aside()
        self._items_outside.append(self._items)
        self._items = 0

    def _end_aside(self, *, is_note: bool) -> None:
        self._builder.end_aside(is_note=is_note)
        self._items = self._items_outside.pop()


def _is_hidden(name: str, attributes: Mapping[str, str]) -> bool:
    hidden = HIDDEN.get(name)
    return hidden is not None and attributes.get(hidden[0]) == hidden[1]
