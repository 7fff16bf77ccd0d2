"""The lead of an article is kept wherever a page shows it between the headline and the body."""

import pytest

from tests.support.article_pages import LEAD, TITLE, kept_text, page, paragraph, paragraphs

ALL = [paragraph(number) for number in range(8)]


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
def test_a_lead_between_the_headline_and_the_body_is_kept_text(head: str) -> None:
    short = LEAD.removesuffix(".")
    text = LEAD if "{lead}" in head else short
    source = page(
        f"<main><article>{head.format(title=TITLE, lead=LEAD, short=short)}<div class=text>{paragraphs(0, 8)}</div>"
        "</article></main>"
    )
    assert kept_text(source) == [text, *ALL]


def test_a_lead_that_the_description_repeats_is_kept_and_a_line_that_nothing_marks_is_not() -> None:
    lines = "<div class=a>Nobody knows for how long</div><div class=b>A view of the bridge in May</div>"
    source = page(f"<main><h1>{TITLE}</h1>{lines}<div class=text>{paragraphs(0, 8)}</div></main>").replace(
        "</title>", "</title><meta name=description content='Nobody knows for how long'>"
    )
    assert kept_text(source) == ["Nobody knows for how long", *ALL]


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
    assert kept_text(page(f"<main><h1>{TITLE}</h1>{between}<div class=text>{paragraphs(0, 8)}</div></main>")) == ALL
