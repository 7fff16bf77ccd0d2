import pytest

from tests.support.sentence_checks import failed_in_english

ASIDES = [
    "some hope",
    "many fear",
    "analysts expect",
    "it is hoped",
    "it is feared",
    "he thinks",
    "as critics see it",
    "or so they say",
    "in his view",
    "in the opinion of analysts",
    "in Smith's words",
    "by her own account",
    "by most accounts",
    "rumor has it",
    "as some put it",
    "they hope",
]


@pytest.mark.parametrize("aside", ASIDES)
def test_who_holds_that_something_is_so_is_neither_left_out_nor_added(aside: str) -> None:
    plain = "The plant in Ohio has doubled its output."
    for attributed in (
        f"The plant in Ohio has doubled its output, {aside}.",
        f"The plant in Ohio, {aside}, has doubled its output.",
        f"The plant in Ohio \u2014 {aside} \u2014 has doubled its output.",
        f"{aside.capitalize()}, the plant in Ohio has doubled its output.",
    ):
        assert failed_in_english(plain, attributed), attributed
        assert failed_in_english(attributed, plain), attributed


def test_who_holds_it_is_not_taken_from_another_statement() -> None:
    passage = "The plant reopened in May, and some hope for new jobs."
    assert failed_in_english("The plant reopened in May, some hope.", passage)
    assert failed_in_english("The plant reopened in May.", passage) == set()


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The plant has doubled its output.", "The plant, one of the largest, has doubled its output, and is growing."),
        ("The plant has doubled its output.", "The plant has doubled its output, giving the town hope."),
        ("The plant has doubled its output.", "The plant has doubled its output, a record, and the town can hope."),
        ("The plant was sold.", "The mayor was surprised, some fear. The plant was sold."),
    ],
)
def test_another_aside_may_be_left_out(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()
