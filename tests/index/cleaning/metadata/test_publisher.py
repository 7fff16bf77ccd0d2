import pytest

from tests.support.pages import BODY, page_of, value_of
from tests.support.work import grows_linearly
from wherefrom.index.cleaning.metadata.publisher import ONLY_INTERFACE_WORDS, find_publisher
from wherefrom.index.cleaning.metadata.title import find_title

TITLE = "Old bridge is to close for the winter"


def publisher_of(text: str) -> str | None:
    page = page_of(text)
    title = find_title(page)
    return value_of(find_publisher(page, title.block_index if title else None))


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        (f"The Daily Example close\n{TITLE}\n{BODY}\n• About Daily Example\n", "The Daily Example"),
        (f"DAILY EXAMPLE\n\nMake DE Your Homepage\n\n{TITLE}\n\n{BODY}", "DAILY EXAMPLE"),
        (f"{TITLE}\n{BODY}\nExample TV's website can also be accessed here:\nExample TV News Roku\n", "Example TV"),
        (f"Daily Example\n{TITLE}\n{BODY}\n© 2005-2019 Daily Example, All Rights Reserved.\n", "Daily Example"),
    ],
)
def test_a_name_that_the_page_confirms_is_its_publisher(text: str, publisher: str) -> None:
    assert publisher_of(text) == publisher


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n{BODY}",
        f"BREAKING NEWS\n\n{TITLE}\n\n{BODY}",
        f"DAILY EXAMPLE\n\n{TITLE}\n\n{BODY}",
        f"{TITLE}\n{BODY}\n© 2019 Jane Doe. All rights reserved.\n",
        f"{TITLE}\n{BODY}\nCopyright Policy\nPolicy\n",
    ],
)
def test_an_unconfirmed_name_or_a_menu_entry_is_not_the_publisher(text: str) -> None:
    assert publisher_of(text) is None


@pytest.mark.parametrize("mark", ["&", "-", "1", "& "])
def test_a_name_of_marks_is_told_from_interface_words_in_linear_time(mark: str) -> None:
    single, double = (f"A{mark * times}xyz" for times in (20, 40))
    assert grows_linearly(ONLY_INTERFACE_WORDS.fullmatch, single, double)


@pytest.mark.parametrize("words", ["Search & Menu", "Home &", "Log in & Sign in"])
def test_interface_words_joined_by_an_ampersand_are_no_name(words: str) -> None:
    assert ONLY_INTERFACE_WORDS.fullmatch(words)
