"""Players, dialogs and other regions are told by their names, unless they hold the article."""

import pytest

from tests.support.article_pages import TITLE, kept_text, page, paragraph, paragraphs

ALL = [paragraph(number) for number in range(8)]


@pytest.mark.parametrize("attributes", ["id=text-hidden", "class=hidden", "class='js-hidden more' id=rest"])
def test_a_name_that_says_hidden_hides_nothing(attributes: str) -> None:
    rest = f"<div {attributes}>{paragraphs(1, 8)}</div>"
    assert kept_text(page(f"<div class=post><h1>{TITLE}</h1><div class=text><p>{ALL[0]}</p>{rest}</div></div>")) == ALL


@pytest.mark.parametrize(
    "widget",
    [
        "<div class=video-js><p>This is a window.</p><div>Escape will close the window, as it does here.</div></div>",
        "<div role=dialog><p>We and our partners store what you read here for a whole year.</p></div>",
        "<dialog open><p>We and our partners store what you read here for a whole year.</p></dialog>",
        "<amp-ad><div fallback>Advertisement: buy the new car today at your dealer, it is great.</div></amp-ad>",
        "<div class=cookie-banner><p>We and our partners store what you read here for a whole year.</p></div>",
    ],
)
def test_players_and_dialogs_are_not_body(widget: str) -> None:
    source = page(
        f"<article itemprop=articleBody><h1>{TITLE}</h1>{paragraphs(0, 4)}{widget}{paragraphs(4, 8)}</article>"
    )
    assert kept_text(source) == ALL


def test_an_element_that_holds_most_of_the_prose_is_body_whatever_its_name_is() -> None:
    source = page(f"<div class='modal cookie-story'><h1>{TITLE}</h1><div class=comments>{paragraphs(0, 8)}</div></div>")
    assert kept_text(source) == ALL
