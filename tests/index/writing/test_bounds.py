import pytest

from tests.support.sentence_checks import failed_in_english
from wherefrom.index.writing.bounds import with_bounds
from wherefrom.index.writing.words import read_words


def bounds(text: str) -> dict[str, str]:
    return {word.text: word.bound for word in with_bounds(read_words(text)) if word.bound}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("About 5 people died.", {"5": "about"}),
        ("It cost more than $3 million.", {"3": "above"}),
        ("Over 5 people died.", {"5": "above"}),
        ("At least five people or so died.", {"five": "about above"}),
        ("Some 300 workers left.", {"300": "about"}),
        ("Some of the 300 workers left.", {}),
        ("The fine is 5 percent or more.", {"5": "above"}),
        ("More than half of them left.", {"half": "above"}),
        ("It is about a mile long.", {"mile": "about"}),
        ("5 to 7 percent agreed.", {"5": "range", "7": "range"}),
        ("Shares rose from 5 to 7 percent.", {}),
        ("It opens in May at the earliest.", {"May": "earliest"}),
        ("It opens by May 5, 2015 at the latest.", {"May": "by", "5": "by", "2015": "by"}),
        ("It opens no later than Friday.", {"Friday": "by"}),
        ("It opens by the end of May.", {"May": "by"}),
        ("It has been open since last May.", {"May": "since"}),
        ("It opened before Monday's vote.", {}),
        ("It opened after the 2015 election.", {}),
        ("They talked in 2015.", {}),
    ],
)
def test_a_number_or_date_knows_what_makes_it_a_bound(text: str, expected: dict[str, str]) -> None:
    assert bounds(text) == expected


DATED = [
    ("in May", "in May at the earliest"),
    ("in May", "in May at the latest"),
    ("in May", "no later than May"),
    ("in May", "by May"),
    ("in May", "before May"),
    ("in May", "after May"),
    ("in May", "until May"),
    ("in May", "since May"),
    ("in May", "as early as May"),
    ("in 2015", "by 2015"),
    ("in 2015", "since 2015"),
    ("in 2015", "in 2015 or later"),
    ("on Friday", "by Friday"),
    ("on Friday", "no earlier than Friday"),
    ("last May", "since last May"),
    ("at the end of May", "by the end of May"),
    ("by May", "until May"),
    ("on May 5, 2015", "before May 5, 2015"),
    ("in May", "in May at the very earliest"),
    ("in May", "- in May at the latest -"),
    ("in May", ", at the earliest, in May"),
]


@pytest.mark.parametrize(("one", "other"), DATED)
def test_a_bound_of_a_date_is_neither_added_nor_lost(one: str, other: str) -> None:
    assert failed_in_english(f"The plant opened {one}.", f"The plant opened {other}.")
    assert failed_in_english(f"The plant opened {other}.", f"The plant opened {one}.")
    assert failed_in_english(f"The plant opened {one}.", f"The plant in Ohio opened {other}, the earliest day.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("by May", "no later than May"),
        ("in May at the latest", "by May"),
        ("until May", "till May"),
        ("in May at the earliest", "no earlier than May"),
        ("since 2015", "since 2015"),
        ("in May at the earliest", "in May at the earliest"),
        ("on Friday", "Friday"),
        ("in May 2015", "in May 2015"),
    ],
)
def test_a_bound_of_a_date_may_be_said_in_other_words(one: str, other: str) -> None:
    assert failed_in_english(f"The plant opened {one}.", f"The plant in Ohio opened {other}.") == set()
    assert failed_in_english(f"The plant opened {other}.", f"The plant in Ohio opened {one}.") == set()


COUNTED = ["about", "around", "nearly", "almost", "more than", "at least", "up to", "less than", "roughly", "some"]


