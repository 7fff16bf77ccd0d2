"""Which sentences are questions."""

import pytest

from wherefrom.index.text.questions import is_question


@pytest.mark.parametrize(
    "sentence",
    [
        "Why?",
        "Who pays the port tax?",
        'He asked: "Who pays?"',
        "(Who pays?)",
        "誰が払いますか？",
        "من يدفع؟",
        "**Why?**",
        "Why? ",
    ],
)
def test_it_ends_with_a_question_mark(sentence: str) -> None:
    assert is_question(sentence)


@pytest.mark.parametrize("sentence", ["Every passenger pays.", '"Why?" he asked.', "", "?!", "What a day!"])
def test_what_does_not_is_none(sentence: str) -> None:
    assert not is_question(sentence)
