"""The body of a page is not lost, however the page is built: each test is a kind of page that real sites have."""

import pytest

from tests.support.article_pages import LEAD, TITLE, page, paragraph, paragraphs
from tests.support.work import grows_linearly
from wherefrom.index.cleaning.body.html_body import html_body
from wherefrom.index.sources.html_tokenizer import tokenize

ALL = [paragraph(number) for number in range(8)]


def kept(source: str) -> list[str]:
    body = html_body(source, list(tokenize(source)))
    return [block.text for block, rule in zip(body.blocks, body.rules, strict=True) if rule is None]


def rule_of(source: str, text: str) -> str | None:
    body = html_body(source, list(tokenize(source)))
    return next(rule for block, rule in zip(body.blocks, body.rules, strict=True) if text in block.text)


@pytest.mark.parametrize(
    "container",
    [
        "<div class='grid'><div class='body article__body'>{}</div><aside>Advertisement</aside></div>",
        "<section class='chunk'><div class='text'><div>{}</div></div><div class='ad-slot'>Ad</div></section>",
        "<div class='sidebar-grid'><div class='sidebar-grid__content'>{}</div><div class='rail'></div></div>",
    ],
)
def test_a_body_in_several_containers_of_one_kind_is_kept_whole(container: str) -> None:
    chunks = "".join(container.format(paragraphs(start, start + 2)) for start in range(0, 8, 2))
    assert kept(page(f"<main><article><h1>{TITLE}</h1><div>{chunks}</div></article></main>")) == ALL


@pytest.mark.parametrize("attributes", ["id=text-hidden", "class=hidden", "class='js-hidden more' id=rest"])
def test_a_name_that_says_hidden_hides_nothing(attributes: str) -> None:
    rest = f"<div {attributes}>{paragraphs(1, 8)}</div>"
    assert kept(page(f"<div class=post><h1>{TITLE}</h1><div class=text><p>{ALL[0]}</p>{rest}</div></div>")) == ALL


def test_a_teaser_in_an_article_element_does_not_beat_the_container_of_the_headline() -> None:
    teasers = "".join(
        f"<article class=item><h3><a href=/{number}>Another story {number} of the town</a></h3>"
        f"<p>{paragraph(number)}</p></article>"
        for number in (20, 21)
    )
    content = f"<div class=col><h1>{TITLE}</h1><div class=news-text>{paragraphs(0, 8)}</div></div>"
    assert kept(page(f"<div class=row>{content}<div class=col-right>{teasers}</div></div>")) == ALL


def test_teasers_below_a_short_article_are_not_taken_for_a_body_that_is_missing() -> None:
    cards = "".join(
        f"<div class=card><a href=/{number}>Another long story {number} of the town</a><p>{paragraph(number)}</p></div>"
        for number in range(20, 40)
    )
    source = page(f"<main><div><h1>{TITLE}</h1><div class=text>{paragraphs(0, 3)}</div></div><div>{cards}</div></main>")
    assert kept(source) == ALL[:3]


def test_the_next_article_of_a_page_that_scrolls_on_is_not_joined() -> None:
    articles = "".join(
        f"<div class=story><h1>{title}</h1><div class=text>{paragraphs(start, start + 4)}</div></div>"
        for title, start in ((TITLE, 0), ("A fire takes the roof of the mill", 30))
    )
    assert not {paragraph(number) for number in range(30, 34)} & set(kept(page(f"<main>{articles}</main>")))


@pytest.mark.parametrize(
    "head",
    [
        "<header><p class=kicker>Harbour</p><h1>{title}</h1><p class=standfirst>{lead}</p></header>",
        "<header><h1>{title}</h1><p>{short}</p><p>By Mara Lind</p></header>",
        "<h1>{title}</h1><h2>{lead}</h2>",
        "<h1>{title}</h1><h2 class=lead>{short}</h2>",
        "<h1>{title}</h1><div class=article-intro>{short}</div>",
        "<h1>{title}</h1><div><div>{lead}</div></div>",
        "<div class=head><h1>{title}</h1><div class=subtitle><span>{lead}</span></div></div>",
    ],
)
def test_a_lead_between_the_headline_and_the_body_is_kept(head: str) -> None:
    short = LEAD.removesuffix(".")
    text = LEAD if "{lead}" in head else short
    source = page(
        f"<main><article>{head.format(title=TITLE, lead=LEAD, short=short)}<div class=text>{paragraphs(0, 8)}</div>"
        "</article></main>"
    )
    assert kept(source) == [text, *ALL]


