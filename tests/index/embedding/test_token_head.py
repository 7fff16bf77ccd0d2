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


def test_another_model_has_no_head_and_keeps_its_tokens_whole_and_all_alike() -> None:
    tokens = unit(np.ones((3, 384), dtype=np.float32))
    assert token_head_for(OTHER) is None
    assert project(tokens, OTHER) is tokens
    assert weigh(tokens, OTHER).tolist() == pytest.approx([1 / 3] * 3)
    assert model_files_with_head(OTHER) == OTHER.files


def test_the_default_model_keeps_a_sixth_of_a_token() -> None:
    tokens = unit(np.random.default_rng(1).normal(size=(5, 384)).astype(np.float32))
    kept = project(tokens, DEFAULT)
    assert kept.shape == (5, 64)
    np.testing.assert_allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-5)


@given(st.integers(1, 30), st.integers(0, 99))
def test_weights_are_positive_and_sum_to_1(count: int, seed: int) -> None:
    weights = weigh(unit(np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)), DEFAULT)
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(1, abs=1e-5)


def test_no_token_weighs_nothing() -> None:
    assert weigh(np.empty((0, 384), dtype=np.float32), DEFAULT).tolist() == []


def test_an_index_depends_on_the_head_as_on_the_model() -> None:
    head = token_head_for(DEFAULT)
    assert head is not None
    assert model_files_with_head(DEFAULT) == {**DEFAULT.files, TOKEN_HEAD_FILE.name: head.sha256}
