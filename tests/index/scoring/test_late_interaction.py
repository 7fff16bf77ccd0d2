"""Late interaction: every token of a question met by the nearest token of a paragraph."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.arrays import Matrix, unit
from wherefrom.index.scoring.late_interaction import MATCH_COSINE, QueryTokens, TokenMatch, match_tokens, pack, unpack


def tokens(rows: int, seed: int, dimension: int = 48) -> Matrix:
    return unit(np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32))


def kept(rows: Matrix) -> npt.NDArray[np.uint8]:
    return np.frombuffer(pack(rows), dtype=np.uint8)


def asked(question: Matrix, *weights: float) -> QueryTokens:
    alike = np.full(len(question), 1 / max(len(question), 1))
    return QueryTokens(tokens=question, weights=np.array(weights or alike, dtype=np.float32))


def meet(question: QueryTokens, *paragraphs: Matrix) -> TokenMatch:
    joined = np.concatenate([np.empty((0, question.tokens.shape[1]), dtype=np.float32), *paragraphs])
    return match_tokens(question, joined, [len(each) for each in paragraphs])


@given(rows=st.integers(0, 40), dimension=st.integers(1, 400), seed=st.integers(0, 99))
def test_packed_tokens_come_back_almost_as_they_were(rows: int, dimension: int, seed: int) -> None:
    given_tokens = tokens(rows, seed, dimension)
    back = unpack([kept(given_tokens)], dimension)
    assert back.shape == given_tokens.shape
    assert ((back * given_tokens).sum(axis=1) > 0.999).all()


def test_a_token_takes_a_byte_a_number_and_texts_come_back_one_behind_the_other() -> None:
    one, other = tokens(3, 1, 64), tokens(2, 2, 64)
    assert len(pack(one)) == 3 * 64
    np.testing.assert_allclose(unpack([kept(one), kept(other)], 64), np.concatenate([one, other]), atol=0.02)


def test_packing_hardly_moves_a_score() -> None:
    question = asked(tokens(12, 1, 64))
    paragraphs = [tokens(60, seed, 64) for seed in range(20)]
    packed = [unpack([kept(paragraph)], 64) for paragraph in paragraphs]
    np.testing.assert_allclose(meet(question, *packed).mean, meet(question, *paragraphs).mean, atol=2e-3)


def test_a_worked_example() -> None:
    question = asked(np.eye(2, dtype=np.float32), 0.25, 0.75)
    paragraph = np.array([[0.6, 0.8], [1, 0], [0, -1]], dtype=np.float32)
    met = meet(question, paragraph, paragraph[:1])
    assert met.mean.tolist() == pytest.approx([0.25 * 1 + 0.75 * 0.8, 0.25 * 0.6 + 0.75 * 0.8])
    assert met.shortfall.tolist() == pytest.approx([0, 0], abs=1e-6)


def test_one_unmet_token_shows_in_what_is_met_least() -> None:
    question = asked(np.eye(2, dtype=np.float32))
    both = np.array([[0.6, 0.8]], dtype=np.float32)
    one = np.array([[1, 0]], dtype=np.float32)
    met = meet(question, both, one)
    assert met.soft_min[0] > met.soft_min[1]
    assert met.shortfall.tolist() == pytest.approx([0, MATCH_COSINE / 2], abs=1e-6)


@given(st.integers(1, 6), st.integers(0, 99))
def test_what_is_met_least_is_between_the_worst_and_the_mean(count: int, seed: int) -> None:
    question, paragraph = tokens(count, seed, 8), tokens(5, seed + 100, 8)
    best = (question @ paragraph.T).max(axis=1)
    met = meet(asked(question), paragraph)
    assert best.min() - 1e-5 <= met.soft_min[0] <= met.mean[0] + 1e-5


def test_a_paragraph_scores_the_same_whoever_stands_beside_it() -> None:
    question = asked(tokens(7, 1, 64))
    paragraphs = [tokens(rows, rows, 64) for rows in (3, 40, 1)]
    together = meet(question, *paragraphs).mean
    np.testing.assert_allclose(together, [meet(question, each).mean[0] for each in paragraphs], rtol=1e-6)


def test_nothing_meets_nothing() -> None:
    none, some = np.empty((0, 2), dtype=np.float32), np.eye(2, dtype=np.float32)
    assert meet(asked(none), some).mean.tolist() == [0.0]
    assert meet(asked(some), none, some).mean.tolist() == [0.0, 1.0]
    assert meet(asked(some), none).shortfall.tolist() == [MATCH_COSINE]
    assert meet(asked(some)).mean.tolist() == []
