"""An acronym and its long form are one where a document spells it out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.work import grows_linearly
from wherefrom.index.text.acronyms import long_form_term, spelled_out, terms_of_names
from wherefrom.index.text.analyzer import terms


@pytest.mark.parametrize(
    ("text", "acronym", "long"),
    [
        ("the Terminal High Altitude Area Defense (THAAD) system", "THAAD", "Terminal High Altitude Area Defense"),
        ("Terminal High-Altitude Area Defense, or THAAD, is", "THAAD", "Terminal High Altitude Area Defense"),
        ("THAAD (Terminal High Altitude Area Defense) is", "THAAD", "Terminal High Altitude Area Defense"),
        ("the World Health Organization (WHO) said", "WHO", "World Health Organization"),
        ("the United Nations (U.N.) said", "UN", "United Nations"),
        ("the Department of Defense (DoD) said", "DoD", "Department of Defense"),
        ("intercontinental ballistic missiles (ICBMs)", "ICBM", "intercontinental ballistic missile"),
        ("the Democratic People's Republic of Korea (DPRK)", "DPRK", "Democratic People's Republic of Korea"),
        ("deoxyribonucleic acid (DNA) is", "DNA", "deoxyribonucleic acid"),
    ],
)
def test_an_acronym_is_spelled_out_by_the_words_before_it_or_in_brackets(text: str, acronym: str, long: str) -> None:
    assert spelled_out([text]) == {acronym: {tuple(terms(long))}}


@pytest.mark.parametrize(
    "text",
    [
        "SEOUL (AFP) - The minister left",
        "President Obama (AP)",
        "he met a pilot (AP)",
        "the radar (it said)",
        "Kim (Reuters)",
        "in the north (see page 3)",
        "the man, or Mr Lee, said",
    ],
)
def test_other_words_beside_brackets_spell_out_nothing(text: str) -> None:
    assert spelled_out([text]) == {}


def test_a_paragraph_gets_the_form_that_it_does_not_have() -> None:
    long = "Terminal High Altitude Area Defense"
    names = spelled_out([f"the {long} (THAAD) system"])
    whole = long_form_term(tuple(terms(long)))
    for text, expected in [
        (f"The {long} battery", {"thaad": 1, whole: 1}),
        ("THAAD and THAAD", {whole: 2}),
        (f"The {long} (THAAD)", {whole: 1}),
        ("The thaad of a high area", {}),
    ]:
        assert terms_of_names(text, terms(text), names) == expected


def test_an_acronym_that_is_a_stop_word_in_small_letters_is_found_by_its_capitals() -> None:
    names = spelled_out(["the World Health Organization (WHO) said"])
    text = "WHO doctors, who came on Monday"
    whole = long_form_term(tuple(terms("World Health Organization")))
    assert terms_of_names(text, terms(text), names) == {whole: 1}


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    spelled_out([text, f"{text} (ABC)", f"ABC ({text})"])


@pytest.mark.parametrize("unit", ["a b c (AAAAAAAA) ", "aaaaaaaaaaaa (AAAB) ", "(AB", ", or ", "AB ("])
def test_the_time_is_linear_in_the_length(unit: str) -> None:
    def read(text: str) -> object:
        return spelled_out([text])

    assert grows_linearly(read, unit * 4_000, unit * 8_000)
