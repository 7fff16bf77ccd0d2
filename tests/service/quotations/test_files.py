"""Quotations are read back from each form as they were, whatever characters they hold."""

import csv
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO

import pytest
from docx import Document
from markdown_it import MarkdownIt

from wherefrom.index.answering.quotations import Quotation
from wherefrom.index.types import Span
from wherefrom.service.quotations.files import FORMS, QuotationFormat
from wherefrom.service.quotations.kept import KeptQuotation

TEXTS = (
    "China and Russia are worried the system's powerful X-band radar could see them.",
    "*Not* a list_item_ <script>alert(1)</script> [x](y) `code` & &amp; ~~no~~ | a | b | \\ $x$ !",
    "- dash first",
    "1. number first",
    "=1+1",
    '+49 "quoted", with a comma',
    "لا جواب حتى الآن، قال المتحدث",
    "两国都表示担心 🦞",
)


def kept(text: str, note: str = "") -> KeptQuotation:
    quotation = Quotation(
        document_id="harbour.txt",
        text=text,
        title="Gate & *harbour*",
        publisher="The Eastport Post",
        agency=None,
        authors=("Ann Otter", "Bo Fox"),
        published=date(2024, 2, 29),
        url="https://e.org/gate",
        text_fragment_url="https://e.org/gate#:~:text=x%20y",
        source="news/harbour.txt",
        source_sha256="0" * 64,
        text_sha256=None,
        segments=(Span(start=3, end=9), Span(start=12, end=20)),
        line_start=5,
        line_end=6,
        paragraphs=(2,),
        pages=(),
        formatted="Ann Otter, Bo Fox. Gate & *harbour*. The Eastport Post, 2024-02-29, para. 2.",
    )
    return KeptQuotation(quotation=quotation, note=note)


def written(form: QuotationFormat, *quotations: KeptQuotation) -> bytes:
    return FORMS[form].write(quotations)


def plain(markdown: bytes) -> list[str]:
    """Return the text of each block, as a reader sees it."""
    tokens = MarkdownIt().parse(markdown.decode())
    return [
        "".join("\n" if child.type == "hardbreak" else child.content for child in token.children or ())
        for token in tokens
        if token.type == "inline"
    ]


def test_markdown_reads_as_the_quotations_their_citations_and_notes() -> None:
    blocks = plain(written("markdown", *(kept(text, "for the *lead*\n\n- check it") for text in TEXTS)))
    assert blocks[0] == "Quotations"
    assert blocks[2::5] == list(TEXTS)
    assert blocks[3] == (
        "Ann Otter, Bo Fox. Gate & *harbour*. The Eastport Post, 2024-02-29, para. 2. https://e.org/gate#:~:text=x y"
    )
    assert blocks[4] == "Note: for the *lead*\n- check it"
    assert blocks[5].startswith("news/harbour.txt, lines 5–6, characters 3–9, 12–20, SHA-256 000")


def test_a_word_document_reads_as_the_quotations_their_citations_and_notes() -> None:
    content = written("docx", *(kept(text, "for the *lead*\n\n- check it") for text in TEXTS))
    paragraphs = Document(BytesIO(content)).paragraphs
    assert [each.text for each in paragraphs if each.style and each.style.name == "Intense Quote"] == list(TEXTS)
    first = [each.text for each in paragraphs[:7]]
    assert first[0] == "Quotations"
    assert first[3].startswith("Ann Otter, Bo Fox. Gate & *harbour*. The Eastport Post, 2024-02-29, para. 2.")
    assert first[3].endswith("https://e.org/gate#:~:text=x%20y")
    assert first[4:6] == ["for the *lead*", "- check it"]
    assert first[6].startswith("news/harbour.txt, lines 5–6")


def test_a_word_document_runs_from_right_to_left_where_its_text_does_and_links_to_the_page() -> None:
    xml = Document(BytesIO(written("docx", kept(TEXTS[6])))).element.xml
    assert xml.count("<w:bidi/>") == 1
    assert "w:hyperlink r:id=" in xml


def test_a_character_that_xml_cannot_hold_is_shown_as_replaced_and_told() -> None:
    paragraphs = [each.text for each in Document(BytesIO(written("docx", kept("a\x00b\x0cc\ufffe")))).paragraphs]
    assert paragraphs[2] == "a\ufffdb\ufffdc\ufffd"
    assert "cannot hold" in paragraphs[-1]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_every_quotation_in_order(form: QuotationFormat) -> None:
    assert written(form, kept("one"), kept("two")) != written(form, kept("two"), kept("one"))


def rows(*quotations: KeptQuotation) -> list[dict[str, str]]:
    text = written("csv", *quotations).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_csv_has_a_row_for_each_quotation_with_every_part_of_its_citation() -> None:
    (row,) = rows(kept(TEXTS[0], "for the lead,\nand more"))
    assert row["quotation"] == TEXTS[0]
    assert row["note"] == "for the lead,\nand more"
    assert (row["authors"], row["published"], row["paragraphs"]) == ("Ann Otter; Bo Fox", "2024-02-29", "2")
    assert (row["characters"], row["source_sha256"]) == ("3-9 12-20", "0" * 64)
    assert row["citation"].startswith("Ann Otter, Bo Fox. Gate & *harbour*.")


def test_a_spreadsheet_computes_nothing_of_a_quotation_or_note() -> None:
    shown = [(row["quotation"], row["note"]) for row in rows(*(kept(text, text) for text in TEXTS))]
    expected = [f"'{text}" if text[0] in "=+-@" else text for text in TEXTS]
    assert shown == [(text, text) for text in expected]


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    quotation = kept("text").quotation
    harmful = replace(quotation, url="javascript:alert(1)", text_fragment_url=None)
    for form in FORMS:
        assert b"javascript" not in written(form, KeptQuotation(quotation=harmful))
