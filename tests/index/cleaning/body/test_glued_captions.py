import pytest

from wherefrom.index.cleaning.body.glued_captions import glued_caption_start


def test_a_caption_glued_to_a_sentence_is_found() -> None:
    text = "It is a deterrent to North Korea.Russia and US flags"
    start = glued_caption_start(text)
    assert start is not None
    assert text[start:] == "Russia and US flags"


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
def test_text_that_may_belong_to_the_paragraph_is_not_a_caption(text: str) -> None:
    assert glued_caption_start(text) is None
