"""Writes small PDFs with known text at known places."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 612, 792
FONTS = {"regular": "Helvetica", "bold": "Helvetica-Bold"}
CHARACTER_WIDTH = 0.5
"""Average width of a character, as a multiple of the font size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A line of Latin text; `top` is the distance from the top edge of the page, `angle` a number of quarter turns."""

    text: str
    left: float
    top: float
    size: float = 10.0
    font: str = "regular"
    angle: int = 0


@dataclass(slots=True)
class PdfPage:
    """The lines of a page; `rotation` is the rotation of the displayed page, in degrees."""

    lines: list[PlacedLine] = field(default_factory=list)
    rotation: int = 0
    origin: tuple[int, int] = (0, 0)


def pdf_bytes(pages: Sequence[PdfPage], properties: dict[str, str] | None = None) -> bytes:
    """Return a PDF with these pages and properties, such as {"Title": "..."}."""
    fonts = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(FONTS, 3))
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
            for name in FONTS.values()
        ),
    ]
    for number, page in enumerate(pages):
        left, bottom = page.origin
        box = f"[{left} {bottom} {left + WIDTH} {bottom + HEIGHT}]"
        content = zlib.compress("\n".join(_drawn(page)).encode("cp1252"))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Rotate {page.rotation}"
            f" /Resources << /Font << {fonts} >> >> /Contents {6 + 2 * number} 0 R >>".encode()
        )
        head = f"<< /Length {len(content)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + content + b"\nendstream")
    entries = " ".join(f"/{name} ({_escaped(value)})" for name, value in (properties or {}).items())
    objects.append(f"<< {entries} >>".encode("cp1252"))
    return _file(objects)


def _drawn(page: PdfPage) -> Iterable[str]:
    left, bottom = page.origin
    for line in page.lines:
        x, y = left + line.left, bottom + HEIGHT - line.top - line.size
        turned = {0: "1 0 0 1", 1: "0 1 -1 0"}[line.angle]
        yield f"BT /{line.font} {line.size} Tf {turned} {x:.2f} {y:.2f} Tm ({_escaped(line.text)}) Tj ET"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    raw = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(raw))
        raw += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(raw)
    raw += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    return raw + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Return a text in lines that approximately fit a width."""
    most = int(width / (CHARACTER_WIDTH * size))
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > most:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The layout of paragraphs: in one or two columns, with an indent or with space between them."""

    columns: int = 1
    size: float = 10.0
    spacing: float = 1.2
    is_indented: bool = False
    head: str | None = None
    is_numbered: bool = True
    top: float = 90.0
    bottom: float = 690.0


def pages_of(paragraphs: Sequence[str], layout: Layout) -> list[PdfPage]:
    """Return the pages of paragraphs in a layout."""
    gutter = 24.0
    width = (WIDTH - 144 - gutter * (layout.columns - 1)) / layout.columns
    pages = [PdfPage()]
    column, top = 0, layout.top
    for paragraph in paragraphs:
        indent = 1.5 * layout.size if layout.is_indented else 0.0
        lines = wrapped(paragraph, width - indent, layout.size)
        for number, line in enumerate(lines):
            if top + layout.size > layout.bottom:
                column, top = column + 1, layout.top
            if column == layout.columns:
                pages.append(PdfPage())
                column = 0
            left = 72 + column * (width + gutter) + (indent if number == 0 else 0)
            pages[-1].lines.append(PlacedLine(text=line, left=left, top=top, size=layout.size))
            top += layout.size * layout.spacing
        top += 0 if layout.is_indented else layout.size
    for number, page in enumerate(pages, 1):
        if layout.head:
            page.lines.insert(0, PlacedLine(text=layout.head, left=72, top=40, size=layout.size))
        if layout.is_numbered:
            page.lines.append(PlacedLine(text=str(number), left=WIDTH / 2, top=750, size=layout.size))
    return pages
