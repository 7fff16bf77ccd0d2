import gzip
import json

import pytest
from starlette.exceptions import HTTPException

from wherefrom.index.errors import InvalidQuestion, SourceRejected
from wherefrom.index.types import Given
from wherefrom.service.api.document_bodies import check_id, decompress, parse_body, parse_json_article
from wherefrom.service.errors import MalformedBody, UnsupportedBody


def test_gzip_is_decompressed_up_to_the_limit() -> None:
    assert decompress(gzip.compress(b"a" * 100), 100) == b"a" * 100
    with pytest.raises(HTTPException, match="larger than 99 bytes once unpacked"):
        decompress(gzip.compress(b"a" * 100), 99)


@pytest.mark.parametrize(
    "body",
    [b"", b"plain", gzip.compress(b"whole")[:-1], gzip.compress(b"one") * 2, gzip.compress(b"one") + b"\0"],
)
def test_anything_but_one_whole_gzip_member_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedBody, match="gzip"):
        decompress(body, 1_000)


def test_a_source_is_used_as_it_is() -> None:
    given = Given(title="Told")
    read = parse_body(b"\xff raw", "text/html", given, source="x")
    assert (read.raw, read.media_type, read.given, read.document_id) == (b"\xff raw", "text/html", given, None)
    with pytest.raises(UnsupportedBody, match="text/plain, text/html, application/json"):
        parse_body(b"", "text/xml", given, source="x")


def test_metadata_stands_in_json_or_in_the_url() -> None:
    body = json.dumps({"text": "A text.", "title": "Told"}).encode()
    assert parse_body(body, "application/json", Given(), source="x").given == Given(title="Told")
    with pytest.raises(InvalidQuestion, match="not in the URL"):
        parse_body(body, "application/json", Given(title="Other"), source="x")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 5_000, b'{"text": "a"} x'])
def test_invalid_json_is_refused(body: bytes) -> None:
    with pytest.raises((MalformedBody, SourceRejected)):
        parse_json_article(body, source="x")


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(SourceRejected):
        parse_json_article(b'{"text": "\\ud800"}', source="x")


def test_a_body_may_name_the_document_that_the_url_names() -> None:
    check_id(parse_json_article(b'{"text": "A text.", "id": "a"}', source="x"), "a")
    check_id(parse_json_article(b'{"text": "A text."}', source="x"), "a")
    with pytest.raises(InvalidQuestion, match="is 'a', where the URL has 'b'"):
        check_id(parse_json_article(b'{"text": "A text.", "id": "a"}', source="x"), "b")
