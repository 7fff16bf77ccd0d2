"""Responses of a web archive that are pages are articles; the others are counted, and damage costs one record."""

import gzip
import io
import zlib

import pytest

from tests.support.containers import KINDS
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.warc import read_warc
from wherefrom.index.sources.file_formats import read_stream
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import RawSource

CHUNKED = "Transfer-Encoding: chunked\r\n"
PAGE = b"<html><body><p>The quay closes in May.</p></body></html>"


def record(head: str = "", body: bytes = PAGE, *, kind: str = "response", length: int | None = None) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n".encode() + body
    size = len(block) if length is None else length
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://courier.example/quay>\r\n"
        "WARC-Date: 2024-05-06T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {size}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


def read(raw: bytes) -> list[ReadResult]:
    return list(read_warc(io.BytesIO(raw), "x.warc"))


def pages(raw: bytes) -> list[bytes]:
    return [result.raw for result in read(raw) if isinstance(result, RawSource)]


def test_a_page_has_its_address_and_when_it_was_fetched_is_no_date_of_publication() -> None:
    (page,) = read(record())
    assert isinstance(page, RawSource)
    assert (page.raw, page.name, page.given.url) == (PAGE, "x.warc:1", "https://courier.example/quay")
    assert page.given.published is None
    assert page.given.extra == {"crawled": "2024-05-06T10:00:00Z"}


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress(PAGE)),
        ("Content-Encoding: deflate\r\n", zlib.compress(PAGE)),
        ("Content-Encoding: gzip\r\n", PAGE),
        (CHUNKED, b"5\r\n" + PAGE[:5] + b"\r\n%x\r\n" % len(PAGE[5:]) + PAGE[5:] + b"\r\n0\r\n\r\n"),
    ],
    ids=["gzip", "deflate", "said to be gzip", "chunked"],
)
def test_content_is_decoded_as_http_says(head: str, body: bytes) -> None:
    assert pages(record(head, body)) == [PAGE]


def test_what_is_no_page_is_counted() -> None:
    picture = record().replace(b"text/html", b"image/png")
    missing = record().replace(b"200 OK", b"404 No")
    results = read(picture + missing + record(kind="request") + record())
    assert isinstance(results[0], RawSource)
    assert results[1:] == [SourceNote(source="x.warc", text="records that are not read: image/png (1), status 404 (1)")]


@pytest.mark.parametrize(
    "damaged",
    [
        record(length=10),
        record(length=100_000),
        record("Content-Encoding: gzip\r\n", gzip.compress(PAGE)[:-9]),
        b"junk\r\n",
    ],
    ids=["too short", "too long", "content cut short", "no record"],
)
def test_a_damaged_record_is_told_and_costs_no_other(damaged: bytes) -> None:
    results = read(record() + damaged + record())
    assert len([result for result in results if isinstance(result, RawSource)]) >= 2
    assert any(isinstance(result, SourceRejected) for result in results)


def test_what_is_whole_of_a_file_that_is_cut_short_is_read() -> None:
    raw = record() * 3
    results = read(raw[:-100])
    assert [type(result) is RawSource for result in results] == [True, True, False]
    compressed = gzip.compress(record()) * 3
    results = list(read_stream(io.BytesIO(compressed[:-20]), "x.warc.gz"))
    assert sum(isinstance(result, RawSource) for result in results) >= 2
    assert isinstance(results[-1], SourceRejected)


def test_a_page_cannot_decompress_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.index.sources.containers.limits.MAX_SOURCE_BYTES", 2_000)
    (error,) = read(record("Content-Encoding: gzip\r\n", gzip.compress(b" " * 3_000)))
    assert "more than 2,000 bytes" in str(error)


def test_a_web_archive_is_known_by_its_first_bytes() -> None:
    assert KINDS["WARC"].build([]).startswith(b"WARC/1.0")
