"""A quotation keeps its speaker."""

import pytest

from tests.support.article_pages import TITLE, kept_text, page, paragraph, paragraphs

QUOTED = "We were never asked about it, not once, and now the children cannot get to school."


def article(quotation: str) -> str:
    return page(f"<article><h1>{TITLE}</h1>{paragraphs(0, 3)}{quotation}{paragraphs(3, 6)}</article>")


@pytest.mark.parametrize(
    "quotation",
    [
        f"<blockquote><p>{QUOTED}</p><footer>— <cite>Ida Moll, teacher</cite></footer></blockquote>",
        f"<blockquote>{QUOTED}<footer>By Ida Moll, teacher</footer></blockquote>",
    ],
)
def test_the_attribution_of_a_kept_quotation_is_kept(quotation: str) -> None:
    kept = kept_text(article(quotation))
    assert kept.index(QUOTED) + 1 == next(index for index, text in enumerate(kept) if "Ida Moll, teacher" in text)


@pytest.mark.parametrize(
    "other",
    [
        "<figure><img src=a.jpg><figcaption>Ida Moll, teacher</figcaption></figure>",
        "<footer>Ida Moll, teacher</footer>",
        f"<aside><blockquote>{QUOTED}<footer>Ida Moll, teacher</footer></blockquote></aside>",
        f"<blockquote>{QUOTED}<footer>Share this quotation of Ida Moll, teacher</footer></blockquote>",
    ],
)
def test_other_footers_and_captions_are_dropped(other: str) -> None:
    kept = kept_text(article(other))
    assert paragraph(4) in kept
    assert not any("Ida Moll" in text for text in kept)