def test_a_lead_that_the_description_repeats_is_kept_and_a_line_that_nothing_marks_is_not() -> None:
    lines = "<div class=a>Nobody knows for how long</div><div class=b>A view of the bridge in May</div>"
    source = page(f"<main><h1>{TITLE}</h1>{lines}<div class=text>{paragraphs(0, 8)}</div></main>").replace(
        "</title>", "</title><meta name=description content='Nobody knows for how long'>"
    )
    assert kept(source) == ["Nobody knows for how long", *ALL]


@pytest.mark.parametrize(
    "between",
    [
        "<div class=caption>The bridge on Monday, before the engineers came and closed it to all of the lorries.</div>",
        "<figure><figcaption>The bridge on Monday, before the engineers came and closed it.</figcaption></figure>",
        "<p><a href=/m>Read what the engineers of the harbour said a year ago about this same bridge.</a></p>",
        "<div class=share>Share this story with all of your friends, so that they know about the bridge, too.</div>",
        "<p>By Mara Lind</p><p>4 March 2024</p>",
    ],
)
def test_captions_links_and_bylines_below_the_headline_are_no_lead(between: str) -> None:
    assert kept(page(f"<main><h1>{TITLE}</h1>{between}<div class=text>{paragraphs(0, 8)}</div></main>")) == ALL


@pytest.mark.parametrize(
    "widget",
    [
        "<div class=video-js><p>This is a window.</p><div>Escape will close the window, as it does here.</div></div>",
        "<div role=dialog><p>We and our partners store what you read here for a whole year.</p></div>",
        "<dialog open><p>We and our partners store what you read here for a whole year.</p></dialog>",
        "<div class=cookie-banner><p>We and our partners store what you read here for a whole year.</p></div>",
    ],
)
def test_players_and_dialogs_are_not_body(widget: str) -> None:
    source = page(
        f"<article itemprop=articleBody><h1>{TITLE}</h1>{paragraphs(0, 4)}{widget}{paragraphs(4, 8)}</article>"
    )
    assert kept(source) == ALL


def test_an_element_that_holds_most_of_the_prose_is_body_whatever_its_name_is() -> None:
    source = page(f"<div class='modal cookie-story'><h1>{TITLE}</h1><div class=comments>{paragraphs(0, 8)}</div></div>")
    assert kept(source) == ALL


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
    assert kept(source) == ALL
    assert rule_of(source, promotion) == "promotion"


@pytest.mark.parametrize("label", ["Lesen Sie auch", "Les også", "Czytaj więcej", "Lire aussi ", "Читайте также"])
def test_a_paragraph_that_is_only_a_link_is_dropped_in_any_language(label: str) -> None:
    link = f"<p><a href='/x'>{label}: Papiermühle in Northport brennt ab</a></p>"
    assert kept(page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 4)}{link}{paragraphs(4, 8)}</article>")) == ALL


def test_links_in_a_list_of_other_text_and_short_names_are_kept() -> None:
    items = "".join(f"<li>{item}</li>" for item in ("<a href=/b>The bridge of Southport in May</a>", ALL[5], ALL[6]))
    source = page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 4)}<ul>{items}</ul><p>{ALL[7]}</p></article>")
    assert kept(source) == [*ALL[:4], "The bridge of Southport in May", *ALL[5:]]


@pytest.mark.parametrize(
    "unit", ["<div><h2><a href=x>A story</a></h2><p>{}", "<div>{}<br>\n", "<article><h1>{}</h1>{}"]
)
def test_the_work_is_linear_in_the_size_of_the_page(unit: str) -> None:
    def made(size: int) -> str:
        text = "".join(unit.replace("{}", paragraph(number)) for number in range(size))
        return f"<title>{TITLE}</title><h1>{TITLE}</h1>{text}"

    assert grows_linearly(kept, made(200), made(400))
