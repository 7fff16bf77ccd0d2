"""Words that a reader would call the same give the same term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.text.analyzer import runs, terms


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
def test_spellings_of_one_word_give_one_term(text: str, same: str) -> None:
    assert terms(text) == terms(same)


def test_superscripts_after_a_digit_are_no_digits_of_its_number() -> None:
    assert terms("10\u2076 people, 14.2\u00b9 percent, 25 m\u00b2") == terms("10 6 people, 14.2 1 percent, 25 m2")


def test_question_words_and_other_stop_words_are_not_terms() -> None:
    assert terms("Why does the ambassador object to it?") == terms("ambassador object")
    assert terms("who what when where why how of the") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What did the WHO say?", ["who", "say"]),
        ("The W.H.O. told those who do it", ["who", "told"]),
        ("WHO", ["who"]),
        ("An I.T. company, and IT workers", ["it", "compani", "it", "worker"]),
        ("who said it, and whose is it", ["said", "whose"]),
        ("Who said IT workers knew it?", ["said", "it", "worker", "knew"]),
        ("WHO SAID IT?", ["said"]),
    ],
)
def test_an_acronym_in_capitals_is_a_term_although_it_is_a_stop_word_in_lower_case(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("document", "question"),
    [
        ("Россия выступила против размещения системы.", "размещения"),
        ("Die Größe der Städte wächst.", "Städte"),
        ("中国和俄罗斯表示反对在韩国部署反导系统。", "俄罗斯"),
        ("商品の改造が商標法違反に。", "商標法"),
        ("รัสเซียคัดค้านระบบป้องกันขีปนาวุธ", "ระบบ"),
    ],
)
def test_words_of_another_language_match_unchanged(document: str, question: str) -> None:
    assert set(terms(question)) <= set(terms(document))
    assert terms(question)


def test_a_word_with_a_letter_that_english_does_not_have_is_not_stemmed() -> None:
    assert terms("größes größe") == ["größes", "größe"]


def test_text_without_spaces_gives_every_two_neighbouring_characters() -> None:
    assert terms("反导系统 and 反导") == ["反导", "导系", "系统", "反导"]


@given(st.text())
def test_any_text_is_analyzed_without_an_error(text: str) -> None:
    assert all(term.strip() for term in terms(text))


@pytest.mark.parametrize("word", ["हिन्दी", "தமிழ்நாட்டில்", "كِتَابٌ", "זײַן", "ภาษาไทย"])
def test_a_word_with_vowel_signs_is_one_word(word: str) -> None:
    assert len(runs(f"({word}), {word}!")) == 2