@pytest.mark.parametrize("bound", COUNTED)
def test_an_approximation_is_neither_added_nor_lost(bound: str) -> None:
    for number in ("5", "five", "300", "$3 million", "40 percent"):
        assert failed_in_english(f"The fund lost {number}.", f"The fund lost {bound} {number} in Ohio."), number
        assert failed_in_english(f"The fund lost {bound} {number}.", f"The fund lost {number} in Ohio."), number
        assert not failed_in_english(f"The fund lost {bound} {number}.", f"The fund lost {bound} {number} in Ohio.")
    capital = bound.capitalize()
    assert failed_in_english("5 workers were hurt.", f"{capital} 5 workers were hurt.")
    assert failed_in_english(f"{capital} 5 workers were hurt.", "5 workers were hurt.")
    assert not failed_in_english(f"{capital} 5 workers were hurt.", f"{capital} 5 workers were hurt in Ohio.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 workers or more left", "5 workers left"),
        ("5 or so workers left", "5 workers left"),
        ("half of the workers left", "about half of the workers left"),
        ("half of the workers left", "more than half of the workers left"),
        ("the road is a mile long", "the road is almost a mile long"),
        ("5 percent left", "5 to 7 percent left"),
        ("two workers left", "two or three workers left"),
        ("300 workers left", "300 workers, at most, left"),
        ("300 workers left", "~300 workers left"),
        ("300 workers left", "300+ workers left"),
        ("300 workers left", "upwards of 300 workers left"),
        ("nearly 300 workers left", "more than 300 workers left"),
    ],
)
def test_an_inexact_quantity_is_not_made_exact_nor_the_reverse(one: str, other: str) -> None:
    assert failed_in_english(f"On Monday {one}.", f"On Monday {other} in Ohio.")
    assert failed_in_english(f"On Monday {other}.", f"On Monday {one} in Ohio.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("about 300", "around 300"),
        ("about 300", "some 300"),
        ("roughly 300", "approximately 300"),
        ("more than 300", "over 300"),
        ("at least 300", "no fewer than 300"),
        ("nearly 300", "almost 300"),
    ],
)
def test_an_approximation_may_be_said_in_other_words(one: str, other: str) -> None:
    assert failed_in_english(f"The plant fired {one} workers.", f"The plant fired {other} workers in Ohio.") == set()
    assert failed_in_english(f"The plant fired {other} workers.", f"The plant fired {one} workers in Ohio.") == set()


@pytest.mark.parametrize("number", ["3 million", "$3 million", "3", "three million"])
def test_a_sign_is_neither_added_nor_lost(number: str) -> None:
    assert failed_in_english(f"The balance is minus {number}.", f"The balance is {number}.")
    assert failed_in_english(f"The balance is {number}.", f"The balance is minus {number}.")
    assert failed_in_english(f"The balance is minus {number}.", f"The balance of the firm is minus {number}.") == set()


@pytest.mark.parametrize("sign", ["minus about", "a negative", "-"])
def test_a_sign_may_stand_before_another_bound(sign: str) -> None:
    separator = "" if sign == "-" else " "
    signed, plain = f"{sign}{separator}$3 million", f"{sign.removeprefix('minus ')} $3 million".removeprefix("- ")
    plain = plain.replace("a negative ", "")
    assert failed_in_english(f"The balance was {plain}.", f"The balance was {signed}.")
    assert failed_in_english(f"The balance was {signed}.", f"The balance was {plain}.")
    assert failed_in_english(f"The balance was {signed}.", f"The balance was {signed} in May.") == set()


def test_below_zero_is_a_sign() -> None:
    assert failed_in_english("It was 5 degrees in Oslo.", "It was 5 degrees below zero in Oslo.")
    assert failed_in_english("It was 5 degrees below zero in Oslo.", "It was 5 degrees below zero in Oslo.") == set()


def test_what_is_since_or_before_an_event_still_follows() -> None:
    passage = "The minister resigned after Monday's vote, and the court has been closed since the 2015 election."
    assert failed_in_english("The minister resigned after Monday's vote.", passage) == set()
    assert failed_in_english("The court has been closed since the 2015 election.", passage) == set()
    assert failed_in_english("The minister resigned before Monday's vote.", passage)
