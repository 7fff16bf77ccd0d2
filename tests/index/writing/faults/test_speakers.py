import pytest

from tests.support.sentence_checks import failed_in_english


@pytest.mark.parametrize(
    "cited",
    [
        "The minister, reportedly, took bribes.",
        "The minister (allegedly) took bribes.",
        "The minister took bribes, prosecutors allege.",
        "The minister took bribes, it is claimed.",
        "Smith quoted Jones as saying the minister took bribes.",
        "The minister took bribes, a spokeswoman confirmed.",
        "The minister took bribes, the prosecutor's office announced on Monday.",
        "The minister took bribes, the study found.",
    ],
)
def test_what_somebody_only_reports_is_no_fact(cited: str) -> None:
    assert failed_in_english("The minister took bribes.", cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Smith said the war is over.", "Smith quoted Jones as saying the war is over."),
        ("Smith said taxes fell.", "Smith met Jones in Rome. Jones said taxes fell."),
        ("Reporters said a loan will pay it.", "A loan will pay it, the treasurer, Paul Reed, told reporters."),
        ("Smith said taxes fell.", "Jones, who succeeded Smith, said taxes fell."),
    ],
)
def test_a_statement_is_not_attributed_to_another_person_near_its_speaker(sentence: str, cited: str) -> None:
    assert "speaker" in failed_in_english(sentence, cited)


def test_a_quoted_speaker_may_be_said_to_say_it() -> None:
    assert failed_in_english("Jones said the war is over.", "Smith quoted Jones as saying the war is over.") == set()


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("The mayor warned that the dam could burst.", "The dam could burst, the mayor warned."),
        ("The study found that the virus spreads.", "The virus spreads, the study found."),
        (
            "The ministry announced that the toll will double.",
            "The toll will double, the ministry announced on Monday.",
        ),
        (
            "Treasurer Paul Reed said a loan will pay it.",
            "A loan will pay it, the treasurer, Paul Reed, told reporters.",
        ),
        ("Paul Reed said a loan will pay it.", "A loan will pay it, Paul Reed, the treasurer, said."),
        ("Prices rose, said Ann Otter.", "Prices rose, a record, the highest since May, said Ann Otter."),
        ("Two men drowned.", "Two men drowned, the first deaths reported this summer."),
        ("Two men drowned.", "Two men drowned, the highest number reported."),
    ],
)
def test_a_speaker_without_a_name_may_be_named_before_what_he_says(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()


def test_a_thing_with_a_participle_says_nothing() -> None:
    for aside in ("a number confirmed on Monday", "a figure reported on Tuesday"):
        assert failed_in_english("Ten people were hurt.", f"Ten people were hurt, {aside}.") == set()
    assert "speaker" in failed_in_english(
        "Ten people were hurt.", "Ten people were hurt, the mayor confirmed on Monday."
    )


def test_a_report_of_a_quotation_may_have_a_pronoun_for_its_speaker() -> None:
    cited = '"I met him before his trip," Maria Lopez said of the president.'
    assert failed_in_english("Maria Lopez said that she met the president.", cited) == set()
