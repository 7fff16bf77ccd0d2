"""The file of the trained weights."""

from pathlib import Path

import numpy as np
import pytest

from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.reading.weights import READER_FILE, reader_weights_for, save_reader_weights

MAX_MEGABYTES = 12


def identity(sha256: str) -> ModelIdentity:
    return ModelIdentity(name="model", sha256=sha256, dimension=4, files={})


def test_what_is_saved_comes_back_to_a_part_in_a_hundred(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    changes = {"0.weight": random.standard_normal((5, 4)).astype(np.float32), "0.bias": np.zeros(5, dtype=np.float32)}
    heads = {"segment": random.standard_normal(4).astype(np.float32)}
    path = tmp_path / "reader.npz"
    save_reader_weights(path, "a" * 64, changes, heads)
    loaded = reader_weights_for(identity("a" * 64), path)
    assert loaded is not None
    assert set(loaded.changes) == set(changes)
    for name, change in changes.items():
        assert loaded.changes[name] == pytest.approx(change, abs=0.01 * max(np.abs(change).max(), 1e-9))
    assert loaded.heads["segment"] == pytest.approx(heads["segment"], rel=1e-3)


def test_another_model_has_no_weights(tmp_path: Path) -> None:
    path = tmp_path / "reader.npz"
    save_reader_weights(path, "a" * 64, {}, {})
    assert reader_weights_for(identity("b" * 64), path) is None


def test_a_missing_file_means_no_reader(tmp_path: Path) -> None:
    assert reader_weights_for(identity("a" * 64), tmp_path / "none.npz") is None


def test_the_shipped_file_is_small_and_for_the_default_model() -> None:
    assert READER_FILE.stat().st_size <= MAX_MEGABYTES * 1_000_000
    assert reader_weights_for(load_embedder().identity) is not None
