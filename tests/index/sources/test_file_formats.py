"""A file has one text or page, or an article a line; decompression stops at a limit."""

import gzip
import io
import json
import os
import socket
from pathlib import Path

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources import file_formats
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.file_formats import is_readable, read_file, read_stream
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource


def sources_of(path: Path) -> list[ReadResult]:
    return list(read_file(path, path.name))


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        *[("a.txt", True), ("a.TXT.GZ", True), ("a.htm", True), ("a.jsonl", True), ("a.pdf", True), ("a.md", True)],
        *[("a.gz", False), ("a.png", False), ("a.jpg", False), ("README.md", False)],
    ],
)
def test_a_file_is_readable_by_its_suffix(name: str, readable: bool) -> None:  # noqa: FBT001
    assert is_readable(Path(name)) is readable


def test_an_html_suffix_sets_the_media_type(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"no mark of a page")
    (source,) = sources_of(tmp_path / "a.html")
    assert isinstance(source, RawSource)
    assert source.media_type == "text/html"


def test_gzip_is_detected_by_its_first_bytes_whatever_the_file_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(gzip.compress(b"Hello."))
    (source,) = sources_of(tmp_path / "a.txt")
    assert isinstance(source, RawSource)
    assert source.raw == b"Hello."


@pytest.mark.parametrize("damage", [slice(0, 15), slice(0, -4)], ids=["cut short", "without its end"])
def test_a_damaged_gzip_file_is_rejected(tmp_path: Path, damage: slice) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"Hello. " * 50)[damage])
    (error,) = sources_of(tmp_path / "a.txt.gz")
    assert isinstance(error, SourceRejected)
    assert "cannot be decompressed" in error.reason


def test_a_small_file_cannot_decompress_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SOURCE_BYTES", 1_000)
    monkeypatch.setattr(limits, "MAX_DECOMPRESSED_BYTES", 2_000)
    contents = {
        "a.txt.gz": b" " * 1_001,
        "b.jsonl.gz": b" " * 1_001 + b"\n",
        "c.jsonl.gz": b"\n" * 2_001,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(gzip.compress(content))
        *_, error = sources_of(tmp_path / name)
        assert isinstance(error, SourceRejected)
        assert "more than" in error.reason


@pytest.mark.parametrize(
    ("data", "count"), [(b"Hello.", 1), (b'\xef\xbb\xbf{"text": "a"}\n{"text": "b"}\n', 2), (b"\x1f\x8b", 1), (b"", 1)]
)
def test_the_format_of_a_stream_is_detected_from_its_beginning(data: bytes, count: int) -> None:
    assert len(list(read_stream(io.BytesIO(data), "-"))) == count


def test_a_stream_beyond_the_limit_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DECOMPRESSED_BYTES", 10)
    (error,) = read_stream(io.BytesIO(b"x" * 11), "-")
    assert isinstance(error, SourceRejected)


def test_a_named_pipe_a_socket_and_a_device_are_rejected_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(tmp_path / "socket.txt"))
        (pipe,), (listening,) = sources_of(tmp_path / "pipe.txt"), sources_of(tmp_path / "socket.txt")
    (device,) = sources_of(Path("/dev/zero"))
    assert str(pipe) == "pipe.txt: it is a named pipe, not a file"
    assert str(listening) == "socket.txt: it is a socket, not a file"
    assert str(device) == "zero: it is a device, not a file"


def test_a_file_replaced_by_a_named_pipe_before_it_is_opened_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regular = tmp_path / "a.txt"
    regular.touch()
    mode = regular.stat()
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.setattr(Path, "stat", lambda _: mode)
    (error,) = sources_of(tmp_path / "pipe.txt")
    assert str(error) == "pipe.txt: it is a named pipe, not a file"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize("path", [Path("/proc/self/status"), Path("/proc/kmsg")])
def test_what_the_kernel_makes_while_it_is_read_is_rejected(path: Path) -> None:
    (error,) = file_formats.read_file(path, "kernel")
    assert str(error) == "kernel: the file is empty"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("line", ["\n", "1\n"])
def test_a_file_with_too_many_lines_is_read_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, *, packed: bool
) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 3)
    path = tmp_path / ("lines.jsonl.gz" if packed else "lines.jsonl")
    content = (json.dumps({"text": "It was late."}) + "\n" + line * 1_000).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    first, *_, last = file_formats.read_file(path, "lines")
    assert isinstance(first, RawSource)
    assert str(last) == "lines:4: more than 3 lines; this line and those after it are left out"
