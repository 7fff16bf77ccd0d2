import pytest

from wherefrom.index.sources.containers.declared_charset import text_bytes
from wherefrom.index.sources.encodings.encoding_detection import decode

FRENCH = "Les inspecteurs ont trouvé des fissures à l'été, a dit le maire très inquiet. " * 5


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1", "no-such-charset"])
def test_utf_8_stays_as_it_is_whatever_is_declared(label: str | None) -> None:
    assert text_bytes(FRENCH.encode(), label) == FRENCH.encode()


def test_bytes_stay_where_detection_reads_the_same_text() -> None:
    assert text_bytes(FRENCH.encode("cp1252"), "windows-1252") == FRENCH.encode("cp1252")


@pytest.mark.parametrize(("text", "label"), [("été", "iso-8859-1"), ("Žď", "iso-8859-2"), ("Ћирилица", "iso-8859-5")])
def test_a_declared_charset_decides_what_is_too_short_to_tell(text: str, label: str) -> None:
    raw = text_bytes(text.encode(label), label)
    assert decode(raw, source="x").text == text
