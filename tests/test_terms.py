"""Text to terms: what a reader would call the same word is the same term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import terms


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("the U.S. and the U.N.", "us un"),
        ("Deployed deployments", "deploy deployment"),
        ("the system\u2019s radar", "system's radar"),
        ("co\u00adop\u00aderation", "cooperation"),
        ("\uff34\uff28\uff21\uff21\uff24", "THAAD"),
        ("anti-missile", "anti missile"),
    ],
)
def test_spellings_of_one_word_are_one_term(text: str, same: str) -> None:
    assert terms(text) == terms(same)


def test_question_words_and_other_stop_words_are_no_terms() -> None:
    assert terms("Why does the ambassador object to it?") == terms("ambassador object")
    assert terms("who what when where why how of the") == []


@given(st.text())
def test_any_text_has_terms_without_an_error(text: str) -> None:
    assert all(term.strip() for term in terms(text))
