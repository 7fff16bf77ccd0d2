import pytest

from tests.support.pages import BODY, page_of, value_of
from tests.support.work import grows_linearly
from wherefrom.index.cleaning.metadata.title import NOT_A_HEADLINE, find_title

TITLE = "Old bridge is to close for the winter"


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n{BODY}",
        f"{TITLE}\n\n{TITLE}\nTue Mar 24, 2015 15:17:30\n\n{BODY}",
        f"# {TITLE}\n\n{BODY}",
        f"Make This Your Homepage\n\n{TITLE}\n\nOld bridge\n\n(Photo : Reuters) A bridge in the fog.\n\n{BODY}",
        f"Home » {TITLE}\n{TITLE}\nWhat the engineers found there worries even those who had been there before\n{BODY}",
        f"FOR IMMEDIATE RELEASE\n{TITLE}\n2016-02-02\n{BODY}",
        f"Embargoed until Monday at noon\n{TITLE}\n2016-02-02\n{BODY}",
        f"{TITLE}\nBy Jane Doe\nPosted : 2016-02-02\nMail\nPrint\nTwo men look at the river below\n{BODY}",
    ],
    ids=[
        "above the body",
        "said twice",
        "markdown",
        "a kicker below",
        "a summary below",
        "a label",
        "an embargo",
        "a caption below",
    ],
)
def test_the_headline_is_found(text: str) -> None:
    assert value_of(find_title(page_of(text))) == TITLE


def test_a_headline_about_an_embargo_is_no_label() -> None:
    title = "Embargo on oil from the north is to end"
    assert value_of(find_title(page_of(f"{title}\n2016-02-02\n{BODY}"))) == title


def test_a_title_of_two_words_is_found_if_it_is_the_only_block_above_the_body() -> None:
    assert value_of(find_title(page_of(f"Lunch moved\n\n{BODY}"))) == "Lunch moved"


@pytest.mark.parametrize("above", ["", "• Politics\n• Defense\n", "By Jane Doe\n", "2016-02-02\n", "www.example.org\n"])
def test_a_body_without_a_headline_has_no_title(above: str) -> None:
    assert find_title(page_of(above + BODY)) is None


MENU = "\n".join(["Home", "News", "Sports", "Culture", "Weather", "Money", "Opinion", "Video", "Sign in", "Subscribe"])
LABELS = [
    "Send this page to someone via email",
    "See more sharing options",
    "Sign up to get the inside scoop on today's biggest stories",
    "This article is for subscribers only",
    "Artikel teilen auf allen Kan\u00e4len",
    "The bridge in the fog. Getty Images/Jane Doe",
    "Foto: Jane Doe und John Roe",
]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("site", ["", " | The Courier", " - National | The Courier"])
def test_the_line_that_repeats_the_first_one_is_the_title_whatever_stands_below(label: str, site: str) -> None:
    text = f"{TITLE}{site}\n{MENU}\n{TITLE}\nBy\nJane Doe\nPosted March 4, 2024 9:12 am\nShare\n{label}\n{BODY}"
    assert value_of(find_title(page_of(text))) == TITLE


@pytest.mark.parametrize("label", LABELS)
def test_a_label_or_a_caption_is_no_title(label: str) -> None:
    assert find_title(page_of(f"The Courier\n{MENU}\n{label}\n{BODY}")) is None


def test_a_headline_with_a_date_below_it_beats_the_caption_below_the_date() -> None:
    headline = "Engineers close the old bridge after a meeting"
    caption = "The committee and the engineers under the old bridge on Monday"
    text = f"The Courier\n{MENU}\n{headline}\nJane Doe\nMarch 4, 2024\n{caption}\n{BODY}"
    assert value_of(find_title(page_of(text))) == headline


def test_a_date_in_another_language_is_no_title() -> None:
    text = f"Diario del Puerto\n{TITLE}\nPublicado el 12 de marzo de 2024\n\n{BODY}"
    assert value_of(find_title(page_of(text))) == TITLE


def test_a_title_of_two_words_above_byline_and_date_is_found() -> None:
    assert value_of(find_title(page_of(f"Ferry closes\n\nBy Mara Lind\n4 March 2024\n\n{BODY}"))) == "Ferry closes"
    assert find_title(page_of(f"Ferry closes\n\nPort news\n4 March 2024\n\n{BODY}")) is None


def test_a_headline_of_another_story_below_menus_is_no_title() -> None:
    assert find_title(page_of(f"The Courier\n{MENU}\nLocal chef opens third restaurant downtown\n{BODY}")) is None


def test_a_headline_that_trails_off_in_dots_is_not_a_title() -> None:
    assert find_title(page_of(f"{TITLE} ..\n{BODY}")) is None
    assert find_title(page_of(f"{TITLE} and then....\n{BODY}")) is None


def test_a_headline_with_dots_in_it_is_searched_in_linear_time() -> None:
    single, double = (f"{TITLE} {'.' * times}x" for times in (10_000, 20_000))
    assert grows_linearly(NOT_A_HEADLINE.search, single, double)
