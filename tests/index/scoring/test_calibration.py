"""Confidence is a probability that grows with the evidence, from a readable file."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.scoring.calibration import (
    MAX_LEAD,
    SAME_MATTER_COSINE,
    SHIPPED,
    Calibration,
    Features,
    answering_sentence,
    coverage,
    lead_over_others,
)
from wherefrom.index.types import Effort

WEAK = Features(shortfall=0.5, sentence=0.05, missing=1, size=4, lead=0, absent=3, absent_names=2, answers=-6, span=-8)
STRONG = Features(shortfall=0.0, sentence=0.8, missing=0, size=2, lead=1, absent=0, absent_names=0, answers=4, span=6)
shares = st.floats(0, 1)
cosines = st.floats(-1, 1)
counts = st.integers(0, 9)
log_odds = st.floats(-9, 9)
EFFORT_NAMES: list[Effort] = ["fast", "careful"]


@pytest.mark.parametrize("effort", EFFORT_NAMES)
@given(
    st.builds(
        Features,
        shortfall=shares,
        sentence=cosines,
        missing=counts,
        size=st.floats(0, 7),
        lead=log_odds,
        absent=st.floats(0, 7),
        absent_names=st.floats(0, 7),
        answers=log_odds,
        span=log_odds,
    )
)
def test_any_features_give_a_probability(effort: Effort, features: Features) -> None:
    assert 0 < Calibration.load(effort).probability(features) < 1


@pytest.mark.parametrize("effort", EFFORT_NAMES)
def test_strong_evidence_is_answered_and_weak_evidence_is_not(effort: Effort) -> None:
    calibration = Calibration.load(effort)
    assert calibration.probability(WEAK) < calibration.threshold < calibration.probability(STRONG)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("shortfall", -0.3),
        ("sentence", 0.3),
        ("missing", -1),
        ("size", -1),
        ("absent", -1),
        ("absent_names", -1),
        ("lead", 0.5),
    ],
)
def test_more_evidence_is_more_confidence(name: str, change: float) -> None:
    calibration = Calibration.load("fast")
    better = replace(WEAK, **{name: getattr(WEAK, name) + change})
    assert calibration.probability(better) > calibration.probability(WEAK)


@pytest.mark.parametrize(("name", "change"), [("span", 1), ("missing", -1), ("size", -1)])
def test_what_is_read_counts(name: str, change: float) -> None:
    calibration = Calibration.load("careful")
    better = replace(WEAK, **{name: getattr(WEAK, name) + change})
    assert calibration.probability(better) > calibration.probability(WEAK)


def test_the_shipped_file_says_how_it_was_made() -> None:
    shipped = json.loads(SHIPPED.read_text())
    assert "wherefrom.eval.training.fit_calibration" in shipped["made_by"]
    assert shipped["examples"] > 1000
    for effort in EFFORT_NAMES:
        assert set(Calibration.load(effort).weights) <= set(Features.__dataclass_fields__)


def test_coverage_is_the_share_of_the_rarity_that_is_said() -> None:
    assert coverage({"radar": 0.7, "russia": 0.3}, {"radar", "china"}) == 0.7
    assert coverage({}, {"radar"}) == 0


def test_the_answering_sentence_is_near_and_says_the_question() -> None:
    assert answering_sentence([0.5, 0.45], [0.0, 0.6]) == 1
    assert answering_sentence([0.9, 0.2], [0.1, 0.2]) == 0
    assert answering_sentence([0.4, 0.4], [0.5, 0.5]) == 0


def test_a_lead_is_over_the_next_passage_about_another_matter() -> None:
    assert lead_over_others([9.0, 8.75, 8.0], [1.0, 0.1, 0.1]) == 0.25
    assert lead_over_others([9.0, 8.75, 8.0], [1.0, SAME_MATTER_COSINE, 0.1]) == 1


def test_a_lead_is_never_below_0_and_counts_up_to_a_limit() -> None:
    assert lead_over_others([-4.0, -3.0], [1.0, 0.1]) == 0
    assert lead_over_others([5.0, -7.0], [1.0, 0.1]) == MAX_LEAD


def test_the_lead_over_nothing_is_the_greatest() -> None:
    assert lead_over_others([5.0, 5.0], [1.0, 0.9]) == lead_over_others([5.0], [1.0]) == MAX_LEAD
