"""Zip packages: their parts are read within limits."""

import pytest

from tests.support.office_files import zip_file
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.reading import zip_package
from wherefrom.index.sources.extractors.reading.zip_package import ZipPackage, resolve_part


def package(parts: dict[str, str | bytes]) -> ZipPackage:
    return ZipPackage(zip_file(parts), "file", format_name="DOCX")


def test_parts_are_found_whatever_the_case_of_their_names() -> None:
    assert package({"Word/Document.xml": "x"}).read("word/document.xml") == b"x"


def test_a_small_file_cannot_unpack_to_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_package, "MAX_PART_BYTES", 100_000)
    bomb = zip_file({"a": bytes(1_000_000)})
    assert len(bomb) < 2_000
    with pytest.raises(SourceRejected, match="unpacks to more than"):
        ZipPackage(bomb, "file", format_name="DOCX").read("a")


def test_many_parts_together_cannot_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_package, "MAX_UNPACKED_BYTES", 150_000)
    opened = package({"a": bytes(100_000), "b": bytes(100_000)})
    opened.read("a")
    with pytest.raises(SourceRejected, match="unpacks to more than"):
        opened.read("b")


def test_the_parts_of_a_small_file_are_bounded_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_package, "FREE_UNPACKED_BYTES", 1_000)
    with pytest.raises(SourceRejected, match="unpacks to more than"):
        package({"a": bytes(1_000_000)}).read("a")
    text = bytes(range(256)) * 40
    assert package({"a": text}).read("a") == text


def test_an_encrypted_part_is_refused() -> None:
    raw = bytearray(zip_file({"a": "text"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    with pytest.raises(SourceRejected, match="encrypted with a password"):
        ZipPackage(bytes(raw), "file", format_name="DOCX").read("a")


def test_a_missing_part_is_named() -> None:
    with pytest.raises(SourceRejected, match="'b' is missing"):
        package({"a": "x"}).read("b")


def test_references_are_relative_to_their_part() -> None:
    assert resolve_part("book/package.opf", "text/c%201.xhtml#a") == "book/text/c 1.xhtml"
    assert resolve_part("word/document.xml", "/word/notes.xml") == "word/notes.xml"
    assert resolve_part("a/b/c", "../../../../etc/passwd") == "../../etc/passwd"  # a name in the package, not a path
