"""Extracts the text of a PDF in reading order, with the places of its lines on the pages."""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pypdfium2.version import PYPDFIUM_INFO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.page_layout.assembly import AssembledText, PageCharacters, assemble
from wherefrom.index.sources.extractors.page_layout.runs import Character
from wherefrom.index.types import Given

LAYOUT_VERSION = "2"
"""The version of the rules that make a text of characters; part of the extractor's version in citations."""
EXTRACTOR = f"pypdfium2 {PYPDFIUM_INFO.version}+wherefrom.{LAYOUT_VERSION}"
MAX_PAGES = 2_000
PDF_MAGIC, MAX_BYTES_BEFORE_MAGIC = b"%PDF-", 1_024
NO_PDF = "it does not begin with %PDF-; name it after its own format"
MAX_CHARACTERS_PER_PAGE = 200_000
MIN_CHARACTERS = 20
"""Minimum number of characters of a PDF with text; one with fewer is a scan or a picture."""
MAX_UNKNOWN_SHARE = 0.3
MIN_BOLD_WEIGHT = 600
# Minimum share of a page's characters, and minimum number of their lines, by which the page is read turned.
MIN_TURNED_SHARE, MIN_TURNED_LINES = 0.8, 5
MIN_COSINE = 0.9
"""Minimum cosine of the angle between a character and the direction of a quarter turn."""
# PDFium's codes for a hyphen at the end of a line, and the soft hyphen.
HYPHEN_SIGNS = frozenset(("\x02", "\ufffe", "\xad"))
# The bullets of the fonts Symbol and Wingdings, which are in the private use area.
BULLET_SIGNS = frozenset(map(chr, (0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0FC)))
SCALE = 1_000.0
"""Device units per point; PDFium returns positions as integers in device units."""
OCR_HINT = "recognise its text first, for example with `ocrmypdf IN.pdf OUT.pdf`"
RIGHT_TO_LEFT = ("R", "AL")
MAX_LISTED_PAGES = 10
FILE_NAME = re.compile(r"\.\w{2,5}$|^Microsoft |^untitled", re.IGNORECASE)
AUTHOR_SEPARATOR = re.compile(r" ?(?:;|&|\band\b) ?")
WORD_OF_OFFICE = re.compile(r"\b(?:of|for|the)\b", re.IGNORECASE)
"""A word in the names of offices and companies, in which "and" does not divide persons."""
TITLE_CHARACTERS = 3_000
"""Number of first characters of the text that must contain a title or author from the properties."""


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of a PDF. Raise SourceRejected if it is damaged, protected, too long or a scan."""
    document = _open(raw, source)
    try:
        if not 0 < len(document) <= MAX_PAGES:
            reason = f"more than {MAX_PAGES:,} pages; split it" if len(document) else "no pages"
            raise SourceRejected(source, f"this PDF has {reason}")
        pages = [_read_page(document, number, source) for number in range(len(document))]
        _check_text(pages, source)
        assembled = assemble(pages)
        empty = assembled.pages_without_text
        if len(empty) == len(pages):
            reason = f"this PDF has only page numbers, running heads or the like; if its pages are scans, {OCR_HINT}"
            raise SourceRejected(source, reason)
        properties = document.get_metadata_dict(skip_empty=True)
    finally:
        document.close()
    start = _start_of_text(assembled)
    return ExtractedText(
        text=assembled.text,
        extractor=EXTRACTOR,
        properties=Given(title=_title(properties, start)),
        fallbacks=Given(authors=_authors(properties, start)),
        pages=tuple(assembled.pages),
        furniture=tuple(assembled.furniture),
        continuations=frozenset(assembled.continuations),
        headings=frozenset(assembled.headings),
        warnings=tuple(_warnings(empty, len(pages))),
    )


def _open(raw: bytes, source: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise SourceRejected(source, "this PDF is protected with a password; save a copy without one") from error
        if code == pdfium_c.FPDF_ERR_SECURITY or "security" in str(error).lower():
            reason = "this PDF is encrypted in a way that is not read; save a copy without encryption"
            raise SourceRejected(source, reason) from error
        if PDF_MAGIC not in raw[:MAX_BYTES_BEFORE_MAGIC]:
            is_page = raw[:MAX_BYTES_BEFORE_MAGIC].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<")
            found = "it is a web page, which a server may send instead; get it again" if is_page else NO_PDF
            raise SourceRejected(source, f"this is no PDF: {found}") from error
        raise SourceRejected(source, "this PDF is damaged and cannot be opened; save or export it again") from error


def _read_page(document: pdfium.PdfDocument, number: int, source: str) -> PageCharacters:
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return PageCharacters(width=1.0, height=1.0, characters=())
    try:
        text_page = page.get_textpage()
        try:
            return _PageReader(page, text_page, number + 1, source).read()
        finally:
            text_page.close()
    except pdfium.PdfiumError:
        width, height = page.get_size()
        return PageCharacters(width=width, height=height, characters=())
    finally:
        page.close()


class _PageReader:
    """Reads the characters of one page, and converts their positions to those of the page as displayed."""

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, number: int, source: str) -> None:
        self._raw = text_page.raw
        self._count = text_page.count_chars()
        self._width, self._height = page.get_size()
        if self._count > MAX_CHARACTERS_PER_PAGE:
            reason = f"page {number} of this PDF has more than {MAX_CHARACTERS_PER_PAGE:,} characters"
            raise SourceRejected(source, reason)
        self._origin = self._shown(page, 0.0, 0.0)
        right, up = self._shown(page, 100.0, 0.0), self._shown(page, 0.0, 100.0)
        self._x = ((right[0] - self._origin[0]) / 100, (right[1] - self._origin[1]) / 100)
        self._y = ((up[0] - self._origin[0]) / 100, (up[1] - self._origin[1]) / 100)

    def read(self) -> PageCharacters:
        """Return the characters in drawing order."""
        turns = {index: self._turn(index) for text, index in self._texts() if text != "\n"}
        usual = self._usual_turn(turns)
        upright: list[Character | None] = []
        rotated: list[Character | None] = []
        for text, index in self._texts():
            if text == "\n":
                upright.append(None)
                rotated.append(None)
                continue
            character = self._character(text, index, usual)
            if character is not None:
                (upright if turns[index] == usual else rotated).append(character)
        inked = [character for character in upright if character is not None and character.text.strip()]
        mirrored = 2 * sum(_is_right_to_left(character.text) for character in inked) > len(inked)
        if mirrored:
            width = self._height if usual % 2 else self._width
            for character in inked:
                character.left, character.right = width - character.right, width - character.left
        return PageCharacters(
            width=self._width,
            height=self._height,
            characters=upright if inked else (),
            rotated=rotated,
            turn=usual,
            mirrored=mirrored,
        )

    def _texts(self) -> Iterator[tuple[str, int]]:
        """Yield each character and its index, with a newline for a line break, and surrogate pairs joined."""
        high = 0
        for index in range(self._count):
            code = pdfium_c.FPDFText_GetUnicode(self._raw, index)
            if 0xD800 <= code < 0xDC00:  # noqa: PLR2004 - the first half of a pair in UTF-16
                high = code
                continue
            if 0xDC00 <= code < 0xE000:  # noqa: PLR2004 - the second half
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
            text = chr(code) if code <= 0x10FFFF else "\ufffd"  # noqa: PLR2004 - the last code point
            if text in "\r\n":
                yield "\n", index
            elif text in HYPHEN_SIGNS:
                yield "-", index
            elif text in BULLET_SIGNS:
                yield "•", index
            elif text.isspace():
                yield " ", index
            elif text.isprintable() or unicodedata.category(text) in {"Co", "Mn", "Me"}:
                yield text, index

    def _usual_turn(self, turns: Mapping[int, int | None]) -> int:
        """Return the turn of almost all characters if they have several lines, such as a wide table, otherwise 0.

        A few lines at an angle are no text of the page, such as a mark in the margin of a page with little text.
        """
        turn, count = Counter(turns.values()).most_common(1)[0] if turns else (0, 0)
        if not turn or count < MIN_TURNED_SHARE * len(turns):
            return 0
        lines, is_open = 0, False
        for text, index in self._texts():
            is_turned = text.strip() != "" and turns[index] == turn
            lines += is_turned and not is_open
            is_open = is_turned or (is_open and text != "\n")
        return turn if lines >= MIN_TURNED_LINES else 0

    def _turn(self, index: int) -> int | None:
        """Return the number of clockwise quarter turns of a character as it is shown; `None` for another angle."""
        angle = pdfium_c.FPDFText_GetCharAngle(self._raw, index)
        if angle < 0:
            return 0
        across = math.cos(angle) * self._x[0] - math.sin(angle) * self._y[0]
        down = math.cos(angle) * self._x[1] - math.sin(angle) * self._y[1]
        least = MIN_COSINE * math.hypot(*self._x)
        if abs(across) > least:
            return 0 if across > 0 else 2
        if abs(down) > least:
            return 1 if down > 0 else 3
        return None

    def _character(self, text: str, index: int, turn: int) -> Character | None:
        box = pdfium_c.FS_RECTF()
        if not pdfium_c.FPDFText_GetLooseCharBox(self._raw, index, box):
            return None
        x0, y0 = self._place(box.left, box.top)
        x1, y1 = self._place(box.right, box.bottom)
        left, right, top, bottom = self._turned_back(min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1), turn)
        height = bottom - top
        if not all(map(math.isfinite, (left, right, top, bottom))) or (text != " " and height <= 0):
            return None
        size = pdfium_c.FPDFText_GetFontSize(self._raw, index)
        if not 0.4 * height <= size <= 2 * height:  # the font is scaled by a matrix
            size = height / 1.15
        bold = text != " " and pdfium_c.FPDFText_GetFontWeight(self._raw, index) >= MIN_BOLD_WEIGHT
        return Character(text=text, left=left, top=top, right=right, bottom=bottom, size=size, bold=bold)

    def _turned_back(
        self, left: float, right: float, top: float, bottom: float, turn: int
    ) -> tuple[float, float, float, float]:
        """Return left, right, top and bottom on the page as it is read, from those on the page as it is shown."""
        if turn == 1:
            return top, bottom, self._width - right, self._width - left
        if turn == 2:  # noqa: PLR2004 - upside down
            return self._width - right, self._width - left, self._height - bottom, self._height - top
        if turn == 3:  # noqa: PLR2004 - read upwards
            return self._height - bottom, self._height - top, left, right
        return left, right, top, bottom

    def _place(self, x: float, y: float) -> tuple[float, float]:
        (ox, oy), (xx, xy), (yx, yy) = self._origin, self._x, self._y
        return ox + x * xx + y * yx, oy + x * xy + y * yy

    def _shown(self, page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
        """Return the displayed position, from the left and top edges, of a point in the page's own coordinates."""
        device_x, device_y = ctypes.c_int(), ctypes.c_int()
        width, height = int(self._width * SCALE), int(self._height * SCALE)
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, device_x, device_y)
        return device_x.value / SCALE, device_y.value / SCALE


