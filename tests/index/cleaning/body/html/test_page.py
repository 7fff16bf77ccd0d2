"""Links, promotions and teasers of other articles are dropped, unless they are the article."""

import pytest

from tests.support.article_pages import TITLE, kept_text, page, paragraph, paragraphs, rule_of

ALL = [paragraph(number) for number in range(8)]


def test_a_teaser_in_an_article_element_does_not_beat_the_container_of_the_headline() -> None:
    teasers = "".join(
        f"<article class=item><h3><a href=/{number}>Another story {number} of the town</a></h3>"
        f"<p>{paragraph(number)}</p></article>"
        for number in (20, 21)
    )
    content = f"<div class=col><h1>{TITLE}</h1><div class=news-text>{paragraphs(0, 8)}</div></div>"
    assert kept_text(page(f"<div class=row>{content}<div class=col-right>{teasers}</div></div>")) == ALL


def test_teasers_below_a_short_article_are_not_taken_for_a_body_that_is_missing() -> None:
    cards = "".join(
        f"<div class=card><a href=/{number}>Another long story {number} of the town</a><p>{paragraph(number)}</p></div>"
        for number in range(20, 40)
    )
    source = page(f"<main><div><h1>{TITLE}</h1><div class=text>{paragraphs(0, 3)}</div></div><div>{cards}</div></main>")
    assert kept_text(source) == ALL[:3]


@pytest.mark.parametrize(
    "item",
    [
        "<div class=item><h2><a href=/story>A linked subhead here</a></h2><p>{}</p></div>",
        "<article class=entry><h3><a href='#entry'>A later entry</a></h3><p>{}</p></article>",
    ],
)
def test_items_with_linked_headings_are_body_where_they_are_the_article(item: str) -> None:
    items = "".join(item.format(text) for text in ALL[1:])
    assert kept_text(page(f"<main><h1>{TITLE}</h1><p>{ALL[0]}</p>{items}</main>")) == ALL


@pytest.mark.parametrize(
    "promotion",
    [
        "Do you have a story to tell? Email: newsdesk@courier.example",
        "Get in touch with our news team by emailing us.",
        "For more stories like this, check our news page.",
        "Get our best stories sent straight to your inbox every morning.",
        "This article is for subscribers only. Log in to read on.",
        "You have 2 free articles left this month.",
        "Already have an account? Log in.",
        "Mara Lind may be reached at mara@courier.example.",
    ],
)
def test_a_promotion_among_paragraphs_is_dropped(promotion: str) -> None:
    source = page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 4)}<p>{promotion}</p>{paragraphs(4, 8)}</article>")
    assert kept_text(source) == ALL
    assert rule_of(source, promotion) == "promotion"


@pytest.mark.parametrize("label", ["Lesen Sie auch", "Les også", "Czytaj więcej", "Lire aussi ", "Читайте также"])
def test_a_paragraph_that_is_only_a_link_is_dropped_in_any_language(label: str) -> None:
    link = f"<p><a href='/x'>{label}: Papiermühle in Northport brennt ab</a></p>"
    assert kept_text(page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 4)}{link}{paragraphs(4, 8)}</article>")) == ALL


def test_links_in_a_list_of_other_text_and_short_names_are_kept_text() -> None:
    items = "".join(f"<li>{item}</li>" for item in ("<a href=/b>The bridge of Southport in May</a>", ALL[5], ALL[6]))
    source = page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 4)}<ul>{items}</ul><p>{ALL[7]}</p></article>")
    assert kept_text(source) == [*ALL[:4], "The bridge of Southport in May", *ALL[5:]]


@pytest.mark.parametrize("before", ["", "<nav><a href=/>The Courier</a></nav>"])
def test_what_holds_the_headline_is_no_promotion_also_where_the_headline_is_the_first_text(before: str) -> None:
    source = (
        f"<html><body>{before}<div class=promo><h1>{TITLE}</h1>{paragraphs(0, 2)}</div>{paragraphs(2, 8)}</body></html>"
    )
    assert kept_text(source) == ALL


OFFER = (
    "<h3>Subscribe to continue reading</h3><p>Get unlimited access to all articles of The Courier for only one crown a "
    "week. Cancel anytime you want.</p><a href=/s>Subscribe now</a>"
)


def test_a_paywall_is_dropped_even_if_little_of_the_article_is_shown() -> None:
    source = page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 1)}<div class='js-paywall'>{OFFER}</div></article>")
    assert kept_text(source) == ALL[:1]
    assert rule_of(source, "Subscribe now") == "invitation"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{ALL[0]}</p><div class=paywall>{paragraphs(1, 8)}</div>",
        "".join(f"<p class=paywall>{text}</p>" for text in ALL),
        f"<p>{ALL[0]}</p>"
        + "".join(f"<div class=paywall><p>{text}</p><p>Subscribe now</p></div>" for text in ALL[1:4])
        + paragraphs(4, 8),
    ],
)
def test_an_article_in_an_element_named_as_a_paywall_is_kept(body: str) -> None:
    assert [text for text in kept_text(page(f"<article><h1>{TITLE}</h1>{body}</article>")) if text in ALL] == ALL
