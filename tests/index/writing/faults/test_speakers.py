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
    ],
)
def test_what_somebody_only_reports_is_no_fact(cited: str) -> None:
    assert failed_in_english("The minister took bribes.", cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Smith said the war is over.", "Smith quoted Jones as saying the war is over."),
        ("Smith said taxes fell.", "Smith met Jones in Rome. Jones said taxes fell."),
        ("Smith said taxes fell.", "Jones, who succeeded Smith, said taxes fell."),
    ],
)
def test_a_statement_is_not_attributed_to_another_person_near_its_speaker(sentence: str, cited: str) -> None:
    assert "speaker" in failed_in_english(sentence, cited)


def test_a_quoted_speaker_may_be_said_to_say_it() -> None:
    assert failed_in_english("Jones said the war is over.", "Smith quoted Jones as saying the war is over.") == set()
