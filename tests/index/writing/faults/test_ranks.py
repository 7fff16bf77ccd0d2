import pytest

from tests.support.sentence_checks import failed_in_english

PAIRS = [
    ("Lyon is the largest city", "Lyon is the second largest city"),
    ("Lyon is the largest city", "Lyon is the second-largest city"),
    ("Lyon is the second city", "Lyon is the second smallest city"),
    ("Lyon is the largest city", "Lyon is one of the largest cities"),
    ("Smith came third", "Smith came third from last"),
    ("Smith came third", "Smith came third from the bottom"),
    ("Smith came 3rd", "Smith came 3rd from last"),
    ("Smith came last", "Smith came second to last"),
    ("Smith came last", "Smith came last but one"),
    ("It is the tallest tower", "It is the tallest tower but one"),
    ("Smith is the third man", "Smith is the third man from the left"),
    ("Smith is the most popular", "Smith is the second most popular"),
    ("It was the first win", "It was the first win since 2010"),
    ("It was the highest level", "It was the highest level in ten years"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_rank_keeps_what_it_is_counted_by(one: str, other: str) -> None:
    assert failed_in_english(f"{one}.", f"{other}, the paper reported.")
    assert failed_in_english(f"{one}.", f"{other}.")
    assert failed_in_english(f"{other}.", f"{one}.")


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Lyon is the second largest city.", "Lyon, on the Rhone, is the second largest city of France."),
        ("Lyon is the 2nd largest city.", "Lyon is the second-largest city of France."),
        ("Smith came third from last.", "Smith came third from last in the race in Ohio."),
        ("The third race was won by Smith.", "The third race was won by Smith in Ohio."),
        ("The forest is closed.", "The second forest fire is out. The forest is closed to visitors."),
        ("It was the first win since 2010.", "It was the first win since 2010 for the team."),
        ("Jones was arrested on May 5th.", "Jones was arrested on May 5th in Ohio."),
        ("The first test was in May.", "The first test was in May, and since June there were more."),
    ],
)
def test_a_rank_that_is_kept_passes(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()
