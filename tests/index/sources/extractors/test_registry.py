import zipfile
from io import BytesIO

import pytest

from wherefrom.index.sources.extractors.registry import FORMATS, detect_format, extractor_of, is_extracted


def archive(**files: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"{\\rtf1 text}", "application/rtf"),
        (archive(mimetype="application/epub+zip"), "application/epub+zip"),
        (archive(mimetype="application/vnd.oasis.opendocument.text\n"), "application/vnd.oasis.opendocument.text"),
        (archive(mimetype="application/zip"), None),
        (archive(mimetype="x" * 1_000), None),
        (archive(other="text"), None),
        (b"PK\x03\x04 cut", None),
        (b"A text.", None),
    ],
)
def test_a_format_is_told_by_the_first_bytes(raw: bytes, expected: str | None) -> None:
    assert detect_format(raw) == expected


def test_a_word_document_is_told_by_its_parts() -> None:
    found = detect_format(archive(**{"word__document.xml": "<x/>"}))
    assert found is not None
    assert found.endswith("wordprocessingml.document")


def test_text_and_html_are_not_extracted() -> None:
    assert not any(map(is_extracted, ("text/plain", "text/html", None)))
    assert all(map(is_extracted, FORMATS))


def test_an_extractor_is_a_function_of_the_format_s_module() -> None:
    assert extractor_of("application/pdf").__module__.endswith(".pdf")
