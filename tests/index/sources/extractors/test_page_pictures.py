import struct

import pytest

from tests.support.pdf_files import PdfPage, PlacedLine, pdf_bytes
from wherefrom.index.errors import PageNotFound, SourceRejected
from wherefrom.index.sources.extractors.page_pictures import MAX_SIDE_PIXELS, PNG_MAGIC, draw_page

RAW = pdf_bytes([PdfPage([PlacedLine(text="The old bridge", left=72, top=90)])])


def test_a_page_is_drawn_with_two_pixels_a_point() -> None:
    picture = draw_page(RAW, 1, "a.pdf")
    assert picture.startswith(PNG_MAGIC)
    assert struct.unpack(">II", picture[16:24]) == (1224, 1584)
    assert max(struct.unpack(">II", picture[16:24])) <= MAX_SIDE_PIXELS


def test_a_page_that_is_not_there_is_named() -> None:
    with pytest.raises(PageNotFound, match="no page 2"):
        draw_page(RAW, 2, "a.pdf")


def test_what_is_no_pdf_cannot_be_drawn() -> None:
    with pytest.raises(SourceRejected, match="cannot be drawn"):
        draw_page(b"no PDF", 1, "a.pdf")
