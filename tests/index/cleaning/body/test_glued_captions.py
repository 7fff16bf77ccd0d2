import pytest

from wherefrom.index.cleaning.body.glued_captions import glued_caption_start


def test_a_caption_glued_to_a_sentence_is_found() -> None:
    text = "It is a deterrent to North Korea.Russia and US flags"
    cut = glued_caption_start(text)
    assert cut is not None
    assert text[cut:] == "Russia and US flags"


@pytest.mark.parametrize(
    "text",
    [
        "It is a deterrent to North Korea. Russia and US flags",
        "The two went home.They never came back.",
        "The site is called example.com and it is old",
        "The book is by J.R.R. Tolkien",
        "He left the U.S.Army",
        "",
    ],
)
def test_what_may_be_the_paragraphs_own_is_left(text: str) -> None:
    assert glued_caption_start(text) is None
