"""Articles as scrapers write them: names of fields that are known, values that are not, and what is kept as extra."""

from datetime import date

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.scraped.scraped_article import FieldTally, parse_scraped
from wherefrom.index.sources.extra_fields import MAX_FIELDS
from wherefrom.index.types import RawSource

BODY = "The harbour authority will close its northern quay for eleven months."


def parse(tally: FieldTally | None = None, **row: object) -> RawSource:
    return parse_scraped({"text": BODY} | row, source="x.jsonl:1", tally=tally or FieldTally())


NEWS_PLEASE = {
    "maintext": BODY, "title": "Quay", "authors": ["Mara Lind"], "date_publish": "2024-03-04 08:00:00",
    "language": "en",
    "source_domain": "courier.example", "url": "https://courier.example/1", "date_download": "2024-05-06 10:00:00",
    "image_url": None, "description": "A teaser.",
}  # fmt: skip
NEWS_API = {
    "source": {"id": None, "name": "The Courier"}, "author": "Mara Lind", "title": "Quay", "description": "A teaser.",
    "url": "https://courier.example/1", "publishedAt": "2024-03-04T08:00:00Z", "content": BODY,
}  # fmt: skip
TRAFILATURA = {
    "title": "Quay", "author": "Mara Lind", "hostname": "courier.example", "date": "2024-03-04", "text": BODY,
    "language": "en", "source": "https://courier.example/1", "source-hostname": "The Courier", "excerpt": "A teaser.",
}  # fmt: skip
WORDPRESS = {
    "id": 17, "date": "2024-03-04T08:00:00", "link": "https://courier.example/1", "title": {"rendered": "Quay"},
    "content": {"rendered": f"<p>{BODY}</p>"}, "author": 3,
}  # fmt: skip


@pytest.mark.parametrize("row", [NEWS_PLEASE, NEWS_API, TRAFILATURA, WORDPRESS])
def test_the_fields_of_common_scrapers_are_known(row: dict[str, object]) -> None:
    article = parse_scraped(row, source="x:1", tally=FieldTally())
    assert BODY in article.raw.decode()
    assert article.given.title == "Quay"
    assert article.given.url == "https://courier.example/1"
    assert article.given.published == date(2024, 3, 4)
    assert article.given.authors in (("Mara Lind",), ())
    assert article.warnings == ()


def test_unknown_fields_are_kept_as_extra_and_counted() -> None:
    tally = FieldTally()
    article = parse(tally, keywords=["fire", "mill"], section="news", score=0.5, metadata={"a": {}}, long="x" * 2_000)
    assert article.given.extra == {"keywords": ("fire", "mill"), "section": "news", "score": 0.5}
    assert tally.kept == {"keywords": 1, "section": 1, "score": 1}
    assert tally.left_out == {"metadata": 1, "long": 1}
    (note,) = tally.notes("x.jsonl")
    assert "keywords (1)" in note.text
    assert "metadata (1)" in note.text


def test_of_two_names_for_one_field_the_first_of_the_table_counts_and_the_other_is_kept() -> None:
    tally = FieldTally()
    article = parse(tally, date="2024-03-05", published_at="2024-03-04", headline="Quay", title="Quay")
    assert (article.given.published, article.given.title) == (date(2024, 3, 4), "Quay")
    assert article.given.extra == {"date": "2024-03-05"}
    assert tally.second == {"date": 1}


def test_a_value_that_its_field_cannot_take_is_kept_as_extra() -> None:
    tally = FieldTally()
    article = parse(tally, date="03/04/2024", link="/2024/quay", language="Klingon", author="m@courier.example")
    assert article.given.extra == {
        "date": "03/04/2024",
        "link": "/2024/quay",
        "language": "Klingon",
        "author": "m@courier.example",
    }
    assert (article.given.published, article.given.url, article.given.authors) == (None, None, ())
    assert set(tally.unread) == {"date", "link", "language", "author"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"text": 7}, "text: it must be a string"),
        ({"published": "yesterday"}, "published: 'yesterday' is not an ISO 8601 date"),
        ({"url": "courier.example"}, "url: it must begin with http"),
        ({"title": 7}, "title: it must be a string"),
        ({"extra": {"a": {}}}, "extra.a: it must be"),
        ({"text": "half a \ud800"}, "lone surrogate"),
    ],
)
def test_a_wrong_value_under_our_own_name_refuses_the_article(row: dict[str, object], reason: str) -> None:
    with pytest.raises(SourceRejected, match=reason):
        parse_scraped({"text": BODY} | row, source="x.jsonl:1", tally=FieldTally())


def test_an_article_without_a_text_is_refused_with_the_fields_it_has() -> None:
    with pytest.raises(SourceRejected, match="its fields are team, year"):
        parse_scraped({"team": "a", "year": 1}, source="x", tally=FieldTally())
    with pytest.raises(SourceRejected, match="content: the text is empty"):
        parse_scraped({"content": " "}, source="x", tally=FieldTally())


def test_a_teaser_and_a_text_that_was_cut_short_have_a_warning() -> None:
    teaser = parse_scraped({"description": BODY}, source="x", tally=FieldTally())
    cut = parse_scraped({"content": f"{BODY}… [+1234 chars]"}, source="x", tally=FieldTally())
    assert [len(article.warnings) for article in (teaser, cut)] == [1, 1]


def test_a_number_is_an_id_within_its_file() -> None:
    assert parse(id=17).document_id == "x.jsonl-17"
    assert parse(id="17").document_id == "17"
    assert parse(_id={"$oid": "65e5"}).document_id == "65e5"


def test_extra_has_a_limit_and_what_is_beyond_it_is_told() -> None:
    tally = FieldTally()
    article = parse(tally, **{f"field {number}": number for number in range(MAX_FIELDS + 3)})
    assert len(article.given.extra) == MAX_FIELDS
    assert sum(tally.left_out.values()) == 3


def test_a_refused_article_counts_for_nothing() -> None:
    tally = FieldTally()
    with pytest.raises(SourceRejected):
        parse(tally, keywords="x", title=7)
    assert list(tally.notes("x")) == []
