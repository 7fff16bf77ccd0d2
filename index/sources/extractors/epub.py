"""Extracts the text of an EPUB book: all chapters as one document, in spine order, without the table of contents.

It reads the package directly: a book is a zip file of XHTML, which our own HTML reader converts to text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.reading.declared_values import (
    declared_authors,
    declared_date,
    declared_language,
    declared_title,
    declared_url,
)
from wherefrom.index.sources.extractors.reading.html_text import read_xhtml
from wherefrom.index.sources.extractors.reading.text_builder import TextBuilder, plain_line
from wherefrom.index.sources.extractors.reading.xml_events import read_xml_part
from wherefrom.index.sources.extractors.reading.zip_package import ZipPackage, resolve_part
from wherefrom.index.types import Given

EXTRACTOR = "wherefrom-epub 2"
CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
PREFIXES: Mapping[str, str] = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.idpf.org/2007/opf": "opf",
    "http://www.w3.org/2001/04/xmlenc#": "enc",
}
CHAPTER_TYPES = frozenset(("application/xhtml+xml", "text/html", "application/html", "text/x-oeb1-document"))
# Fonts are obfuscated, which needs no key; everything else is encrypted.
OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
CONTENTS_GUIDES = frozenset(("toc", "loi", "lot"))
MAX_CHAPTERS = 10_000
AUTHOR_ROLES = frozenset(("", "aut", "cre"))
NO_PUBLICATION = frozenset(("modification", "creation", "conversion", "ops-publication"))
MAX_SUBJECTS = 100
MAX_SUBJECT_CHARACTERS = 1_000


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of an EPUB book. Raise SourceRejected if it is encrypted, damaged, empty or not EPUB."""
    package = ZipPackage(raw, source, format_name="EPUB")
    name = _book_part(package, source)
    book = _BookReader()
    read_xml_part(package.read(name), book, PREFIXES, source=source, part=name)
    encrypted = _encrypted_parts(package, source)
    builder = TextBuilder(source)
    missing: list[str] = []
    for chapter in _chapters(book, name):
        if chapter in encrypted:
            raise SourceRejected(source, "it is protected against copying (DRM); its text cannot be read")
        if not package.has(chapter):
            missing.append(chapter)
            continue
        data = package.read(chapter)
        if data.strip():
            builder.add_chapter(read_xhtml(decode(data, source=source).text, source))
    built = builder.build()
    return ExtractedText(
        text=built.text,
        headings=built.headings,
        extractor=EXTRACTOR,
        properties=book.properties(),
        warnings=(f"chapters are missing from the book: {', '.join(missing[:5])}",) if missing else (),
    )


def _book_part(package: ZipPackage, source: str) -> str:
    """Return the package document, which lists the other parts. Raise SourceRejected if there is none."""
    container = package.read_if_present(CONTAINER)
    if container is None:
        raise SourceRejected(source, f"it is no EPUB book: it holds no {CONTAINER}")
    reader = _ContainerReader()
    read_xml_part(container, reader, {}, source=source, part=CONTAINER)
    if not reader.part:
        raise SourceRejected(source, f"it is damaged: {CONTAINER} names no book")
    return resolve_part("", reader.part)


def _chapters(book: "_BookReader", name: str) -> list[str]:
    """Return the parts with text, in reading order; non-linear ones, such as notes, come last."""
    contents = {resolve_part(name, href) for href in book.contents}
    chapters: list[str] = []
    for item_id in (*book.spine, *book.spine_outside):
        item = book.items.get(item_id)
        if item is not None and item.media_type in CHAPTER_TYPES and not item.is_contents:
            chapters.append(resolve_part(name, item.href))
    chapters = [chapter for chapter in dict.fromkeys(chapters) if chapter not in contents]
    return chapters[:MAX_CHAPTERS]


def _encrypted_parts(package: ZipPackage, source: str) -> frozenset[str]:
    data = package.read_if_present(ENCRYPTION)
    if data is None:
        return frozenset()
    reader = _EncryptionReader()
    read_xml_part(data, reader, PREFIXES, source=source, part=ENCRYPTION)
    return frozenset(resolve_part("", part) for part in reader.parts)


