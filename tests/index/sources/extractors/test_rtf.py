r"""RTF: what reads as text comes out, in the right encoding."""

import pytest

from tests.support.office_files import rtf
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.rtf import extract_text


def lines(body: str) -> list[str]:
    return extract_text(rtf(body), "a.rtf").text.strip().split("\n\n")


def test_headings_are_known_by_style_and_by_outline_level() -> None:
    extracted = extract_text(rtf(r"\pard\s1 One\par\pard Text.\par\pard\outlinelevel1 Two\par\pard More.\par"), "a.rtf")
    assert {extracted.text[start:].split("\n")[0] for start in extracted.headings} == {"One", "Two"}


def test_characters_are_decoded_by_code_page_font_and_number() -> None:
    assert lines(r"caf\'e9 {\f1 \'e6} \u8212\'97 \u-10179?\u-8704?{\uc0\u1078 x}\par") == ["café ж — 😀жx"]


def test_unicode_twins_replace_their_ansi_text() -> None:
    assert lines(r"{\upr{ansi}{\*\ud{\u1078?}}}\par") == ["ж"]


def test_double_byte_characters_may_be_written_half_and_half() -> None:
    raw = b"{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset128 MS Mincho;}}\\f0 \\'83\\'65\\'83X\\'83g\\par}"
    assert extract_text(raw, "a.rtf").text == "テスト\n"


def test_deleted_hidden_text_headers_codes_and_pictures_are_left_out() -> None:
    body = (
        r"{\header Page head}Seen {\v unseen }{\deleted gone }{\revised added }"
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}"
        r"{\pict 0102}{\*\bkmkstart a}{\*\unknown no}{\*\annotation no}.\par"
    )
    assert lines(body) == ["Seen added link."]


def test_notes_stand_at_the_end_and_text_boxes_after_their_paragraph() -> None:
    body = (
        r"One{\super\chftn}{\footnote \pard The note.} more."
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt \pard Box.\par}}{\shprslt No.}}\par Last.\par"
    )
    assert lines(body) == ["One more.", "Box.", "Last.", "The note."]


def test_rows_are_lines_and_items_have_a_mark() -> None:
    body = (
        r"\pard Before.\par\trowd\cellx1\cellx2\pard\intbl a\cell b\par c\cell\row\trowd\pard\intbl d\cell e\cell\row"
        r"\pard After:\par{\listtext 1.\tab}Item\par\pard{\pntext\'b7\tab}Other\par"
    )
    assert lines(body) == ["Before.", "a | b c", "d | e", "After:", "• Item", "• Other"]


def test_special_characters() -> None:
    assert lines(r"a\~b\_c\-d\emdash\lquote e\rquote\{\}\\\tab f\line g\par") == ["a b-cd—‘e’{}\\ f g"]


def test_binary_data_is_skipped() -> None:
    assert lines("One {\\*\\blob\\bin4 {{{{}two.\\par") == ["One two."]


def test_title_and_author_are_those_of_the_file() -> None:
    extracted = extract_text(rtf(r"{\info{\title The harbour}{\author Jane Roe}{\company X}}Text.\par"), "a.rtf")
    assert extracted.fallbacks.title == "The harbour"
    assert extracted.fallbacks.authors == ("Jane Roe",)
    assert extracted.text == "Text.\n"


def test_a_file_that_ends_in_the_middle_is_told() -> None:
    assert "ends in the middle" in extract_text(rtf(r"Text.\par")[:-1], "a.rtf").warnings[0]


def test_what_is_no_rtf_is_refused() -> None:
    with pytest.raises(SourceRejected, match="no RTF file"):
        extract_text(b"Just text", "a.rtf")
    with pytest.raises(SourceRejected, match="no text"):
        extract_text(b"{\\rtf1}", "a.rtf")
    with pytest.raises(SourceRejected, match="nested deeper"):
        extract_text(b"{\\rtf1 a" + b"{" * 20_000, "a.rtf")


def test_raised_digits_make_no_other_number_and_struck_text_is_left_out() -> None:
    body = r"It cost 10{\super 6} euros.{\up6 1} {\strike It was a scandal. }It is 5 m\super 2\nosupersub  wide.\par"
    assert lines(body) == ["It cost 10⁶ euros. It is 5 m² wide."]
