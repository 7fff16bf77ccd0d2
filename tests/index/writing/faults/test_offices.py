import pytest

from tests.support.sentence_checks import failed_in_english

PAIRS = [
    ("the minister", "the prime minister"),
    ("the general", "the attorney general"),
    ("the attorney", "the attorney general"),
    ("the governor", "the lieutenant governor"),
    ("the president", "the vice president"),
    ("the secretary", "the press secretary"),
    ("the president", "the president-elect"),
    ("the executive", "the chief executive"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_an_office_is_not_shortened_to_another_one_nor_lengthened(one: str, other: str) -> None:
    for form in ("{} resigned on Monday.", "On Monday the court fined {}.", "The tax will rise, {} said on Monday."):
        assert failed_in_english(form.format(one).capitalize(), form.format(other).capitalize()), form
        assert failed_in_english(form.format(other).capitalize(), form.format(one).capitalize()), form
        assert failed_in_english(form.format(other).capitalize(), form.format(other).capitalize()) == set(), form


def test_an_office_is_not_taken_from_somebody_else() -> None:
    passage = "The prime minister met the minister on Monday. The minister resigned on Tuesday."
    assert failed_in_english("The prime minister resigned on Tuesday.", passage)
    assert failed_in_english("The minister resigned on Tuesday.", passage) == set()


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The minister resigned on Monday.", "The foreign minister resigned on Monday."),
        ("Prime Minister Abe resigned on Monday.", "Prime Minister Shinzo Abe resigned on Monday."),
        ("Abe resigned on Monday.", "Prime Minister Abe resigned on Monday."),
        ("The court fined the bank.", "The supreme court fined the bank."),
        ("The prime minister said taxes will rise.", "Taxes will rise, the prime minister said on Monday."),
    ],
)
def test_the_same_person_passes(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()
