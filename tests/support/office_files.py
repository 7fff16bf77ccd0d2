"""Builds office files of known paragraphs: DOCX, ODT, EPUB, RTF, Markdown and MSG."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"
SECTOR_BYTES = 512
SMALL_STREAM_BYTES = 4096
SMALL_SECTOR_BYTES = 64
NO_ENTRY, END_OF_CHAIN, FREE, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def zip_file(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file with these parts in order; equal parts give equal bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return file.getvalue()


def docx_paragraph(text: str, style: str = "") -> str:
    """Return a paragraph of a DOCX file in XML, with an optional style."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def docx(
    body: str, *, styles: str = "", parts: Mapping[str, str] | None = None, core: str = "", root: str = f"{W} {MC}"
) -> bytes:
    """Return a DOCX file with this content of `w:body`; `parts` has further parts by kind, such as "footnotes"."""
    parts = {**({"styles": f"<w:styles {W}>{styles}</w:styles>"} if styles else {}), **(parts or {})}
    targets = "".join(
        f'<Relationship Id="r{kind}" Type="{RELATIONSHIPS}/{kind}" Target="{kind}.xml"/>' for kind in parts
    )
    return zip_file(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{RELATIONSHIPS}/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {root}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{targets}</Relationships>",
            **{f"word/{kind}.xml": content for kind, content in parts.items()},
            "docProps/core.xml": '<c:coreProperties xmlns:c="core" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"{core}</c:coreProperties>",
        }
    )


def odt(text: str, *, styles: str = "", meta: str = "", manifest: str = "<m/>") -> bytes:
    """Return an ODT file with this content of `office:text`; `styles` are its automatic styles."""
    names = " ".join(
        f'xmlns:{name}="{OPENDOCUMENT}{name}:1.0"' for name in ("office", "text", "table", "draw", "style", "meta")
    )
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return zip_file(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": manifest,
            "meta.xml": f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>",
            "content.xml": f"<office:document-content {names}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{text}</office:text></office:body></office:document-content>",
        }
    )


def epub(
    chapters: Sequence[str], *, metadata: str = "", parts: Mapping[str, str | bytes] | None = None, wrap: bool = True
) -> bytes:
    """Return an EPUB book; chapters are the content of `body`, or whole pages."""
    items = "".join(
        f'<item id="c{number}" href="text/c%20{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        "<head><title>Page</title></head><body>{}</body></html>"
    )
    return zip_file(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="book/package.opf"/></rootfiles>'
            "</container>",
            "book/package.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf">'
            f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{items}'
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>'
            f'<spine><itemref idref="nav"/>{spine}</spine></package>',
            "book/nav.xhtml": page.format("<nav><p>The list of chapters</p></nav>"),
            **{
                f"book/text/c {number}.xhtml": page.format(chapter) if wrap else chapter
                for number, chapter in enumerate(chapters)
            },
            **(parts or {}),
        }
    )


def rtf_text(text: str) -> str:
    """Return a text with RTF's special characters and everything beyond ASCII escaped."""
    pieces = []
    for character in text:
        if character in "\\{}":
            pieces.append(f"\\{character}")
        elif character < "\x80":
            pieces.append(character)
        else:
            units = struct.unpack(f"<{len(character.encode('utf-16-le')) // 2}h", character.encode("utf-16-le"))
            pieces.extend(f"\\u{unit}?" for unit in units)
    return "".join(pieces)


