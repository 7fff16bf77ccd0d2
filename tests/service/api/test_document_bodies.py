import gzip
import json

import pytest
from starlette.exceptions import HTTPException

from wherefrom.index.errors import InvalidQuestion, SourceRejected
from wherefrom.index.types import Given
from wherefrom.service.api.document_bodies import (
    articles_in,
    batch_lines,
    check_id,
    decompress,
    parse_body,
    parse_json_article,
)
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


MAIL = b"From: Mara Lind <m@x.example>\nSubject: The quay\n\nThe quay of Southport closes in May.\n"
HEADS = (b"Southport closes quay number %d\nBy Mara Lind\nMarch 4, 2024\n\n" % number for number in range(2))
TWO_STORIES = b"".join(head + b"The quay closes in May. " * 20 + b"\n\n" for head in HEADS)


def test_a_container_of_one_article_is_a_document_and_the_url_says_more_than_its_header() -> None:
    article = parse_body(MAIL, "message/rfc822", Given(title="Told"), source="x")
    assert (article.name, article.document_id, article.raw) == ("x", None, b"The quay of Southport closes in May.\n")
    assert (article.given.title, article.given.authors) == ("Told", ("Mara Lind",))


def test_a_body_of_several_articles_is_refused_with_what_to_do() -> None:
    table = b"title,text\na,The quay closes.\nb,The mill burns.\n"
    with pytest.raises(SourceRejected, match=r"holds 2 articles, .*documents:batch"):
        parse_body(table, "text/csv", Given(), source="x")
    assert len(articles_in(table, "text/csv", source="x")) == 2
    with pytest.raises(SourceRejected, match=r"holds 2 articles, .* index the file, or divide it"):
        parse_body(TWO_STORIES, "text/plain", Given(), source="x")


def test_a_batch_takes_no_text_which_pages_of_other_sites_could_send() -> None:
    with pytest.raises(UnsupportedBody, match="text/csv"):
        batch_lines(TWO_STORIES, "text/plain", 1_000)


def test_attachments_of_a_mail_are_told() -> None:
    boundary = b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nThe quay closes.\n'
    attached = b"--b\nContent-Type: text/plain; name=a.txt\n\nThe plan.\n--b\nContent-Type: image/png\n\nx\n--b--\n"
    article = parse_body(b"Subject: x\n" + boundary + attached, "message/rfc822", Given(), source="x")
    assert article.raw == b"The quay closes."
    assert ["takes: 1" in article.warnings[0], "image/png" in article.warnings[1]] == [True, True]


@pytest.mark.parametrize(
    ("body", "media_type"), [(b"", "text/csv"), (b"x", "application/rss+xml"), (b"", "message/rfc822")]
)
def test_a_container_without_an_article_is_refused(body: bytes, media_type: str) -> None:
    with pytest.raises(SourceRejected):
        parse_body(body, media_type, Given(), source="x")


def test_a_text_is_used_as_it_is() -> None:
    for raw in (b"", b"\xff raw", b"A text."):
        article = parse_body(raw, "text/plain", Given(), source="x")
        assert (article.raw, article.media_type, article.name) == (raw, "text/plain", "x")
