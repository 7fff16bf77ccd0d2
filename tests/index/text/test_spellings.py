"""What a text may write in several ways has one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.work import grows_linearly
from wherefrom.index.text.analyzer import compounds, terms, words
from wherefrom.index.text.spellings import compatible, embeddable, unify


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("on Jan. 6, 2016", "on January 6, 2016"),
        ("on Feb. 6", "on February 6"),
        ("on Aug. 6", "on August 6"),
        ("on Sept. 6", "on September 6"),
        ("on Sep. 6", "on September 6"),
        ("on Oct. 6", "on October 6"),
        ("on Nov. 6", "on November 6"),
        ("on Dec. 6", "on December 6"),
        ("6 Jan 2016", "6 January 2016"),
        ("on the 6th of Jan.", "on the 6 of January"),
        ("Oct.-Dec. 2016", "October-December 2016"),
        ("last Sept.", "last September"),
        ("January 6th", "January 6"),
        ("6th January", "6 January"),
        ("the 6th of May", "the 6 of May"),
        ("May 6th", "May 6"),
        ("17,000 people", "17000 people"),
        ("1,234,567", "1234567"),
        ("17\u202f000 people", "17000 people"),
        ("the 5th test", "the fifth test"),
        ("the 1st test", "the first test"),
        ("the twenty-first century", "the 21st century"),
        ("the U.S., the U.N. and N.A.T.O.", "the US, the UN and NATO"),
        ("the U.S", "the US"),
        ("in the USA", "in the US"),
        ("at 5 p.m.", "at 5 pm"),
        ("of\ufb01ce", "office"),
        ("\uff34\uff28\uff21\uff21\uff24", "THAAD"),
        ("co\u2010operation", "co-operation"),
    ],
)
def test_two_spellings_of_one_thing_are_the_same_words_and_terms(text: str, same: str) -> None:
    assert words(text) == words(same)
    assert terms(text) == terms(same)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they may march", ["they", "may", "march"]),
        ("the 5th may be", ["the", "fifth", "may", "be"]),
        ("said Jan. The", ["said", "jan", "the"]),
        ("it would mar the view", ["it", "would", "mar", "the", "view"]),
        ("1.3 billion", ["1", "3", "billion"]),
        ("in 2014, 200 died", ["in", "2014", "200", "died"]),
        ("12,34 and 1,2345", ["12", "34", "and", "1", "2345"]),
        ("the 41st and 3rd", ["the", "41st", "and", "third"]),
        ("plan B. A new", ["plan", "b", "a", "new"]),
        ("Jerusalem", ["jerusalem"]),
    ],
)
def test_what_only_looks_alike_keeps_its_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the re-election", ["reelection"]),
        ("X-band radar", ["xband"]),
        ("SARS-CoV-2", ["sarscov2"]),
        ("a 19-year-old in 2015-16", []),
        ("a - b -c", []),
        ("one-of-a-kind", []),
        ("re\u2010election", ["reelection"]),
    ],
)
def test_a_hyphenated_word_is_also_one_word(text: str, expected: list[str]) -> None:
    assert compounds(text) == expected


def test_the_country_is_a_term_and_the_pronoun_is_none() -> None:
    assert terms("The U.S. told us: US troops stay with us") == terms("US told US troops stay")
    assert terms("us troops in korea") == terms("US troops in Korea")
    assert words("They told us") == ["they", "told", "us"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Jan. 6, the of\ufb01ce", "on January 6, the office"),
        ("Sept 2016", "September 2016"),
        ("said Jan. The", "said Jan. The"),
        ("May 6", "May 6"),
    ],
)
def test_what_is_embedded_has_its_letters_and_its_months_spelled_out(text: str, expected: str) -> None:
    assert embeddable(text) == expected


PIECES = st.sampled_from(
    ["Jan. ", "6", "th ", "17", ",000", "U.S. ", "usa", "twenty-first ", "May ", "sept ", "\ufb01", "\u00a0", " "]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join)))
def test_the_words_of_one_spelling_are_its_own_words(text: str) -> None:
    assert all(word for word in words(text))
    assert compatible(compatible(text)) == compatible(text)


@given(
    st.lists(st.sampled_from(["jan. 6", "17,000", "5th", "twenty-first", "u.s.", "usa", "radar", "6th of may"])).map(
        "; ".join
    )
)
def test_one_spelling_does_not_change_again(text: str) -> None:
    assert unify(unify(text)).split() == unify(text).split()


@pytest.mark.parametrize("unit", ["jan. ", "1,000", "a.", "u.s ", "twenty-", "1st of ", "x-", "6 "])
def test_the_time_is_linear_in_the_length(unit: str) -> None:
    assert grows_linearly(unify, unit * 20_000, unit * 40_000)
    assert grows_linearly(compounds, unit * 20_000, unit * 40_000)
