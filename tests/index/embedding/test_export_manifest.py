import json
import logging
from pathlib import Path

import pytest

from tests.support.models import tiny_model
from wherefrom.index.embedding.export_manifest import (
    GRAPH,
    ExportManifest,
    load_manifest,
    save_manifest,
    with_exported_weights,
)
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.model_files import DEFAULT_MODEL
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder
from wherefrom.index.errors import ModelUnavailable

FILES = {"config.json": "1", "model.safetensors": "2"}
EXPORT_MANIFEST = ExportManifest(
    files=FILES,
    dimension=3,
    layout="packed",
    inputs=("input_ids",),
    most_tokens=8,
    pad_id=0,
    precisions=("f32",),
    agreement={"f32": 0.99999},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / GRAPH).write_text("<net/>")
    save_manifest(tmp_path, EXPORT_MANIFEST)
    return tmp_path


def test_a_manifest_is_read_as_it_was_written(folder: Path) -> None:
    assert load_manifest(folder) == EXPORT_MANIFEST


def test_a_missing_folder_has_no_manifest(tmp_path: Path) -> None:
    assert load_manifest(tmp_path / "none") is None


def test_missing_weights_are_completed_from_an_export_of_the_same_model(folder: Path) -> None:
    assert with_exported_weights({"config.json": "1"}, folder.parent) == FILES
    assert with_exported_weights({"config.json": "changed"}, folder.parent) == {"config.json": "changed"}


@pytest.mark.parametrize("damage", ["changed", "missing", "torn"])
def test_a_damaged_export_has_no_manifest(folder: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    if damage == "changed":
        (folder / GRAPH).write_text("<net>")
    elif damage == "missing":
        (folder / GRAPH).unlink()
    else:
        (folder / "export.json").write_text("{")
    assert load_manifest(folder) is None
    assert f"{folder} is damaged" in caplog.text


def test_without_an_export_and_without_sentence_transformers_a_model_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wherefrom.index.embedding.loader.find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match=rf"{DEFAULT_MODEL}: no exported graph in {tmp_path}.*not installed"):
        load_embedder(models=tmp_path)


def test_a_model_that_cannot_be_exported_is_served_by_the_reference_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tiny_model(tmp_path / "tiny", prompt="query: ")
    with caplog.at_level(logging.WARNING):
        embedder = load_embedder(str(folder), models=tmp_path / "models")
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert "tiny is served by PyTorch" in caplog.text
    assert "prompt" in caplog.text
    assert not any((tmp_path / "models").glob("*/export.json"))


def test_the_manifest_of_the_default_model_records_its_agreement() -> None:
    embedder = load_embedder()
    assert isinstance(embedder, OpenVinoEmbedder)
    stored = json.loads((embedder.folder / "export.json").read_text())
    assert min(stored["agreement"][precision] for precision in stored["precisions"]) >= 0.9999
