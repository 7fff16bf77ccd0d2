"""Fusion by score: pure, and higher is better in and out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.fusion import LEXICAL_WEIGHT, Scores, fuse, standardise

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