class _ContainerReader:
    """Finds the first book in the container."""

    def __init__(self) -> None:
        self.part = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "rootfile" and not self.part:
            self.part = attributes.get("full-path", "")

    def text(self, text: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


class _EncryptionReader:
    """Collects the encrypted parts, except obfuscated fonts."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._method = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "enc:EncryptedData":
            self._method = ""
        elif name == "enc:EncryptionMethod":
            self._method = attributes.get("Algorithm", "")
        elif name == "enc:CipherReference" and self._method not in OBFUSCATION:
            self.parts.append(attributes.get("URI", ""))

    def text(self, text: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    href: str
    media_type: str
    is_contents: bool


@dataclass(slots=True, kw_only=True)
class _Element:
    """A Dublin Core element: its value, id, role and event; later `meta` elements may refine it by its id."""

    name: str
    element_id: str
    role: str
    event: str
    pieces: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        return plain_line("".join(self.pieces))


class _BookReader:
    """Collects the metadata of a book, its parts and their order from the package document."""

    def __init__(self) -> None:
        self.items: dict[str, _Item] = {}
        self.spine: list[str] = []
        self.spine_outside: list[str] = []
        self.contents: list[str] = []
        self._elements: list[_Element] = []
        self._roles: dict[str, str] = {}
        self._open: list[str] | None = None
        self._refined = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open = None
        if name.startswith("dc:"):
            element = _Element(
                name=name.removeprefix("dc:"),
                element_id=attributes.get("id", ""),
                role=attributes.get("opf:role", attributes.get("role", "")),
                event=attributes.get("opf:event", attributes.get("event", "")),
            )
            self._elements.append(element)
            self._open = element.pieces
        elif name == "opf:meta" and attributes.get("property") in ("role", "title-type"):
            self._open = []
            self._refined = attributes.get("refines", "").removeprefix("#")
        elif name == "opf:item":
            self.items[attributes.get("id", "")] = _Item(
                href=attributes.get("href", ""),
                media_type=attributes.get("media-type", "").lower(),
                is_contents="nav" in attributes.get("properties", "").split(),
            )
        elif name == "opf:itemref":
            spine = self.spine_outside if attributes.get("linear") == "no" else self.spine
            spine.append(attributes.get("idref", ""))
        elif name == "opf:reference" and attributes.get("type", "").lower() in CONTENTS_GUIDES:
            self.contents.append(attributes.get("href", ""))

    def text(self, text: str) -> None:
        if self._open is not None:
            self._open.append(text)

    def end(self, name: str) -> None:
        if name == "opf:meta" and self._open is not None:
            self._roles.setdefault(self._refined, plain_line("".join(self._open)))
        self._open = None

    def properties(self) -> Given:
        """Return the declared metadata of the book. Its date is that of publication, not of a change."""
        titles = [each.value for each in self._named("title")]
        main = [each.value for each in self._named("title") if self._roles.get(each.element_id) == "main"]
        authors = [each.value for each in self._named("creator") if self._role(each) in AUTHOR_ROLES]
        dates = [each.value for each in self._named("date") if each.event.lower() not in NO_PUBLICATION]
        urls = [each.value for each in (*self._named("source"), *self._named("identifier"))]
        subjects = [each.value for each in self._named("subject") if 0 < len(each.value) <= MAX_SUBJECT_CHARACTERS]
        return Given(
            title=next((title for each in (*main, *titles) if (title := declared_title(each))), None),
            authors=declared_authors(authors),
            publisher=next((name for each in self._named("publisher") if (name := declared_title(each.value))), None),
            published=next((day for each in dates if (day := declared_date(each))), None),
            url=next((url for each in urls if (url := declared_url(each))), None),
            language=next((tag for each in self._named("language") if (tag := declared_language(each.value))), None),
            extra={"subjects": tuple(dict.fromkeys(subjects[:MAX_SUBJECTS]))} if subjects else {},
        )

    def _named(self, name: str) -> list[_Element]:
        return [each for each in self._elements if each.name == name]

    def _role(self, element: _Element) -> str:
        return element.role or self._roles.get(element.element_id, "")
