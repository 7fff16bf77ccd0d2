import shutil
from pathlib import Path

import pytest

from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.model_files import (
    DEFAULT_MODEL,
    PUBLISHED_SHA256,
    check_published,
    file_hashes,
    model_folder,
)
from wherefrom.index.errors import ModelUnavailable


def test_the_packaged_weights_are_the_published_ones() -> None:
    check_published(DEFAULT_MODEL, file_hashes(model_folder(DEFAULT_MODEL)))


def test_other_weights_under_a_published_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder(DEFAULT_MODEL), folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    monkeypatch.setattr("wherefrom.index.embedding.loader.model_folder", lambda _: folder)
    with pytest.raises(ModelUnavailable, match=f"where {PUBLISHED_SHA256[DEFAULT_MODEL]} was published"):
        load_embedder(models=tmp_path / "models")


def test_a_model_of_another_name_may_have_any_weights() -> None:
    check_published("some/model", {"model.safetensors": "0" * 64})
