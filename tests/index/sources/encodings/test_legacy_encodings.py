"""Texts of forty languages in their legacy encodings are read right or refused by name, whatever they declare."""

import pytest

from tests.support.legacy_texts import legacy_texts
from tests.support.work import grows_linearly
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.encoding_detection import decode

CASES = list(legacy_texts())
IDS = [f"{language}-{encoding}" for language, encoding, _ in CASES]
# The labels by which pages declare what Python has other names for.
LABELS = {"mac_roman": "macintosh", "mac_cyrillic": "x-mac-cyrillic", "cp874": "windows-874", "cp866": "ibm866"}
WITHOUT_LABEL = {"cp850", "cp852", "hz", "iso2022_kr", "utf-16-le", "utf-16-be"}
DECLARED = [case for case in CASES if case[1] not in WITHOUT_LABEL]


def page(text: str, label: str) -> str:
    return f'<!doctype html><html><head><meta charset="{label}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize(("language", "encoding", "text"), CASES, ids=IDS)
def test_an_undeclared_text_is_read_right(language: str, encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding), source=f"{language}.txt")
    assert decoded.text == text.encode(encoding).decode(encoding)
    assert (decoded.errors, decoded.warnings) == ("strict", ())


@pytest.mark.parametrize(("language", "encoding", "text"), DECLARED)
def test_a_declared_text_is_read_right(language: str, encoding: str, text: str) -> None:
    label = LABELS.get(encoding, encoding.replace("cp125", "windows-125").replace("iso8859_", "iso-8859-"))
    source = page(text, label.replace("_", "-").replace("shift-jis", "shift_jis"))
    decoded = decode(source.encode(encoding), source=f"{language}.html")
    assert decoded.text == source.encode(encoding).decode(encoding)


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "windows-1251", "gb2312", "windows-1250", "macintosh"])
def test_a_wrong_declaration_gives_the_right_text_or_a_refusal(label: str) -> None:
    for language, encoding, text in CASES:
        raw = page(text, label).encode(encoding)
        try:
            decoded = decode(raw, source=f"{language}.html")
        except SourceRejected as refusal:
            assert "declare" in str(refusal)  # noqa: PT017 - a refusal is as right as the text
        else:
            assert decoded.text == raw.decode(encoding), (language, encoding, decoded.encoding)


@pytest.mark.parametrize("share", [0.5, 0.25])
def test_a_short_text_is_read_right_or_refused(share: float) -> None:
    for language, encoding, text in CASES:
        raw = text[: int(len(text) * share)].encode(encoding)
        try:
            decoded = decode(raw, source=f"{language}.txt")
        except SourceRejected:
            continue
        assert decoded.text == raw.decode(encoding), (language, encoding, decoded.encoding)


def test_a_foreign_name_in_an_english_text_is_read_as_browsers_read_it() -> None:
    text = (
        "The mayor met José Núñez at the café on Monday, and said that the old bridge would be closed for five months."
    )
    assert decode(text.encode("cp1252"), source="mayor.txt").text == text


def test_bytes_that_are_no_language_are_refused() -> None:
    noise = "The bridge \xd0\xfe\xdd\xf0\xfd\xde\xf0 \xdd\xfd\xd0\xfe and \xf0\xdd\xfe\xd0 closed \xfe\xde\xf0\xdd."
    with pytest.raises(SourceRejected, match="save it as UTF-8"):
        decode(noise.encode("latin-1"), source="noise.txt")


def test_legacy_encodings_are_weighed_in_linear_time() -> None:
    single, double = ("".join(f"ä{number:x}ö£ " for number in range(times)) for times in (20_000, 40_000))

    def weigh(text: str) -> None:
        try:
            decode(text.encode("cp1252"), source="long.txt")
        except SourceRejected:
            return

    assert grows_linearly(weigh, single, double)
