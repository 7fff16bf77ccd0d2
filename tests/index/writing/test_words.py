import pytest

from tests.support.work import grows_linearly
from wherefrom.index.writing.words import normalized, read_words


def keys(text: str) -> list[str]:
    return [word.key for word in read_words(text) if word.counts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("17,000 troops", "17000 troops"),
        ("Jan. 6 tests", "January 6 tests"),
        ("on 2 May", "on May 2"),
        ("on 2016-02-06 there", "on February 6, 2016 there"),
        ("the US army", "the United States army"),
        ("U.N. rules", "United Nations rules"),
        ("4 percent", "4%"),
        ("4 per cent", "four percent"),
        ("$1.5 million", "$1,500,000"),
        ("€3bn", "€3 billion"),
        ("twenty-one men", "21 men"),
        ("two hundred and five", "205"),
        ("minus 5 degrees", "-5 degrees"),
        ("minus $5 million", "-$5 million"),
        ("did not go", "didn't go"),
        ("cannot go", "can not go"),
        ("she took it", "she takes it"),
        ("the defence programme", "the defense program"),
        ("Russian ships", "Russia ships"),
    ],
)
def test_spellings_of_one_thing_have_one_key(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("they told us", "they told US"),
        ("May 5", "may 5"),
        ("Will spoke", "we will"),
        ("3 men", "30 men"),
        ("5 men", "-5 men"),
    ],
)
def test_spellings_of_two_things_have_two_keys(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_quotations_are_numbered() -> None:
    words = read_words('He said "it is so" and "it was so".')
    assert [word.quote for word in words if word.lower == "so"] == [0, 1]
    assert {word.quote for word in words if word.lower in ("said", "and")} == {-1}


def test_verbatim_parts_are_compared_in_one_spelling_of_their_characters() -> None:
    assert normalized("a  \u201cb\u201d\u00ad \u2019s") == 'a "b" \'s'


def test_the_time_grows_with_the_length_of_the_text() -> None:
    text = "The bank of Russia lent 17,000 dollars, and he didn't say why. "
    assert grows_linearly(read_words, text * 60, text * 120)


def test_a_hyphen_between_numbers_is_no_minus_sign() -> None:
    assert "#-3" not in keys("a 6-3 win in 2015-16")
    assert "#-3" in keys("a rate of -3")
