"""Quotations as a Word document (DOCX), written by python-docx."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from wherefrom.service.quotations.kept import HEADING, KeptQuotation, source_in_words, web_address

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

LINK_COLOUR = "0563C1"
LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
SMALL_POINTS = 8
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"
REPLACED = f"Characters that a Word document cannot hold are shown as {REPLACEMENT}."
RIGHT_TO_LEFT = ("R", "AL")


def as_docx(kept: Sequence[KeptQuotation]) -> bytes:
    """Return the quotations in order, each with its citation, note and place, in Word's default styles."""
    from docx import Document  # noqa: PLC0415 - most services never write one

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = HEADING, "", ""
    properties.created = properties.modified = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    document.add_heading(HEADING, level=1)
    for number, each in enumerate(kept, 1):
        _add(document, number, each)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: "Document", number: int, kept: KeptQuotation) -> None:
    from docx.shared import Pt  # noqa: PLC0415

    quotation = kept.quotation
    document.add_heading(str(number), level=2)
    _paragraph(document, quotation.text, style="Intense Quote")
    citation = _paragraph(document, quotation.formatted)
    if address := web_address(quotation):
        citation.add_run(" ")
        _add_link(citation, address)
    for line in filter(None, map(str.strip, kept.note.splitlines())):
        _paragraph(document, line, style="List Bullet")
    place = _paragraph(document, source_in_words(quotation))
    if NOT_IN_XML.search(quotation.text + quotation.formatted + kept.note + quotation.source):
        place.add_run(f". {REPLACED}")
    for run in place.runs:
        run.font.size = Pt(SMALL_POINTS)


def _paragraph(document: "Document", text: str, style: str | None = None) -> "Paragraph":
    """Add a paragraph with a text; it runs from right to left if the first letter with a direction does.

    Characters that XML cannot represent are replaced.
    """
    from docx.oxml.parser import OxmlElement  # noqa: PLC0415

    paragraph = document.add_paragraph(NOT_IN_XML.sub(REPLACEMENT, text), style=style)
    directions = (unicodedata.bidirectional(character) for character in text)
    if next((each for each in directions if each in ("L", *RIGHT_TO_LEFT)), "L") in RIGHT_TO_LEFT:
        # The schema fixes the order of the properties: `bidi` follows the style, which is the only other one here.
        paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    return paragraph


def _add_link(paragraph: "Paragraph", address: str) -> None:
    """Add an address as a link; python-docx reads links but cannot write them."""
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.oxml.parser import OxmlElement  # noqa: PLC0415
    from docx.shared import RGBColor  # noqa: PLC0415

    shown = NOT_IN_XML.sub(REPLACEMENT, address)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(shown, LINK_TYPE, is_external=True))
    run = paragraph.add_run(shown)
    run.font.color.rgb = RGBColor.from_string(LINK_COLOUR)
    run.font.underline = True
    link.append(run._r)  # noqa: SLF001 - how python-docx names a run's element
    paragraph._p.append(link)  # noqa: SLF001
