"""A file holds one text or page, or an article a line; nothing is unpacked beyond a bound."""

import gzip
import io
from pathlib import Path

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources import file_formats
from wherefrom.index.sources.file_formats import is_readable, read_file, read_stream
from wherefrom.index.types import RawSource


def held(path: Path) -> list[RawSource | SourceRejected]:
    return list(read_file(path, path.name))


@pytest.mark.parametrize(
    ("name", "readable"),
    [("a.txt", True), ("a.TXT.GZ", True), ("a.htm", True), ("a.jsonl", True), ("a.gz", False), ("a.pdf", False)],
)
def test_names_say_what_is_read(name: str, readable: bool) -> None:  # noqa: FBT001
    assert is_readable(Path(name)) is readable


def test_a_page_is_one_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"no mark of a page")
    (each,) = held(tmp_path / "a.html")
    assert isinstance(each, RawSource)
    assert each.media_type == "text/html"


def test_packed_bytes_are_known_by_their_beginning_whatever_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(gzip.compress(b"Hello."))
    (each,) = held(tmp_path / "a.txt")
    assert isinstance(each, RawSource)
    assert each.raw == b"Hello."


@pytest.mark.parametrize("damage", [slice(0, 15), slice(0, -4)], ids=["cut short", "without its end"])
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: slice) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"Hello. " * 50)[damage])
    (error,) = held(tmp_path / "a.txt.gz")
    assert isinstance(error, SourceRejected)
    assert "cannot be unpacked" in error.reason


def test_a_small_file_cannot_unpack_to_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_formats, "MOST_BYTES", 1_000)
    monkeypatch.setattr(file_formats, "MOST_UNPACKED", 2_000)
    packed = {
        "a.txt.gz": b" " * 1_001,
        "b.jsonl.gz": b" " * 1_001 + b"\n",
        "c.jsonl.gz": b"\n" * 2_001,
    }
    for name, content in packed.items():
        (tmp_path / name).write_bytes(gzip.compress(content))
        *_, error = held(tmp_path / name)
        assert isinstance(error, SourceRejected)
        assert "more than" in error.reason


@pytest.mark.parametrize(
    ("sent", "count"), [(b"Hello.", 1), (b'\xef\xbb\xbf{"text": "a"}\n{"text": "b"}\n', 2), (b"\x1f\x8b", 1), (b"", 1)]
)
def test_a_stream_is_told_by_its_beginning(sent: bytes, count: int) -> None:
    assert len(list(read_stream(io.BytesIO(sent), "-"))) == count


def test_a_stream_has_a_bound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_formats, "MOST_UNPACKED", 10)
    (error,) = read_stream(io.BytesIO(b"x" * 11), "-")
    assert isinstance(error, SourceRejected)
