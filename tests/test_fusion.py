"""Fusion by score: pure, and higher is better in and out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.fusion import (
    LATE_NONE,
    LATE_WHOLE,
    LEANING,
    LEANS_BELOW,
    LEXICAL_WEIGHT,
    Scores,
    fuse,
    late_weight,
    lean,
    refine,
    standardise,
)

scores = arrays(np.float64, 12, elements=st.floats(-1, 40, width=32))


def test_a_worked_example() -> None:
    fused = fuse(np.array([0.9, 0.1]), np.array([0.9, 0.1]), np.array([2.0, 4.0]))
    np.testing.assert_allclose(fused, [1 - LEXICAL_WEIGHT, LEXICAL_WEIGHT - 1])


@given(scores)
def test_standardised_scores_have_mean_0_and_deviation_1_or_are_all_equal(given_scores: Scores) -> None:
    standardised = standardise(given_scores)
    assert standardised.mean() == pytest.approx(0, abs=1e-6)
    assert standardised.std() == pytest.approx(1, abs=1e-6) or not standardised.any()


@given(scores, scores, scores, st.integers(0, 11))
def test_a_higher_score_never_lowers_a_rank(dense: Scores, sentence: Scores, lexical: Scores, row: int) -> None:
    better = dense.copy()
    better[row] += 1
    before = fuse(dense, sentence, lexical)
    after = fuse(better, sentence, lexical)
    assert (after > after[row] + 1e-6).sum() <= (before > before[row] - 1e-6).sum()


def test_one_candidate_and_none_are_fused_too() -> None:
    assert fuse(np.array([0.3]), np.array([0.4]), np.array([0.0])).tolist() == [0.0]
    assert fuse(np.array([]), np.array([]), np.array([])).tolist() == []


def test_late_interaction_moves_the_candidates_that_have_it_and_leaves_the_others_behind() -> None:
    fused = np.array([3.0, 2.9, 2.8, 1.0])
    late = np.array([0.4, 0.5, 0.9, np.nan])
    refined = refine(fused, late, 40)
    assert np.argsort(-refined).tolist()[0] == 2
    assert refined[3] == refined.min()


def test_without_late_interaction_nothing_moves() -> None:
    fused = np.array([1.0, 2.0])
    assert refine(fused, np.array([np.nan, np.nan]), 40).tolist() == [1.0, 2.0]


def test_late_interaction_has_less_weight_among_long_paragraphs_and_none_among_whole_articles() -> None:
    weights = [late_weight(tokens) for tokens in (10, LATE_WHOLE, (LATE_WHOLE + LATE_NONE) / 2, LATE_NONE, 500)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == weights[1] == 2 * weights[2] > weights[3] == weights[4] == 0


def test_short_paragraphs_lean_on_the_one_before_and_long_ones_do_not() -> None:
    lengths = np.array([0, LEANS_BELOW // 2, LEANS_BELOW, 500])
    leaning = lean(np.ones(4), np.full(4, 2.0), lengths)
    np.testing.assert_allclose(leaning, [1 + 2 * LEANING, 1 + LEANING, 1, 1])
