from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.arrays import unit
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.embedding.token_head import TOKEN_HEAD_FILE, model_files_with_head, project, token_head_for, weigh

OTHER = ModelIdentity(name="other", sha256="0" * 64, dimension=384, files={"model.safetensors": "0" * 64})
DEFAULT = replace(OTHER, sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db")


def test_without_a_head_tokens_stay_whole_and_have_equal_weights() -> None:
    tokens = unit(np.ones((3, 384), dtype=np.float32))
    assert token_head_for(OTHER) is None
    assert project(tokens, OTHER) is tokens
    assert weigh(tokens, OTHER).tolist() == pytest.approx([1 / 3] * 3)
    assert model_files_with_head(OTHER) == OTHER.files


def test_the_default_models_head_projects_tokens_to_a_sixth_of_the_dimension() -> None:
    tokens = unit(np.random.default_rng(1).normal(size=(5, 384)).astype(np.float32))
    projected = project(tokens, DEFAULT)
    assert projected.shape == (5, 64)
    np.testing.assert_allclose(np.linalg.norm(projected, axis=1), 1, atol=1e-5)


@given(st.integers(1, 30), st.integers(0, 99))
def test_weights_are_positive_and_sum_to_1(count: int, seed: int) -> None:
    weights = weigh(unit(np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)), DEFAULT)
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(1, abs=1e-5)


def test_no_tokens_have_no_weights() -> None:
    assert weigh(np.empty((0, 384), dtype=np.float32), DEFAULT).tolist() == []


def test_the_head_is_one_of_the_files_that_the_vectors_depend_on() -> None:
    head = token_head_for(DEFAULT)
    assert head is not None
    assert model_files_with_head(DEFAULT) == {**DEFAULT.files, TOKEN_HEAD_FILE.name: head.sha256}
