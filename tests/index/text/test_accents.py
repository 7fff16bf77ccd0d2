"""Spellings of a word with and without accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.text.accents import other_accents


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("erdogan", "erdo\u011fan"),
        ("orban", "orb\u00e1n"),
        ("dvorak", "dvo\u0159\u00e1k"),
        ("gundogan", "g\u00fcndo\u011fan"),
        ("lukasz", "\u0142ukasz"),
        ("walesa", "wa\u0142\u0119sa"),
        ("ceausescu", "ceau\u0219escu"),
        ("basescu", "b\u0103sescu"),
        ("lofven", "l\u00f6fven"),
        ("goncalves", "gon\u00e7alves"),
        ("milosevic", "milo\u0161evi\u0107"),
        ("ozil", "\u00f6zil"),
        ("sao", "s\u00e3o"),
        ("mueller", "m\u00fcller"),
        ("weiss", "wei\u00df"),
        ("dvo\u0159\u00e1k", "dvorak"),
        ("m\u00fcller", "muller"),
        ("m\u00fcller", "mueller"),
        ("s\u00f8rensen", "sorensen"),
        ("wei\u00df", "weiss"),
    ],
)
def test_a_word_is_spelled_with_and_without_accents(typed: str, written: str) -> None:
    assert written in set(other_accents(typed))


@pytest.mark.parametrize(
    "word", ["", "us", "17000", "x1y", "\u0440\u043e\u0441\u0441\u0438\u044f", "\u30ab\u30d6\u30eb", "\ufb01"]
)
def test_short_words_numbers_and_other_scripts_have_no_accents(word: str) -> None:
    assert not set(other_accents(word))


@given(st.text(alphabet="aeiounsclz\u00e9\u00fc\u00df", max_size=30))
def test_no_spelling_is_the_word_itself_and_long_words_have_few(word: str) -> None:
    spellings = set(other_accents(word))
    assert word not in spellings
    assert len(spellings) < 2_500


def test_the_accents_of_a_word_are_of_one_language() -> None:
    spellings = list(other_accents("constitution"))
    assert len(spellings) < 400
    assert "c\u00f6nst\u0131tution" in spellings
    assert "c\u00f8nst\u0131tution" not in spellings
