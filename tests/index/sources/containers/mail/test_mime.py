"""The headers and parts of messages, also of damaged ones."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.sources.containers.mail.mime import decode_words, parameters, parse_message, read_headers


def test_headers_end_at_a_blank_line_and_may_be_folded() -> None:
    headers, end = read_headers(b"Subject: one\r\n two\r\nTo: x\r\nTo: y\r\n z\r\n\r\nBody: b")
    assert headers == {"subject": "one two", "to": "x"}
    assert end == len(b"Subject: one\r\n two\r\nTo: x\r\nTo: y\r\n z\r\n\r\n")


def test_a_text_without_headers_is_all_body() -> None:
    assert read_headers(b"The mayor said: no.\n\nMore.") == ({}, 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('text/plain; charset="utf-8"', {"charset": "utf-8"}),
        ("text/plain; charset=utf-8; format=flowed", {"charset": "utf-8", "format": "flowed"}),
        ("attachment; filename*=UTF-8''na%C3%AFve.txt", {"filename": "naïve.txt"}),
        ('attachment; filename="a;b.txt"', {"filename": "a;b.txt"}),
        ("attachment; filename*0=one; filename*1=two", {"filename": "onetwo"}),
    ],
)
def test_parameters_are_read_as_they_are_written(value: str, expected: dict[str, str]) -> None:
    assert parameters(value) == expected


def test_encoded_words_are_decoded_and_joined() -> None:
    assert decode_words("=?utf-8?Q?na=C3=AF?= =?utf-8?Q?ve_?= quay") == "naïve  quay"
    assert decode_words("=?utf-8?B?not base64?=") is not None


def test_a_boundary_that_begins_another_one_is_not_it() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b1\nno\n--b\n\none\n--b\n\ntwo\n--b--\n--b\n\nthree"
    message, is_whole = parse_message(raw)
    assert [part.content() for part in message.children] == [b"one", b"two"]
    assert [part.place for part in message.children] == ["1", "2"]
    assert is_whole


def test_reading_is_linear() -> None:
    raw = "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\nX: y\n\ntext\n" * 1_500
    assert grows_linearly(lambda text: parse_message(text.encode()), raw, raw + "--bx\n" * 10 + "--b\n\nmore\n" * 1_500)