def _is_right_to_left(text: str) -> bool:
    return unicodedata.bidirectional(text[0]) in RIGHT_TO_LEFT


def _check_text(pages: Sequence[PageCharacters], source: str) -> None:
    """Raise SourceRejected if the pages have no text, or fonts that do not declare their characters."""
    texts = [character.text for page in pages for character in page.characters if character is not None]
    inked = [text for text in texts if text.strip()]
    if len(inked) < MIN_CHARACTERS:
        raise SourceRejected(source, f"this PDF has no text, only pictures of it as scans have; {OCR_HINT}")
    unknown = sum(text == "\ufffd" or unicodedata.category(text[0]) == "Co" for text in inked)
    if unknown > MAX_UNKNOWN_SHARE * len(inked):
        raise SourceRejected(source, f"the fonts of this PDF do not say which characters they show; {OCR_HINT}")


def _warnings(empty: Sequence[int], pages: int) -> Iterator[str]:
    if empty and pages > len(empty):
        listed = ", ".join(map(str, empty[:MAX_LISTED_PAGES])) + (", …" if len(empty) > MAX_LISTED_PAGES else "")
        noun = "page has" if len(empty) == 1 else "pages have"
        yield f"{len(empty)} {noun} no text ({listed}): if these are scans, {OCR_HINT}"


