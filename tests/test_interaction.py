"""Late interaction: every token of a question met by the nearest token of a paragraph."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedder import Matrix, unit
from index.interaction import interaction, pack, unpack


def tokens(rows: int, seed: int, dimension: int = 48) -> Matrix:
    return unit(np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32))


@given(rows=st.integers(0, 40), dimension=st.integers(1, 400), seed=st.integers(0, 99))
def test_packed_tokens_come_back_to_within_half_a_step(rows: int, dimension: int, seed: int) -> None:
    given_tokens = tokens(rows, seed, dimension)
    back = unpack(pack(given_tokens), dimension)
    assert back.shape == given_tokens.shape
    np.testing.assert_allclose(back, given_tokens, atol=0.5 / 127 + 1e-6)


def test_packing_hardly_moves_a_score() -> None:
    question = tokens(12, 1, 384)
    paragraphs = [tokens(60, seed, 384) for seed in range(20)]
    packed = [unpack(pack(paragraph), 384) for paragraph in paragraphs]
    np.testing.assert_allclose(interaction(question, packed), interaction(question, paragraphs), atol=1e-3)


def test_a_worked_example() -> None:
    question = np.array([[1, 0], [0, 1]], dtype=np.float32)
    paragraph = np.array([[0.6, 0.8], [1, 0], [0, -1]], dtype=np.float32)
    assert interaction(question, [paragraph, paragraph[:1]]).tolist() == pytest.approx([(1 + 0.8) / 2, (0.6 + 0.8) / 2])


def test_nothing_meets_nothing() -> None:
    none = np.empty((0, 2), dtype=np.float32)
    some = np.eye(2, dtype=np.float32)
    assert interaction(none, [some]).tolist() == [0.0]
    assert interaction(some, [none]).tolist() == [0.0]
    assert interaction(some, []).tolist() == []
