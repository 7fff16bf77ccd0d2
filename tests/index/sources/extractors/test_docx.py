"""DOCX: what reads as text comes out, what is deleted, hidden or on the edges of pages does not."""

import pytest

from tests.support.office_files import W, docx, docx_paragraph, ole_file, zip_file
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.docx import extract_text
from wherefrom.index.sources.extractors.extracted_text import ExtractedText

VANISH_OFF = '<w:vanish w:val="0"/>'
STYLES = (
    '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="Toc"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="Hidden"><w:name w:val="Hidden"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def read(body: str, **parts: str) -> ExtractedText:
    return extract_text(docx(body, styles=STYLES, parts=parts), "a.docx")


def lines(body: str, **parts: str) -> list[str]:
    return read(body, **parts).text.strip().split("\n\n")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def reason(raw: bytes) -> str:
    with pytest.raises(SourceRejected) as error:
        extract_text(raw, "a.docx")
    return error.value.reason


def test_headings_are_known_by_style_by_derived_style_and_by_outline_level() -> None:
    outlined = "<w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr>" + run("Three") + "</w:p>"
    body = docx_paragraph("One", "H1") + docx_paragraph("Text.") + docx_paragraph("Two", "Mine") + outlined
    extracted = read(body)
    assert {extracted.text[start:].split("\n")[0] for start in extracted.headings} == {"One", "Two", "Three"}


def test_the_title_is_the_visible_one() -> None:
    raw = docx(
        docx_paragraph("Real title", "T") + docx_paragraph("Text."), styles=STYLES, core="<dc:title>Old</dc:title>"
    )
    assert extract_text(raw, "a.docx").properties.title == "Real title"


@pytest.mark.parametrize("title", ["Word Document", "Microsoft Word - report.docx", "Untitled", "Document1", " "])
def test_what_a_program_calls_a_file_is_no_title(title: str) -> None:
    raw = docx(docx_paragraph("Text."), core=f"<dc:title>{title}</dc:title>")
    assert extract_text(raw, "a.docx").fallbacks.title is None


@pytest.mark.parametrize("name", ["python-docx", "Microsoft Office User", "admin", "jroe", "j.roe@mail.example"])
def test_the_user_of_a_program_is_no_author(name: str) -> None:
    raw = docx(docx_paragraph("Text."), core=f"<dc:creator>{name}</dc:creator>")
    assert extract_text(raw, "a.docx").fallbacks.authors == ()


def test_creators_with_names_are_authors_and_dates_of_files_no_dates() -> None:
    core = "<dc:creator>Jane Roe; Tom Grell</dc:creator><created>2020-01-01</created><dc:language>en-GB</dc:language>"
    extracted = extract_text(docx(docx_paragraph("Text."), core=core), "a.docx")
    assert extracted.fallbacks.authors == ("Jane Roe", "Tom Grell")
    assert extracted.properties.published is None
    assert extracted.fallbacks.published is None
    assert extracted.properties.language == "en-GB"


def test_inserted_text_is_in_and_deleted_and_moved_text_is_not() -> None:
    body = (
        f"<w:p>{run('Kept ')}<w:ins>{run('added ')}</w:ins><w:del><w:r><w:delText>gone </w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('moved away ')}</w:moveFrom><w:moveTo>{run('moved here.')}</w:moveTo></w:p>"
    )
    assert lines(body) == ["Kept added moved here."]


def test_raised_digits_make_no_other_number_and_struck_text_is_left_out() -> None:
    raised, unstruck = '<w:vertAlign w:val="superscript"/>', '<w:strike w:val="0"/>'
    body = (
        f"<w:p>{run('It cost 10')}{run('6', raised)}{run(' euros.')}{run('1', raised)}"
        f"{run(' It was a scandal.', '<w:strike/>')}{run(' It was', unstruck)}{run(' built.')}</w:p>"
    )
    assert lines(body) == ["It cost 10⁶ euros. It was built."]


def test_a_table_of_contents_without_styles_is_left_out() -> None:
    body = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{docx_paragraph('The walls 3')}</w:sdtContent></w:sdt>{docx_paragraph('Text.')}"
    )
    assert lines(body) == ["Text."]


def test_paragraphs_are_joined_where_the_mark_between_them_is_deleted() -> None:
    first = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('One ')}</w:p>"
    assert lines(first + docx_paragraph("sentence.") + docx_paragraph("Two.")) == ["One sentence.", "Two."]


def test_a_large_initial_belongs_to_the_next_paragraph() -> None:
    initial = f'<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr>{run("T")}</w:p>'
    assert lines(initial + docx_paragraph("he harbour.")) == ["The harbour."]


def test_hidden_text_is_left_out_by_run_and_by_style() -> None:
    body = f"<w:p>{run('Seen')}{run(' unseen', '<w:vanish/>')}{run(' again.', VANISH_OFF)}</w:p>" + docx_paragraph(
        "Hidden by style.", "Hidden"
    )
    assert lines(body) == ["Seen again."]