def _start_of_text(assembled: AssembledText) -> str:
    """Return the start of the text in lower case, without furniture, such as the title in the head of each page."""
    kept, edge = [], 0
    for each in sorted(assembled.furniture, key=lambda dropped: dropped.start):
        if each.start >= TITLE_CHARACTERS:
            break
        kept.append(assembled.text[edge : each.start])
        edge = each.end
    kept.append(assembled.text[edge : max(edge, TITLE_CHARACTERS)])
    return " ".join("".join(kept).split()).casefold()


def _title(properties: dict[str, str], start: str) -> str | None:
    """Return the title in a PDF's properties if it stands at the start of the text.

    Programs fill it in with file names and templates, and the author with the user's name. The date of creation is not
    used, since it is not that of publication.
    """
    title = " ".join(properties.get("Title", "").split())
    return title if " " in title and title.casefold() in start and not FILE_NAME.search(title) else None


def _authors(properties: dict[str, str], start: str) -> tuple[str, ...]:
    """Return the authors in a PDF's properties if all stand at the start of the text."""
    author = " ".join(properties.get("Author", "").split())
    persons = AUTHOR_SEPARATOR.split(author)
    for names in ((author,) if WORD_OF_OFFICE.search(author) else persons, (author,)):
        if all(" " in name and name.casefold() in start for name in names):
            return tuple(names)
    return ()
