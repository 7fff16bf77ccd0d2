import codecs

import pytest
from webencodings.labels import LABELS

from tests.support.work import grows_linearly
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.declared_encoding import DECLARED_CHARSET, codec_of
from wherefrom.index.sources.encodings.encoding_detection import decode

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


def test_a_declared_label_of_the_web_is_read_with_a_codec_of_python() -> None:
    for name in sorted(set(LABELS.values()) - {"replacement", "x-user-defined"}):
        codec = codec_of(name)
        assert codec is not None
        assert codecs.lookup(codec)
    assert codec_of("replacement") is None


def test_the_declaration_of_an_xml_page_is_read() -> None:
    page = (
        '<?xml version="1.0" encoding="macintosh"?><html><body><p>Où êtes-vous ? Les élèves ont été reçus.</p></body>'
    )
    assert decode(page.encode("mac_roman"), source="page.xhtml").text == page


@pytest.mark.parametrize(
    ("label", "encoding"),
    [("iso-2022-jp", "iso2022_jp"), ("csISO2022JP", "iso2022_jp"), ("none", "iso2022_jp")],
)
def test_japanese_in_seven_bits_is_not_taken_for_ascii(label: str, encoding: str) -> None:
    page = f"<html><head><meta charset={label}></head><p>港湾局は五月一日から、北埠頭を閉鎖すると決めた。</p></html>"
    decoded = decode(page.encode(encoding), source="page.html")
    assert (decoded.encoding, decoded.text) == (encoding, page)


def test_utf_8_with_an_invalid_byte_is_utf_8_and_a_warning_says_where() -> None:
    raw = FRENCH.encode().replace("é".encode(), b"\xe9", 1)
    decoded = decode(raw, source="french.txt")
    assert (decoded.encoding, decoded.errors) == ("utf-8", "replace")
    assert raw.decode("utf-8", "replace") == decoded.text == FRENCH.replace("é", "\ufffd", 1)
    assert f"byte {raw.index(0xE9)} (0xE9)" in decoded.warnings[0]


@pytest.mark.parametrize("cut", [1, 2])
def test_utf_8_cut_off_in_a_character_is_utf_8(cut: int) -> None:
    raw = "Россия выступила против размещения системы €".encode()[:-cut]
    decoded = decode(raw, source="cut.txt")
    assert (decoded.encoding, decoded.errors) == ("utf-8", "replace")
    assert decoded.text.startswith("Россия выступила против размещения системы")


def test_utf_8_that_begins_in_the_middle_of_a_character_is_utf_8() -> None:
    raw = "€ Россия выступила против размещения системы".encode()[1:]
    assert decode(raw, source="cut.txt").encoding == "utf-8"


def test_a_mark_of_utf_8_with_an_invalid_byte_is_not_refused() -> None:
    decoded = decode(codecs.BOM_UTF8 + b"caf\xe9 and more", source="marked.txt")
    assert (decoded.encoding, decoded.errors, decoded.text) == ("utf-8-sig", "replace", "caf\ufffd and more")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["The bridge is closed.\r\nNobody came.", "Мост закрыт.\r\nЖители ждут."])
def test_wide_encodings_are_read_without_a_mark(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding), source="export.txt")
    assert (decoded.encoding, decoded.text) == (encoding, text)


def test_a_text_with_a_few_zero_bytes_is_text() -> None:
    text = "The harbour authority will close its northern quay.\n" * 3
    decoded = decode(f"{text}\x00\x00{text}".encode(), source="zeros.txt")
    assert (decoded.encoding, decoded.text) == ("utf-8", f"{text}\x00\x00{text}")


def test_invalid_utf_8_is_read_in_linear_time() -> None:
    single, double = ("é" * 9 * times + "\udce9 " * times for times in (4_000, 8_000))
    read = lambda text: decode(text.encode("utf-8", "surrogateescape"), source="long.txt")  # noqa: E731
    assert grows_linearly(read, single, double)
