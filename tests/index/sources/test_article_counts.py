"""The articles of a file are counted without parsing them, as many as reading it gives."""

import gzip
import json
from pathlib import Path

import pytest

from wherefrom.index.sources.article_counts import count_articles
from wherefrom.index.sources.file_formats import read_file

LINE = json.dumps({"text": "The bridge was closed on Monday."}).encode()


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("a.jsonl", b"\n".join([LINE] * 3) + b"\n", 3),
        ("a.ndjson", b"\n".join([LINE, b"", b" \t", b"{", LINE]), 3),
        ("a.jsonl.gz", gzip.compress(b"\n".join([LINE] * 3)), 3),
        ("a.txt", b"one\ntwo\n", 1),
        ("a.html.gz", gzip.compress(b"<p>one"), 1),
    ],
)
def test_there_are_as_many_as_reading_gives(tmp_path: Path, name: str, content: bytes, count: int) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert count_articles(file) == len(list(read_file(file, name))) == count


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08\x00 not gzip"])
def test_what_cannot_be_counted_counts_as_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    assert count_articles(tmp_path / "a.jsonl") == 1
    assert count_articles(tmp_path / "nowhere.jsonl") == 1
    assert count_articles(tmp_path) == 1
