import pytest

from tests.support.work import grows_linearly
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.declared_encoding import DECLARED_CHARSET
from wherefrom.index.sources.encoding_detection import decode

FRENCH = (
    "Le ministre a déclaré à la presse que le projet irait de l'avant malgré les protestations, ça ne fait aucun "
    "doute. Où êtes-vous ? Les élèves ont été reçus à l'hôtel de ville, où l'on servait du café et des gâteaux."
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_decoding_with_the_reported_encoding_returns_the_text(encoding: str) -> None:
    raw = FRENCH.encode(encoding)
    decoded = decode(raw, source="french.txt")
    assert decoded.text == FRENCH
    assert raw.decode(decoded.encoding) == FRENCH


def test_a_few_windows_characters_are_decoded_correctly() -> None:
    text = "He said that it was late, and that nobody who had seen the old bridge would cross it again. " * 3
    raw = f"\u201c{text}\u201d\xa0".encode("cp1252")
    assert decode(raw, source="quotes.txt").text == f"\u201c{text}\u201d\xa0"


def test_a_cyrillic_text_is_decoded_correctly() -> None:
    text = "Россия выступила против размещения системы в этом регионе, заявил во вторник посол."
    assert decode(text.encode("cp1251"), source="russian.txt").text == text


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "\u201cOù êtes-vous ?\u201d"),
        ("windows-1253", "cp1253", "ένας πρόεδρος"),
        ("Shift_JIS", "cp932", "商品の改造が商標法違反に"),
        ("gb2312", "gb18030", "中国和俄罗斯"),
        ("koi8-r", "koi8_r", "Россия"),
    ],
)
def test_a_page_is_decoded_in_the_encoding_it_declares(declared: str, encoding: str, text: str) -> None:
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}">{text}'
    decoded = decode(page.encode(encoding), source="page.html")
    assert (decoded.encoding, decoded.text) == (encoding, page)


@pytest.mark.parametrize("declared", ["utf-8", "utf-7", "nonsense", "zlib", "rot13"])
def test_a_page_that_declares_a_wrong_encoding_is_still_decoded(declared: str) -> None:
    page = f"<meta charset={declared}>{FRENCH}"
    assert decode(page.encode("cp1252"), source="page.html").text == page


def test_utf_8_is_reported_as_utf_8() -> None:
    assert decode(FRENCH.encode(), source="french.txt").encoding == "utf-8"


def test_newlines_are_not_translated() -> None:
    assert decode(b"one\r\ntwo\rthree\n", source="lines.txt").text == "one\r\ntwo\rthree\n"


def test_a_wrong_byte_order_mark_is_rejected() -> None:
    with pytest.raises(SourceRejected, match="utf-16"):
        decode(b"\xff\xfea", source="odd.txt")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"some text with a \x00 in it", "binary"),
        (b"\x01\x02\x03\x04 noise", "binary"),
        (b"\x00\x81\xff\xfe\x00\x9d", "binary"),
    ],
)
def test_bytes_that_are_not_text_are_rejected_by_source_name(raw: bytes, reason: str) -> None:
    with pytest.raises(SourceRejected, match=f"bad.bin: .*{reason}"):
        decode(raw, source="bad.bin")


@pytest.mark.parametrize("quote", ["", '"', "' ", ' "'])
def test_a_declared_encoding_is_read_with_any_white_space(quote: str) -> None:
    raw = f"<meta charset  = {quote}cp1251{quote}>".encode()
    match = DECLARED_CHARSET.search(raw)
    assert match is not None
    assert match[1] == b"cp1251"


def test_white_space_in_a_declared_encoding_is_searched_in_linear_time() -> None:
    single, double = ("<meta charset=" + " " * times for times in (10_000, 20_000))
    assert grows_linearly(lambda text: DECLARED_CHARSET.search(text.encode()), single, double)
