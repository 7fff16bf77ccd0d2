import pytest

from wherefrom.index.cleaning.block_features import bullet_size, ends_sentence, measure


@pytest.mark.parametrize(
    "text",
    ["It ended.", '"It ended."', "“Did it?”", "It ended. (Yonhap)", "[It ended.]", "终于结束了。", "यह समाप्त हुआ।"],
)
def test_closing_punctuation_ends_a_sentence(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["Politics", '"Grave Threats"', "Talks go on (Yonhap)", "For more:", ""])
def test_text_without_closing_punctuation_does_not_end_a_sentence(text: str) -> None:
    assert not ends_sentence(text)


def test_words_of_unspaced_scripts_are_counted_by_characters() -> None:
    assert measure("中国和俄罗斯表示反对").words == 5


def test_a_list_mark_includes_the_space_after_it() -> None:
    assert [bullet_size(text) for text in ("• Politics", "*  a", "-a", "plain")] == [2, 3, 0, 0]


def test_the_lowercase_share_excludes_capitals_and_numbers() -> None:
    assert measure("The 27 troops left").lowercase_share == 0.5
