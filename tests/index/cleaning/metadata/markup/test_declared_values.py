"""A page's declarations are read with their markup and spans; a date only if it is declared as the publication date."""

import pytest

from wherefrom.index.cleaning.metadata.markup.declared_values import DeclaredField, read_declared_fields
from wherefrom.index.sources.html_tokenizer import tokenize

LD = '<script type="application/ld+json">{}</script>'


def declared(page: str) -> dict[str, tuple[str, list[str]]]:
    fields = read_declared_fields(page, list(tokenize(page)))
    return {name: (field.origin, [declared.value for declared in field.values]) for name, field in fields.items()}


def slices(page: str, field: DeclaredField) -> list[str]:
    return [page[declared.span.start : declared.span.end] for declared in field.values]


@pytest.mark.parametrize(
    ("page", "origin"),
    [
        (LD.format('{"@type": "NewsArticle", "datePublished": "2019-11-19T23:30:00-05:00"}'), "json-ld"),
        (LD.format('{"@graph": [{"@type": ["Article"], "datePublished": "2019-11-19"}]}'), "json-ld"),
        (LD.format('{"@type": "MedicalWebPage", "datePublished": "2019-11-19"}'), "json-ld"),
        (LD.format('{"@type": "ClaimReview", "datePublished": "2019-11-19"}'), "json-ld"),
        ("<meta property='article:published_time' content='2019-11-19T00:00:00Z'>", "opengraph"),
        ("<meta name=pubdate content=20191119>", "meta"),
        ("<meta itemprop='datePublished dateCreated' content='November 19, 2019'>", "meta"),
        ("<time itemprop=datePublished datetime='2019-11-19 10:00'>today</time>", "time"),
        ("<time pubdate datetime='2019-11-19'>today</time>", "time"),
        ("<time class='entry-date published' datetime='2019-11-19'>today</time>", "time"),
        ("<span itemprop='datePublished'>Posted Nov. 19, 2019</span>", "time"),
    ],
)
def test_a_date_declared_as_the_publication_date_is_used(page: str, origin: str) -> None:
    field = read_declared_fields(page, list(tokenize(page)))["published"]
    assert field.origin == origin
    assert "19" in slices(page, field)[0]


@pytest.mark.parametrize(
    "name",
    [
        "citation_online_date",
        "citation_publication_date",
        "date.published",
        "datepublished",
        "dc.date.issued",
        "dcterms.issued",
        "originalpublicationdate",
        "parsely-pub-date",
        "pub_date",
        "pubdate",
        "publication-date",
        "publication_date",
        "publish-date",
        "publish_date",
        "publishdate",
        "published",
        "rnews:datepublished",
        "sailthru.date",
    ],
)
def test_every_name_of_a_publication_date_is_known(name: str) -> None:
    page = f"<meta name='{name}' content='2019-11-19'>"
    assert declared(page)["published"] == ("meta", ["2019-11-19"])


@pytest.mark.parametrize(
    "page",
    [
        "<meta property='article:modified_time' content='2019-11-19'>",
        "<time datetime='2019-11-19'>3 comments</time>",
        "<time class='published updated' datetime='2019-11-19'>x</time>",
        "<link rel=canonical href='https://example.org/2019/11/19/story'>",
        LD.format('{"@type": "JobPosting", "datePublished": "2019-11-19"}'),
        LD.format('{"@type": "Article", "datePublished": "0001-01-01"}'),
        LD.format('{"@type": "Comment", "datePublished": "2019-11-19"}'),
        LD.format('{"@type": "NewsArticle", "dateModified": "2019-11-19"}'),
        LD.format('[{"@type": "Article", "datePublished": "2019-11-19"},'
                  ' {"@type": "Article", "datePublished": "2018-01-01"}]'),
        "<time pubdate datetime='2019-11-19'>a</time><time pubdate datetime='2019-11-20'>b</time>",
        "<meta name=pubdate content='1970-01-01'>",
        "<meta name=pubdate content='03/04/2019'>",
        "<meta name=pubdate content='2019-13-45'>",
        LD.format('{"@type": "NewsArticle", "datePublished":'),
    ],
)  # fmt: skip
def test_other_dates_are_ignored(page: str) -> None:
    assert "published" not in declared(page)


def test_json_ld_precedes_opengraph_which_precedes_meta() -> None:
    opengraph = "<meta property=og:title content='Second'>"
    meta = "<meta name=twitter:title content='Third'>"
    first = LD.format('{"@type": "Article", "headline": "First"}')
    assert declared(meta + opengraph + first)["title"] == ("json-ld", ["First"])
    assert declared(meta + opengraph)["title"] == ("opengraph", ["Second"])
    assert declared(meta)["title"] == ("meta", ["Third"])


def test_values_have_their_spans_in_the_source() -> None:
    page = (
        "<meta property=og:site_name content='The &amp; Example'><meta name=author content='Jane Doe'>"
        + LD.format('{"@type": "Article", "headline": "A \\u201cquoted\\u201d headline"}')
    )  # fmt: skip
    fields = read_declared_fields(page, list(tokenize(page)))
    assert slices(page, fields["publisher"]) == ["The &amp; Example"]
    assert slices(page, fields["authors"]) == ["Jane Doe"]
    assert slices(page, fields["title"]) == ["A \\u201cquoted\\u201d headline"]
    assert fields["title"].values[0].value == "A \u201cquoted\u201d headline"


def test_a_title_loses_the_name_of_the_site_if_a_heading_shows_it_without() -> None:
    page = "<meta property=og:title content='The bridge is closed | The Example'><h1>The <b>bridge</b> is closed</h1>"
    assert declared(page)["title"] == ("h1", ["The bridge is closed"])


def test_authors_are_persons_without_repetition() -> None:
    page = LD.format(
        '{"@type": "Article", "publisher": {"name": "The Example"}, "author": [{"name": "By Jane Doe and John Roe"},'
        ' "Jane Doe", {"name": "The Example"}, {"name": "Staff Writer"}, {"name": "https://example.org/jane"}, 7]}'
    )
    assert declared(page)["authors"] == ("json-ld", ["Jane Doe", "John Roe"])


def test_a_page_without_declarations_has_no_fields() -> None:
    assert declared("<p>Hello</p>" + LD.format("[" * 5000)) == {}
