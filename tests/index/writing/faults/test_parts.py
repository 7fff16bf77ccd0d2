import pytest

from tests.support.sentence_checks import failed_in_english

SUSPECTS = "Two of the four suspects confessed."
DRIVERS = "Only 12 of the 300 drivers voted for the strike. One of the drivers, Tom Beck, was fined."
TUNNEL = "The tunnel will open in 2026 instead of 2024."
BANK = "The bank, which has 40 branches, closed on Friday."
BOATS = "The fishermen's association, representing 84 boats, voted against the plan."


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Four suspects confessed.", SUSPECTS),
        ("The suspects confessed.", SUSPECTS),
        ("300 drivers voted for the strike.", DRIVERS),
        ("The drivers were fined.", DRIVERS),
        ("The vaccine protects adults.", "The vaccine protects 90 percent of adults."),
        ("40 members voted yes.", "Of the 40 members, 25 voted yes and ten no."),
        ("The houses were destroyed.", "A third of the houses were destroyed."),
    ],
)
def test_a_quantity_of_a_whole_is_not_left_out(sentence: str, cited: str) -> None:
    assert "numbers" in failed_in_english(sentence, cited)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Two of the four suspects confessed.", SUSPECTS),
        ("Two suspects confessed.", SUSPECTS),
        ("Tom Beck was fined.", DRIVERS),
        ("One of the drivers was fined.", DRIVERS),
        ("The end of the war is near.", "The end of the war is near."),
        ("The members of the club voted.", "The members of the club voted."),
    ],
)
def test_a_quantity_that_is_taken_or_none_of_a_whole_passes(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited) == set()


def test_what_something_else_takes_the_place_of_is_not_so() -> None:
    assert "negation" in failed_in_english("The tunnel will open in 2024.", TUNNEL)
    assert "negation" in failed_in_english("The city will raise taxes.", "Rather than raise taxes, the city will sell.")
    assert failed_in_english("The tunnel will open in 2026.", TUNNEL) == set()
    assert failed_in_english("The tunnel will open in 2026 instead of 2024.", TUNNEL) == set()


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("Lessons are free for children.", "Lessons are free for children under ten."),
        ("Lessons are free for children.", "Lessons are free for children aged 5 to 10."),
        ("Power was restored to all homes.", "Power was restored to all but 200 homes."),
        ("Every child can swim.", "Every third child can swim."),
        ("Every child can swim.", "Every other child can swim."),
    ],
)
def test_a_limit_is_not_left_out(sentence: str, cited: str) -> None:
    assert failed_in_english(sentence, cited)
    assert failed_in_english(cited, cited) == set()


def test_what_is_only_compared_with_is_not_stated() -> None:
    cited = "The plant emits 40 tons of dust, twice as much as in 2010."
    assert "entailment" in failed_in_english("The plant emitted 40 tons of dust in 2010.", cited)
    assert failed_in_english("The plant emits 40 tons of dust.", cited) == set()
    assert failed_in_english("The plant emits twice as much as in 2010.", cited) == set()
    assert failed_in_english("In May 2024 the club has 30 members.", "As of May 2024 the club has 30 members.") == set()


def test_a_number_of_another_sentence_is_no_part_of_a_whole() -> None:
    cited = "Of the boat nothing was found. In June, 25 people died at sea."
    assert "numbers" not in failed_in_english("Nothing was found of the boat.", cited)


def test_a_number_stays_with_its_own_item() -> None:
    cited = "A ticket costs 2.50 euros, a day pass 6 euros."
    assert "entailment" in failed_in_english("A ticket costs 6 euros.", cited)
    assert failed_in_english("A ticket costs 2.50 euros.", cited) == set()


def test_a_noun_of_a_describing_clause_does_not_get_the_verb_after_it() -> None:
    assert "entailment" in failed_in_english("40 branches closed on Friday.", BANK)
    assert "entailment" in failed_in_english(
        "The region is full.", "The reservoirs, which supply the region, are full of fish."
    )
    assert "entailment" in failed_in_english("84 boats voted against the plan.", BOATS)
    assert failed_in_english("The bank closed on Friday.", BANK) == set()
    assert failed_in_english("The fishermen's association voted against the plan.", BOATS) == set()


def test_a_noun_of_an_apposition_is_the_subject_itself() -> None:
    cited = "The captain, Ben Tarrant, missed the match. He came late, saw the goal, left early."
    assert failed_in_english("Ben Tarrant missed the match.", cited) == set()


def test_what_others_do_to_the_subject_is_not_done_by_it() -> None:
    cited = "Residents, supported by the mayor, reject the runway."
    assert "entailment" in failed_in_english("Residents support the runway.", cited)
    for sentence in (cited, "Residents reject the runway."):
        assert failed_in_english(sentence, cited) == set()
