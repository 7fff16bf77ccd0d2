"""A JSON object is parsed as an article, or rejected by the name of the invalid field."""

from datetime import date

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Given, RawSource


def test_an_article_has_a_text_and_given_metadata() -> None:
    row = {
        "id": "a-1",
        "text": "Naïve.",
        "title": " A  title ",
        "url": "https://example.org/a",
        "publisher": "The Example",
        "authors": ["Jane Doe", "John Roe"],
        "published": "2016-02-02T23:30:00+09:00",
    }
    given = Given(
        title="A title",
        url="https://example.org/a",
        publisher="The Example",
        authors=("Jane Doe", "John Roe"),
        published=date(2016, 2, 2),
    )
    expected = RawSource(name="x", document_id="a-1", raw="Naïve.".encode(), media_type="text/plain", given=given)
    assert parse_article(row, source="x") == expected


def test_a_text_that_is_a_fragment_of_html_is_read_as_html() -> None:
    row = {"text": "<p>The bridge is closed.</p>\n<p>Nobody was hurt.</p>"}
    assert parse_article(row, source="x").media_type == "text/html"


def test_html_sets_the_media_type_and_null_counts_as_absent() -> None:
    source = parse_article({"html": "<p>Hello", "text": None, "title": None, "authors": None}, source="x")
    assert (source.document_id, source.media_type, source.given) == (None, "text/html", Given())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([], "an article must be a JSON object"),
        ("text", "an article must be a JSON object"),
        ({}, "either text or html"),
        ({"text": "a", "html": "b"}, "not both"),
        ({"text": 1}, "text: it must be a string"),
        ({"text": "a\ud800"}, "text: it holds half a character"),
        ({"text": "a", "body": "b"}, "body: unknown field; the fields are authors"),
        ({"text": "a", "id": 7}, "id: it must be a string"),
        ({"text": "a", "id": "x" * 201}, "id: it may have at most 200"),
        ({"text": "a", "authors": "Jane Doe"}, "authors: it must be an array of strings"),
        ({"text": "a", "authors": [1]}, "authors: it must be an array of strings"),
        ({"text": "a", "published": "02/03/2016"}, "published: '02/03/2016' is not an ISO 8601 date"),
        ({"text": "a", "published": 2016}, "published: it must be a string"),
        ({"text": "a", "url": "javascript:alert(1)"}, "url: it must begin with http"),
        ({"text": "a", "url": "https://a b"}, "url: it must begin with http"),
    ],
)
def test_an_invalid_article_is_rejected_by_the_name_of_its_field(row: object, reason: str) -> None:
    with pytest.raises(SourceRejected, match=r"^stories\.jsonl:3: ") as rejected:
        parse_article(row, source="stories.jsonl:3")
    assert reason in rejected.value.reason
