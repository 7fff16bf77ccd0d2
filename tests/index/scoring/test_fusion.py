"""Fusion by score: pure, and higher is better in and out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wherefrom.index.arrays import Scores
from wherefrom.index.scoring.fusion import (
    LATE_NONE,
    LATE_WHOLE,
    LEANING,
    LEANS_BELOW,
    LEXICAL_WEIGHT,
    Weights,
    fuse,
    late_share,
    lean,
    leaning,
    refine,
    standardise,
)

WEIGHTS = Weights(vectors=0.5, lexical=1, mean=10, least=5)
scores = arrays(np.float64, 12, elements=st.floats(-1, 40, width=32))


def test_a_worked_example() -> None:
    fused = fuse(np.array([1.8, 0.2]), np.array([2.0, 4.0]))
    np.testing.assert_allclose(fused, [1 - LEXICAL_WEIGHT, LEXICAL_WEIGHT - 1])


@given(scores)
def test_standardised_scores_have_mean_0_and_deviation_1_or_are_all_equal(given_scores: Scores) -> None:
    standardised = standardise(given_scores)
    assert standardised.mean() == pytest.approx(0, abs=1e-6)
    assert standardised.std() == pytest.approx(1, abs=1e-6) or not standardised.any()


@given(scores, scores, st.integers(0, 11))
def test_a_higher_score_never_lowers_a_rank(vectors: Scores, lexical: Scores, row: int) -> None:
    better = vectors.copy()
    better[row] += 1
    before = fuse(vectors, lexical)
    after = fuse(better, lexical)
    assert (after > after[row] + 1e-6).sum() <= (before > before[row] - 1e-6).sum()


def test_one_candidate_and_none_are_fused_too() -> None:
    assert fuse(np.array([0.7]), np.array([0.0])).tolist() == [0.0]
    assert fuse(np.array([]), np.array([])).tolist() == []


def second_stage(mean: list[float], tokens: float) -> Scores:
    even, fused = np.zeros(len(mean)), np.arange(len(mean), 0.0, -1)
    scores = {"vectors": even, "lexical": even, "mean": np.array(mean), "least": even}
    return refine(scores, fused, WEIGHTS, tokens)


def test_among_short_paragraphs_the_second_stage_decides() -> None:
    np.testing.assert_allclose(second_stage([0.4, 0.9, 0.5], 40), [4, 9, 5])


def test_among_long_paragraphs_the_first_stage_decides() -> None:
    assert second_stage([0.4, 0.9, 0.5], LATE_NONE).tolist() == [3, 2, 1]


def test_between_them_each_has_its_share() -> None:
    shares = [late_share(tokens) for tokens in (10, LATE_WHOLE, (LATE_WHOLE + LATE_NONE) / 2, LATE_NONE, 500)]
    assert shares == [1, 1, 0.5, 0, 0]


@given(scores, st.integers(0, 11), st.sampled_from(["vectors", "lexical", "mean", "least"]))
def test_no_score_counts_against_a_candidate(given_scores: Scores, row: int, name: str) -> None:
    better = given_scores.copy()
    better[row] += 1
    even = {each: np.zeros(12) for each in ("vectors", "lexical", "mean", "least")}
    before = refine({**even, name: given_scores}, np.zeros(12), Weights.load("head"), 40)
    after = refine({**even, name: better}, np.zeros(12), Weights.load("head"), 40)
    assert (after > after[row] + 1e-6).sum() <= (before > before[row] - 1e-6).sum()


def test_short_paragraphs_lean_on_the_one_before_and_long_ones_do_not() -> None:
    lengths = np.array([0, LEANS_BELOW // 2, LEANS_BELOW, 500])
    leant = lean(np.ones(4), np.full(4, 2.0), leaning(lengths))
    np.testing.assert_allclose(leant, [1 + 2 * LEANING, 1 + LEANING, 1, 1])
