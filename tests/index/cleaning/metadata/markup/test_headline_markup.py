"""The headline, and the date and the byline beside it, are read from a page's markup."""

import pytest

from wherefrom.index.cleaning.metadata.markup.declared_values import read_declared_fields
from wherefrom.index.sources.html_tokenizer import tokenize

BODY = "<p>" + "The mill of Northport was closed on Monday after a fire, its owner said. " * 3 + "</p>"


def values(page: str, name: str) -> list[str]:
    field = read_declared_fields(page, list(tokenize(page))).get(name)
    return [declared.value for declared in field.values] if field else []


def article(beside: str, title: str = "The mill is closed") -> str:
    return f"<title>{title}</title><article><h1>The mill is closed</h1>{beside}{BODY}{BODY}</article>"


def test_a_section_in_the_first_rank_is_no_title() -> None:
    page = f"<title>The mill is closed - Courier</title><h1>Harbour News</h1><h2>The mill is closed</h2>{BODY}"
    assert values(page, "title") == ["The mill is closed"]


def test_a_heading_that_the_title_rewords_is_the_title() -> None:
    page = f"<title>Northport mill closed after fire</title><h1>Fire closes the mill of Northport</h1>{BODY}"
    assert values(page, "title") == ["Fire closes the mill of Northport"]


@pytest.mark.parametrize(
    "beside",
    [
        '<time datetime="2024-03-04T09:30:00+01:00">March 4</time>',
        'Published <time datetime="2024-03-04">4/3</time>, updated <time datetime="2024-03-06">6/3</time>',
        '<time class="updated" datetime="2024-03-06">6/3</time><time datetime="2024-03-04">4/3</time>',
    ],
)
def test_a_time_beside_the_headline_is_the_publication_date(beside: str) -> None:
    assert values(article(beside), "published")[0].startswith("2024-03-04")


@pytest.mark.parametrize(
    "beside",
    [
        'Updated <time datetime="2024-03-06">6/3</time>',
        '<time datetime="2024-03-06">6/3</time> <time datetime="2024-03-04">4/3</time>',
        "<time datetime=soon>soon</time>",
    ],
)
def test_a_changed_or_uncertain_time_is_no_publication_date(beside: str) -> None:
    assert not values(article(beside), "published")


def test_times_below_the_article_are_not_read() -> None:
    page = article("") + '<div class=comments><time datetime="2024-03-05">a day later</time></div>'
    assert not values(page, "published")


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="byline">Von <a rel="author" href="/a/lind">Mara Lind</a></div>',
        '<a rel=author href="/a">Mara Lind</a>',
        '<span itemprop="author"><span itemprop="name">Mara Lind</span></span>',
        '<p class="article__by-line">By <b>Mara Lind</b></p>',
    ],
)
def test_a_byline_beside_the_headline_gives_the_authors(beside: str) -> None:
    assert values(article(beside), "authors") == ["Mara Lind"]


@pytest.mark.parametrize(
    "beside", ["<div class=byline>Newsroom</div>", "<div class=author-bio>Mara Lind writes.</div>"]
)
def test_a_byline_without_a_person_gives_none(beside: str) -> None:
    assert not values(article(beside), "authors")