def test_codes_of_fields_and_comments_are_left_out_and_results_are_in() -> None:
    body = (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("A link")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f"<w:hyperlink>{run(' and another')}</w:hyperlink><w:r><w:commentReference w:id='0'/></w:r></w:p>"
    )
    assert lines(body) == ["A link and another"]


def test_notes_stand_at_the_end_in_the_order_of_their_marks() -> None:
    body = (
        f"<w:p>{run('One')}<w:r><w:footnoteReference w:id='3'/></w:r>{run(' more')}"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p>" + docx_paragraph("Last paragraph.")
    )
    notes = (
        f"<w:footnotes {W}><w:footnote w:type='separator' w:id='0'>{docx_paragraph('no')}</w:footnote>"
        f"<w:footnote w:id='2'>{docx_paragraph('Second note.')}</w:footnote>"
        f"<w:footnote w:id='3'>{docx_paragraph('First note.')}</w:footnote>"
        f"<w:footnote w:id='4'>{docx_paragraph('Never referred to.')}</w:footnote></w:footnotes>"
    )
    assert lines(body, footnotes=notes) == ["One more", "Last paragraph.", "First note.", "Second note."]


def test_a_text_box_follows_its_paragraph_and_comes_once() -> None:
    box = f"<w:txbxContent>{docx_paragraph('In the box.')}</w:txbxContent>"
    body = (
        f"<w:p>{run('Before ')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run('after.')}</w:p>"
    )
    assert lines(body) == ["Before after.", "In the box."]


def test_rows_are_lines_and_cells_with_one_column_are_paragraphs() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    a, b, c = docx_paragraph("a"), docx_paragraph("b"), docx_paragraph("c")
    body = "<w:tbl>" + row(a, b + c) + row(a, "<w:tbl>" + row(b, c) + "</w:tbl>") + row(a + b) + "</w:tbl>"
    assert lines(body) == ["a | b c", "a | b | c", "a", "b"]


def test_items_have_a_mark() -> None:
    numbered = f"<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:pStyle w:val='none'/></w:pPr>{run('Item')}</w:p>"
    assert lines(docx_paragraph("Text:") + numbered) == ["Text:", "• Item"]


def test_the_table_of_contents_and_placeholders_are_left_out() -> None:
    content = f"<w:sdtContent>{docx_paragraph('Click here')}</w:sdtContent>"
    placeholder = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{content}</w:sdt>"
    filled = f"<w:sdt><w:sdtPr/><w:sdtContent>{docx_paragraph('Filled in.')}</w:sdtContent></w:sdt>"
    assert lines(docx_paragraph("Chapter 1 ... 7", "Toc") + placeholder + filled) == ["Filled in."]


def test_white_space_hyphens_and_characters_that_are_not_shown() -> None:
    body = (
        "<w:p><w:r><w:t>Soft\u00adhyphen,</w:t><w:tab/><w:t>no\u00a0break,</w:t><w:br/><w:t>hyphen</w:t>"
        "<w:noBreakHyphen/><w:t>ed \ufeff“smart”</w:t><w:softHyphen/><w:sym w:char='F0B7'/>"
        "<w:sym w:char='2014'/></w:r></w:p>"
    )
    assert lines(body) == ["Softhyphen, no break, hyphen-ed “smart”—"]


def test_two_line_breaks_end_a_paragraph() -> None:
    assert lines("<w:p><w:r><w:t>One.</w:t><w:br/><w:br/><w:t>Two.</w:t></w:r></w:p>") == ["One.", "Two."]


def test_phonetic_guides_are_left_out_and_formulas_are_in() -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    body = (
        f"<w:p><w:r><w:ruby><w:rt>{run('kana')}</w:rt><w:rubyBase>{run('漢字')}</w:rubyBase></w:ruby></w:r>"
        f"<m:oMath {math}><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>"
    )
    assert lines(body) == ["漢字x=1"]


def test_strict_files_have_another_namespace() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    assert extract_text(docx(docx_paragraph("Text."), root=strict), "a.docx").text == "Text.\n"


def test_an_embedded_part_is_told() -> None:
    assert "embedded" in read(docx_paragraph("Text.") + "<w:altChunk/>").warnings[0]


def test_refusals_say_what_is_wrong() -> None:
    assert "encrypted with a password" in reason(ole_file({"EncryptedPackage": b"x"}))
    assert "(.doc)" in reason(ole_file({"WordDocument": b"x"}))
    assert "Excel" in reason(zip_file({"xl/workbook.xml": "<a/>"}))
    assert "no zip archive" in reason(b"Just text")
    assert reason(b"") == "the file is empty"
    assert reason(docx("")) == "it holds no text"
    assert "damaged" in reason(docx(docx_paragraph("Text."))[:-60])
    assert "not well-formed" in reason(docx("<w:p>"))


def test_entities_are_not_expanded() -> None:
    bomb = "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]>"
    raw = zip_file(
        {"word/document.xml": f"{bomb}<w:document {W}><w:body><w:p><w:t>&b;</w:t></w:p></w:body></w:document>"}
    )
    assert "declares an entity" in reason(raw)
