"""Fusion by score: pure, and higher is better in and out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wherefrom.index.arrays import Scores
from wherefrom.index.scoring.fusion import (
    CONTEXT_LENGTH_LIMIT,
    FULL_LATE_TOKENS,
    LEXICAL_WEIGHT,
    MAX_CONTEXT_SHARE,
    NO_LATE_TOKENS,
    SecondStageWeights,
    add_context,
    context_share,
    fuse,
    late_interaction_share,
    second_stage,
    standardise,
)

WEIGHTS = SecondStageWeights(vectors=0.5, lexical=1, mean=10, soft_min=5)
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


def refined(mean: list[float], tokens: float) -> Scores:
    even, fused = np.zeros(len(mean)), np.arange(len(mean), 0.0, -1)
    scores = {"vectors": even, "lexical": even, "mean": np.array(mean), "soft_min": even}
    return second_stage(scores, fused, WEIGHTS, tokens)


def test_among_short_paragraphs_the_second_stage_decides() -> None:
    np.testing.assert_allclose(refined([0.4, 0.9, 0.5], 40), [4, 9, 5])


def test_among_long_paragraphs_the_first_stage_decides() -> None:
    assert refined([0.4, 0.9, 0.5], NO_LATE_TOKENS).tolist() == [3, 2, 1]


def test_between_them_each_has_its_share() -> None:
    shares = [
        late_interaction_share(tokens)
        for tokens in (10, FULL_LATE_TOKENS, (FULL_LATE_TOKENS + NO_LATE_TOKENS) / 2, NO_LATE_TOKENS, 500)
    ]
    assert shares == [1, 1, 0.5, 0, 0]


@given(scores, st.integers(0, 11), st.sampled_from(["vectors", "lexical", "mean", "soft_min"]))
def test_no_score_counts_against_a_candidate(given_scores: Scores, row: int, name: str) -> None:
    better = given_scores.copy()
    better[row] += 1
    even = {each: np.zeros(12) for each in ("vectors", "lexical", "mean", "soft_min")}
    before = second_stage({**even, name: given_scores}, np.zeros(12), SecondStageWeights.load("head"), 40)
    after = second_stage({**even, name: better}, np.zeros(12), SecondStageWeights.load("head"), 40)
    assert (after > after[row] + 1e-6).sum() <= (before > before[row] - 1e-6).sum()


def test_short_paragraphs_lean_on_the_one_before_and_long_ones_do_not() -> None:
    lengths = np.array([0, CONTEXT_LENGTH_LIMIT // 2, CONTEXT_LENGTH_LIMIT, 500])
    leant = add_context(np.ones(4), np.full(4, 2.0), context_share(lengths))
    np.testing.assert_allclose(leant, [1 + 2 * MAX_CONTEXT_SHARE, 1 + MAX_CONTEXT_SHARE, 1, 1])
