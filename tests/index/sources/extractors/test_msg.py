"""MSG: the body by its best part, the headers as metadata."""

import struct
from datetime import date

import pytest

from tests.support.office_files import msg, ole_file, rtf
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.msg import extract_text

SUBJECT, BODY, HTML, RTF, HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
SENDER, SENT, CODE_PAGE = 0x0C1A, (0x0039, 0x0040), (0x3FDE, 0x0003)
PLAIN = "The harbour will be closed in May.\r\n\r\nFerries leave from the coal dock."
WRAPPED_HTML = (
    r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fcharset204 Arial;}}"
    r"{\*\htmltag64 <p>}\htmlrtf \par for RTF only \htmlrtf0 One {\*\htmltag84 <b>}caf\'e9{\*\htmltag92 </b>}"
    r"{\*\htmltag84 &nbsp;}\u8212?\htmlrtf {\f0\htmlrtf0 \'e6\htmlrtf }\htmlrtf0{\*\htmltag72 </p>}"
    r"{\*\htmltag64 <p>}Two.}"
)


def uncompressed(data: bytes) -> bytes:
    return struct.pack("<II4sI", len(data) + 12, len(data), b"MELA", 0) + data


def paragraphs(properties: dict[int, str | bytes]) -> list[str]:
    return extract_text(msg(properties), "a.msg").text.strip().split("\n\n")


def reason(raw: bytes) -> str:
    with pytest.raises(SourceRejected) as error:
        extract_text(raw, "a.msg")
    return error.value.reason


def test_headers_are_metadata() -> None:
    raw = msg(
        {SUBJECT: "Quay closed", SENDER: "Jane Roe", BODY: PLAIN, HEADERS: "Date: Mon, 4 Mar 2024 23:30:00 +0900\r\n"}
    )
    properties = extract_text(raw, "a.msg").properties
    assert (properties.title, properties.authors, properties.published) == (
        "Quay closed",
        ("Jane Roe",),
        date(2024, 3, 4),
    )


def test_without_a_header_the_time_of_sending_is_the_date() -> None:
    hundred_ns = 133_540_128_000_000_000  # 2024-03-04 00:00 UTC
    assert extract_text(msg({BODY: PLAIN}, fixed={SENT: hundred_ns}), "a.msg").properties.published == date(2024, 3, 4)


def test_an_address_is_no_author() -> None:
    assert extract_text(msg({BODY: PLAIN, SENDER: "jane@mail.example"}), "a.msg").properties.authors == ()


def test_plain_text_is_the_body_unless_it_is_a_stub() -> None:
    html = b"<p>One long paragraph of the HTML.</p><p>And another one.</p>"
    assert paragraphs({BODY: PLAIN, HTML: html})[0] == "The harbour will be closed in May."
    assert paragraphs({BODY: "See HTML.", HTML: html}) == [
        "One long paragraph of the HTML.",
        "And another one.",
    ]


def test_html_is_decoded_by_the_code_page_of_the_message() -> None:
    raw = msg({HTML: "<p>Гавань закрыта.</p>".encode("cp1251")}, fixed={CODE_PAGE: 1251})
    assert extract_text(raw, "a.msg").text == "Гавань закрыта.\n"


def test_rtf_is_the_last_resort_and_html_in_it_is_unwrapped() -> None:
    assert paragraphs({RTF: uncompressed(rtf(r"Only RTF.\par"))}) == ["Only RTF."]
    assert paragraphs({RTF: uncompressed(WRAPPED_HTML.encode())}) == ["One café —ж", "Two."]


def test_wrapped_lines_of_plain_text_are_joined() -> None:
    body = (
        "The harbour authority of Southport will close its northern quay for\n"
        "eleven months from the first of May, the council decided on Monday\nevening.\n\nShort line\nAnother"
    )
    sentence, *others = paragraphs({BODY: body})
    assert sentence.endswith("quay for eleven months from the first of May, the council decided on Monday evening.")
    assert others == ["Short line", "Another"]


def test_refusals_say_what_is_wrong() -> None:
    assert "(.doc)" in reason(ole_file({"WordDocument": b"x"}))
    assert "another OLE file" in reason(ole_file({"Other": b"x"}))
    assert "no OLE file" in reason(b"From: someone")
    assert "no text" in reason(msg({SUBJECT: "Nothing"}))
    assert "encrypted" in reason(msg({0x001A: "IPM.Note.SMIME"}))