def rtf(body: str) -> bytes:
    """Return an RTF file with this body."""
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
    return f"{head}{{\\stylesheet{{\\s1 heading 1;}}{{\\s2 Title;}}}}{body}}}".encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file attached to a message; with `None` as content, the attachment is itself a message."""

    content: bytes | None
    name: str = ""
    media_type: str = ""

    def streams(self, number: int) -> dict[str, bytes]:
        """Return the streams of the attachment with this number."""
        folder = f"__attach_version1.0_#{number:08X}/"
        streams = {f"{folder}__properties_version1.0": bytes(8)}
        for property_number, text in ((0x3707, self.name), (0x370E, self.media_type)):
            if text:
                streams[f"{folder}__substg1.0_{property_number:04X}001F"] = text.encode("utf-16-le")
        if self.content is not None:
            streams[f"{folder}__substg1.0_37010102"] = self.content
        return streams


def msg(
    properties: Mapping[int, str | bytes],
    *,
    fixed: Mapping[tuple[int, int], int] | None = None,
    attached: Sequence[AttachedFile] = (),
) -> bytes:
    """Return an MSG file: `properties` has texts and bytes by number, `fixed` integers by number and type."""
    streams: dict[str, bytes] = {}
    for number, value in properties.items():
        kind = "001F" if isinstance(value, str) else "0102"
        streams[f"__substg1.0_{number:04X}{kind}"] = value.encode("utf-16-le") if isinstance(value, str) else value
    entries = b"".join(struct.pack("<HHIQ", kind, number, 6, value) for (number, kind), value in (fixed or {}).items())
    streams["__properties_version1.0"] = bytes(32) + entries
    for number, each in enumerate(attached):
        streams |= each.streams(number)
    return ole_file(streams)


def ole_file(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE file with these streams; a stream in a storage is named `storage/stream`.

    Small streams are in the ministream, so that each keeps its exact size.
    """
    small = {name: data for name, data in streams.items() if 0 < len(data) < SMALL_STREAM_BYTES}
    small_fat: list[int] = []
    small_starts: dict[str, int] = {}
    for name, data in small.items():
        count = -(-len(data) // SMALL_SECTOR_BYTES)
        small_starts[name] = len(small_fat)
        small_fat += [*range(len(small_fat) + 1, len(small_fat) + count), END_OF_CHAIN]
    small_sectors = b"".join(_padded(data, SMALL_SECTOR_BYTES) for data in small.values())
    storages = list(dict.fromkeys(name.partition("/")[0] for name in streams if "/" in name))
    tree = [*storages, *streams]
    parts = {
        "directory": bytes((len(tree) + 1) * 128),
        "small FAT": b"".join(struct.pack("<I", sector) for sector in small_fat),
        "small sectors": small_sectors,
        **{name: data for name, data in streams.items() if len(data) >= SMALL_STREAM_BYTES},
    }
    sectors = {name: -(-len(data) // SECTOR_BYTES) for name, data in parts.items()}
    fat_sectors = 1
    while fat_sectors * (SECTOR_BYTES // 4) < sum(sectors.values()) + fat_sectors:
        fat_sectors += 1
    fat = [FAT_SECTOR] * fat_sectors
    starts: dict[str, int] = {}
    for name, count in sectors.items():
        starts[name] = len(fat) if count else END_OF_CHAIN
        fat += [*range(len(fat) + 1, len(fat) + count), END_OF_CHAIN] if count else []
    fat += [FREE] * (fat_sectors * (SECTOR_BYTES // 4) - len(fat))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6),
        *(0, fat_sectors, starts["directory"], 0, SMALL_STREAM_BYTES),
        *(starts["small FAT"], sectors["small FAT"], END_OF_CHAIN, 0),
    )
    header += b"".join(struct.pack("<I", sector) for sector in range(fat_sectors)).ljust(436, b"\xff")
    numbers = {name: number for number, name in enumerate(tree, 1)}
    children = {folder: [name for name in tree if _folder(name) == folder] for folder in ("", *storages)}
    rights = {name: numbers[right] for names in children.values() for name, right in pairwise(names)}
    first = {folder: numbers[names[0]] if names else NO_ENTRY for folder, names in children.items()}
    entries = [_directory_entry("Root Entry", 5, NO_ENTRY, first[""], starts["small sectors"], len(small_sectors))]
    for name in tree:
        data = streams.get(name, b"")
        start = small_starts.get(name, starts.get(name, END_OF_CHAIN))
        kind, child = (2, NO_ENTRY) if name in streams else (1, first[name])
        right = rights.get(name, NO_ENTRY)
        entries.append(_directory_entry(name.rpartition("/")[2], kind, right, child, start, len(data)))
    parts["directory"] = b"".join(entries)
    data = b"".join(_padded(part, SECTOR_BYTES) for part in parts.values())
    return header + b"".join(struct.pack("<I", sector) for sector in fat) + data


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _padded(data: bytes, size: int) -> bytes:
    return data.ljust(-(-len(data) // size) * size, b"\0")


def _directory_entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIII",
        *(encoded, len(encoded), kind, 1, NO_ENTRY, right, child, bytes(16), 0, 0, 0, start, size, 0),
    )


def _docx_of(paragraphs: Sequence[str]) -> bytes:
    return docx("".join(map(docx_paragraph, paragraphs)))


def _odt_of(paragraphs: Sequence[str]) -> bytes:
    return odt("".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs))


def _epub_of(paragraphs: Sequence[str]) -> bytes:
    middle = len(paragraphs) // 2
    halves = [half for half in (paragraphs[:middle], paragraphs[middle:]) if half]
    return epub(["".join(f"<p>{escape(text)}</p>" for text in half) for half in halves])


def _rtf_of(paragraphs: Sequence[str]) -> bytes:
    return rtf("".join(f"\\pard\\plain {rtf_text(text)}\\par\n" for text in paragraphs))


def _markdown_of(paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join(paragraphs).encode()


def _msg_of(paragraphs: Sequence[str]) -> bytes:
    return msg({0x0037: "A subject", 0x1000: "\r\n\r\n".join(paragraphs)})


FILES_OF: Mapping[str, Callable[[Sequence[str]], bytes]] = {
    "docx": _docx_of,
    "odt": _odt_of,
    "epub": _epub_of,
    "rtf": _rtf_of,
    "markdown": _markdown_of,
    "msg": _msg_of,
}
"""By extractor, the function that builds a file of paragraphs."""
