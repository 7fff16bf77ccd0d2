"""ODT: what reads as text comes out, what is deleted or hidden does not."""

import pytest

from tests.support.office_files import odt, zip_file
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.odt import extract_text

HIDDEN = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'


def lines(text: str, styles: str = "") -> list[str]:
    return extract_text(odt(text, styles=styles), "a.odt").text.strip().split("\n\n")


def reason(raw: bytes) -> str:
    with pytest.raises(SourceRejected) as error:
        extract_text(raw, "a.odt")
    return error.value.reason


def test_headings_items_and_rows() -> None:
    text = (
        "<text:h text:outline-level='1'>Head</text:h><text:list><text:list-item><text:p>Item</text:p></text:list-item>"
        "</text:list><table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    extracted = extract_text(odt(text), "a.odt")
    assert extracted.text == "Head\n\n• Item\n\na | b\n"
    assert extracted.headings == {0}


def test_notes_stand_at_the_end_and_text_boxes_after_their_paragraph() -> None:
    text = (
        "<text:list><text:list-item><text:p>One<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>The note.</text:p></text:note-body></text:note> more<draw:frame><draw:text-box><text:p>Box.</text:p>"
        "</draw:text-box></draw:frame>.</text:p></text:list-item></text:list><text:p>Last.</text:p>"
    )
    assert lines(text) == ["• One more.", "Box.", "Last.", "The note."]


def test_deleted_hidden_and_commented_text_and_the_contents_are_left_out() -> None:
    text = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:table-of-content><text:index-body><text:p>1 One</text:p>"
        "</text:index-body></text:table-of-content>"
        "<text:section text:display='none'><text:p>No.</text:p></text:section>"
        "<text:p>Seen <text:span text:style-name='H'>unseen </text:span><office:annotation><text:p>Why?</text:p>"
        "</office:annotation>text.</text:p><text:p text:style-name='H'>Hidden.</text:p>"
    )
    assert lines(text, HIDDEN) == ["Seen text."]


def test_spaces_tabs_and_line_breaks() -> None:
    assert lines("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d\n  e</text:p>") == ["a b c d e"]


def test_the_title_is_the_visible_one_and_the_author_who_began_the_file() -> None:
    styles = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    meta = "<dc:title>Old</dc:title><dc:creator>Last Editor</dc:creator>"
    meta += "<meta:initial-creator>Jane Roe</meta:initial-creator>"
    text = '<text:p text:style-name="P1">Seen title</text:p><text:p>Text.</text:p>'
    extracted = extract_text(odt(text, styles=styles, meta=meta), "a.odt")
    assert extracted.properties.title == "Seen title"
    assert extracted.fallbacks.authors == ("Jane Roe",)
    assert extracted.properties.published is None


def test_refusals_say_what_is_wrong() -> None:
    assert "encrypted" in reason(odt("<text:p>x</text:p>", manifest="<m><encryption-data/></m>"))
    assert "spreadsheet" in reason(zip_file({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}))
    assert "content.xml" in reason(zip_file({"other": "x"}))
    assert reason(odt("<text:p/>")) == "it holds no text"


def test_raised_digits_make_no_other_number_and_struck_text_is_left_out() -> None:
    styles = (
        "<style:style style:name='R'><style:text-properties style:text-position='super 58%'/></style:style>"
        "<style:style style:name='S'><style:text-properties style:text-line-through-style='solid'/></style:style>"
    )
    text = (
        "<text:p>It cost 10<text:span text:style-name='R'>6</text:span> euros.<text:span text:style-name='R'>1"
        "</text:span> <text:span text:style-name='S'>It was a scandal. </text:span>It was built.</text:p>"
    )
    assert lines(text, styles) == ["It cost 10⁶ euros. It was built."]
