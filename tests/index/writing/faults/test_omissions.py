import pytest

from tests.support.sentence_checks import failed_in_english

WAGES = (
    '"The economy is growing fast and jobs are coming back," said finance minister Anna Bell. Opposition leader Tom'
    ' Reed disagreed. "Wages have not moved in ten years," he said.'
)
BIRTHDAYS = "Smith, born on May 3, 1971, married Jones, born on May 4, 1970."
RULINGS = "The court fined the bank in March 2012, and in 2014 it cleared the bank."


@pytest.mark.parametrize(
    ("check", "sentence", "cited"),
    [
        ("modality", "The factory will close in June.", "Should the talks fail, the factory will close in June."),
        ("modality", "The factory will close in June.", "In case the talks fail, the factory will close in June."),
        ("modality", "The factory will close in June.", "The factory will close in June, provided the board agrees."),
        ("modality", "The factory will close in June.", "The factory will close in June only when the board agrees."),
        ("modality", "The factory will close in June.", "The factory will close in June as long as the board agrees."),
        ("modality", "The factory will close in June.", "The factory, if the talks fail, will close in June."),
        ("modality", "The minister took bribes.", "In the novel, the minister took bribes."),
    ],
)  # fmt: skip
def test_a_condition_that_is_left_out_fails_the_modality(check: str, sentence: str, cited: str) -> None:
    assert check in failed_in_english(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("If the talks fail, the factory will close.", "If the talks fail, the factory will close in June."),
        ("In case the talks fail, the factory will close.", "In case the talks fail, the factory will close in June."),
        ("The charity sent food.", "The charity sent food and provided the army with tents."),
    ],
)  # fmt: skip
def test_a_condition_that_is_taken_passes(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()


@pytest.mark.parametrize(
    ("check", "sentence", "cited"),
    [
        ("entailment", "Voters agreed.", "Most voters agreed."),
        ("entailment", "Smith is president.", "Smith is former president."),
        ("entailment", "Smith is the president.", "Smith is vice president."),
        ("entailment", "He met the minister in Rome.", "He met the so-called minister in Rome."),
        ("modality", "The plant was closed.", "The plant was all but closed."),
        ("modality", "Smith was arrested.", "Smith or Jones was arrested."),
        ("entailment", "The court convicted Smith.", "The court convicted Smith's brother."),
        ("entailment", "Smith is 45.", "Smith, whose son is 45, died."),
        ("entailment", "The first attack killed 3.", "The first attack killed 12 and the second killed 3."),
        ("entailment", "The film cheered in Rome.", "The film won and critics cheered in Rome."),
    ],
)
def test_a_word_that_changes_what_is_meant_is_not_left_out(check: str, sentence: str, cited: str) -> None:
    assert check in failed_in_english(sentence, cited)


@pytest.mark.parametrize(
    ("check", "sentence", "cited"),
    [
        ("speaker", "Tom Reed said jobs are coming back.", WAGES),
        ("speaker", "Anna Bell said wages have not moved in ten years.", WAGES),
        ("speaker", 'Anna Bell said "wages have not moved in ten years".', WAGES),
        ("speaker", "The bank fined the court.", "Sources say the bank fined the court."),
        ("dates", "Smith was born on May 3, 1970.", BIRTHDAYS),
        ("entailment", "Smith was born on May 4.", BIRTHDAYS),
        ("entailment", "The court fined the bank in 2014.", RULINGS),
        ("entailment", "The court cleared the bank in 2012.", RULINGS),
        ("modality", "The bank paid the fine.", "Had the bank paid the fine, the case would be closed."),
        ("modality", "The firm sells arms to everyone.", "The firm sells arms to everyone except Iran."),
        ("entailment", "All firms made a profit.", "All firms but one made a profit."),
        ("entailment", "The bank paid the fine.", "The bank paid the fine? It is not known."),
    ],
)  # fmt: skip
def test_a_fact_stays_with_its_speaker_its_date_and_its_clause(check: str, sentence: str, cited: str) -> None:
    assert check in failed_in_english(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Tom Reed said wages have not moved in ten years.", WAGES),
        ("The court fined the bank in March 2012.", RULINGS),
    ],
)
def test_the_right_speaker_and_the_right_date_pass(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()


def test_a_clause_about_the_noun_before_it_is_no_fact_about_the_sentence_before() -> None:
    cited = "The new ferry sails on Monday. It replaces the Fulmar, which sank in 2019."
    assert "entailment" in failed_in_english("The new ferry sank in 2019.", cited)
    assert "entailment" in failed_in_english("The new ferry sails on Monday and sank in 2019.", cited)
    assert failed_in_english("The new ferry replaces the Fulmar.", cited) == set()
    assert failed_in_english("The Fulmar sank in 2019.", cited) == set()


def test_advice_is_no_duty() -> None:
    cited = "Students must wear a uniform and should arrive by eight."
    assert "modality" in failed_in_english("Students should wear a uniform.", cited)
    assert "modality" in failed_in_english("Students must arrive by eight.", cited)
    assert failed_in_english("Students must wear a uniform.", cited) == set()


def test_a_pronoun_of_one_of_two_persons_is_not_resolved_to_the_object() -> None:
    cited = (
        "The court acquitted Lena Fox of fraud but convicted her brother, Igor Fox, of bribery."
        " He was sentenced to four years in prison."
    )
    assert "entailment" in failed_in_english("Lena Fox was sentenced to four years in prison.", cited)
    assert "entailment" in failed_in_english("She was sentenced to four years in prison.", cited)
    assert failed_in_english("He was sentenced to four years in prison.", cited) == set()
    subject = "Ann Otter sued the Fox Corporation over the fire. She lost in March."
    assert failed_in_english("Ann Otter lost in March.", subject) == set()


def test_most_of_them_is_not_all() -> None:
    cited = "The plant employs 1,500 people, most of them from Otter Bay."
    assert "entailment" in failed_in_english("The plant employs 1,500 people from Otter Bay.", cited)
