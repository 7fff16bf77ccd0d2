"""A link opens a page at the passage, spelled as browsers read it."""

from urllib.parse import unquote

import pytest

from wherefrom.index.answering.text_fragments import text_fragment_url


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://a.org/b", "Yes, X-band & more", "https://a.org/b#:~:text=Yes%2C%20X%2Dband%20%26%20more"),
        ("https://a.org/b#top", "Yes.", "https://a.org/b#top:~:text=Yes."),
        ("https://a.org/b#top:~:text=No", "Yes.", "https://a.org/b#top:~:text=Yes."),
        ("https://a.org/b?q=1", "é", "https://a.org/b?q=1#:~:text=%C3%A9"),
    ],
)
def test_a_short_text_is_named_whole(url: str, text: str, expected: str) -> None:
    assert text_fragment_url(url, text) == expected


def test_a_long_text_is_named_by_its_two_ends_in_whole_words() -> None:
    text = " ".join(f"word{number}" for number in range(100))
    link = text_fragment_url("https://a.org/", text) or ""
    head, tail = (unquote(part) for part in link.partition("text=")[2].split(","))
    assert text.startswith(f"{head} ")
    assert text.endswith(f" {tail}")


def test_a_long_text_without_spaces_is_named_too() -> None:
    assert text_fragment_url("https://a.org/", "字" * 500) is not None


def test_what_is_not_of_the_web_has_no_link() -> None:
    assert text_fragment_url("file:///a.html", "Yes.") is None
