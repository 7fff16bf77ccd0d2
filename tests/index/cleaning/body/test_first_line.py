import pytest

from tests.support.pages import BODY
from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.first_line import find_repeated_head, without_site
from wherefrom.index.sources.lines import split_lines

TITLE = "Old bridge is to close for the winter"


def repeated(text: str) -> str | None:
    blocks = split_blocks(text, list(split_lines(text)))
    index = find_repeated_head(blocks)
    return None if index is None else blocks[index].text


@pytest.mark.parametrize(
    "first",
    [TITLE, f"{TITLE} | The Courier", f"{TITLE} - National | The Courier", f"{TITLE} \u2013 courier.example"],
)
def test_the_line_that_repeats_the_head_of_the_first_line_is_found(first: str) -> None:
    assert repeated(f"{first}\nHome\nThe Courier\n{TITLE}\nShare this page\n{BODY}\nMost read\n{TITLE}\n") == TITLE


def test_a_first_line_that_was_cut_off_is_repeated_by_the_whole_headline() -> None:
    assert (
        repeated(f"{TITLE} and no boat...\nHome\n{TITLE} and no boat may pass\n{BODY}")
        == f"{TITLE} and no boat may pass"
    )


@pytest.mark.parametrize("first", ["The Coast Courier", "News | The Coast Courier", "The Courier - The Coast Courier"])
def test_the_name_of_a_site_is_no_headline_though_it_is_repeated(first: str) -> None:
    assert repeated(f"{first}\nHome\nThe Coast Courier\nNews\n{TITLE}\n{BODY}") is None


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        (f"{TITLE} | The Courier", TITLE),
        (f"{TITLE} - courier.example", TITLE),
        (f"{TITLE} - and nobody knows why", f"{TITLE} - and nobody knows why"),
        ("The Courier | Sports", "The Courier | Sports"),
    ],
)
def test_the_name_of_the_site_is_cut_off(line: str, headline: str) -> None:
    assert without_site(line) == headline
