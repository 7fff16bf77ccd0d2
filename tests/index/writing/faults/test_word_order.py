import pytest

from tests.support.sentence_checks import failed_in_english


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The treaty was ratified in 2015.", "The treaty was signed in 2015 and ratified in 2016."),
        ("Three in five agree.", "Five in three agree."),
        ("Monday and Sunday.", "Sunday and Monday."),
        ("The rate fell to 4 percent in May.", "The rate fell from 5 percent in May to 4 percent in June."),
        ("The bus leaves at 9:40 on weekdays.", "The bus leaves at 8:15 on weekdays and at 9:40 on Sundays."),
        ("90 died within a week.", "Half of the 120 patients recovered within a week; 90 died."),
    ],
)
def test_times_and_numbers_stay_with_their_own_clause_and_order(sentence: str, cited: str) -> None:
    assert "entailment" in failed_in_english(sentence, cited)


def test_a_time_may_move_within_its_clause() -> None:
    assert (
        failed_in_english("On Monday, the treaty was signed.", "The treaty was signed on Monday and ratified in June.")
        == set()
    )
    assert failed_in_english("The treaty was ratified in 2015.", "In 2015, the treaty was ratified.") == set()
