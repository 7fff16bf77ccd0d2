import pytest

from tests.support.sentence_checks import failed_in_english


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Not only Russia voted for the resolution.", "Russia voted for the resolution."),
        ("The drug is not without risks.", "The drug is without risks."),
        ("The team won.", "The team won nothing."),
    ],
)
def test_a_negation_is_neither_added_nor_left_out_as_an_object(sentence: str, cited: str) -> None:
    assert "negation" in failed_in_english(sentence, cited)


def test_a_bound_on_a_date_is_no_negation() -> None:
    assert failed_in_english("Smith left.", "Smith left no later than May.") == set()


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Profits rose 5.", "Profits rose 5 percent."),
        ("Profits fell by 3 million.", "Profits fell by $3 million."),
        ("The rate is 5 degrees.", "The rate is -5 degrees."),
        ("The rate is -5 degrees.", "The rate is 5 degrees."),
        ("Temperatures reached 5 degrees.", "Temperatures reached minus 5 degrees."),
        ("The plant employs 300 people.", "The plant employs 300 fewer people than in 2015."),
    ],
)
def test_a_number_keeps_its_unit_its_sign_and_whether_it_is_a_difference(sentence: str, cited: str) -> None:
    assert "numbers" in failed_in_english(sentence, cited)


@pytest.mark.parametrize(
    ("check", "sentence", "cited"),
    [
        ("names", "The Obama was there.", "The Obamas were there."),
        ("names", "The Kennedys were there.", "Kennedy was there."),
        ("entailment", "The ministers resigned.", "The minister resigned."),
        ("entailment", "The minister resigned.", "The ministers resigned."),
    ],
)
def test_singular_and_plural_are_not_one_thing(check: str, sentence: str, cited: str) -> None:
    assert check in failed_in_english(sentence, cited)


@pytest.mark.parametrize("connective", ["so", "then"])
def test_a_connection_between_two_statements_is_not_added(connective: str) -> None:
    passage = "The fire started. The alarm failed."
    assert "entailment" in failed_in_english(f"The alarm failed, {connective} the fire started.", passage)


@pytest.mark.parametrize("contrast", ["while", "although", "though", "whereas", "yet"])
def test_a_contrast_between_two_statements_is_not_added(contrast: str) -> None:
    for passage in ("The fire started. The alarm failed.", "The fire started, and the alarm failed."):
        assert "entailment" in failed_in_english(f"The fire started, {contrast} the alarm failed.", passage)
        assert failed_in_english("The fire started, and the alarm failed.", passage) == set()
    if contrast != "yet":
        opened = f"{contrast.capitalize()} the fire started, the alarm failed."
        assert "entailment" in failed_in_english(opened, "The fire started. The alarm failed.")


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The fire started, while the alarm failed.", "The fire started, while the alarm failed in Ohio."),
        ("The fire started, while the alarm failed.", "The fire started. But the alarm failed in Ohio."),
        ("Although the alarm failed, the plant was saved.", "Although the alarm failed, the plant was saved in Ohio."),
        ("The plant was saved.", "Although the alarm failed, the plant was saved."),
        ("Sales fell and costs rose.", "Sales fell, while costs rose."),
        ("The alarm failed while the plant burned.", "The alarm failed as the plant burned."),
    ],
)
def test_a_contrast_that_is_kept_or_left_out_passes(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()


def test_what_would_be_is_not_what_will_be_except_in_a_report_of_the_past() -> None:
    claimed = "A third runway would cost 9 billion pounds, the airport claims."
    assert "modality" in failed_in_english("A third runway will cost 9 billion pounds, the airport claims.", claimed)
    assert "modality" in failed_in_english("The plan will cost jobs.", "The plan would cost jobs.")
    assert failed_in_english("The plan would cost jobs.", "The plan would cost jobs.") == set()
    said = "The mayor said that the plan would cost jobs."
    assert failed_in_english("The plan will cost jobs, the mayor said.", said) == set()


def test_a_raised_digit_is_no_digit_of_a_number() -> None:
    assert "numbers" in failed_in_english("The bridge cost 106 euros.", "The bridge cost 10\u2076 euros.")
    assert "numbers" in failed_in_english("The bridge cost 10 euros.", "The bridge cost 10\u2076 euros.")
    assert failed_in_english("The bridge cost 10\u2076 euros.", "The bridge cost 10\u2076 euros.") == set()
    assert failed_in_english("Prices rose by 14.2 percent.", "Prices rose by 14.2\u00b9 percent.") == set()
