import json
import logging
import random
import shutil
from pathlib import Path

import numpy as np
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


def test_a_flipped_bit_of_a_manifest_is_damage_that_is_named(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = folder / "export.json"
    whole = file.read_bytes()
    for flip in random.Random(2).sample(range(8 * len(whole)), 500):
        position, bit = divmod(flip, 8)
        file.write_bytes(whole[:position] + bytes([whole[position] ^ 1 << bit]) + whole[position + 1 :])
        caplog.clear()
        assert load_manifest(folder) is None
        assert f"{folder} is damaged" in caplog.text
    file.write_bytes(whole)
    assert load_manifest(folder) == EXPORT_MANIFEST


@pytest.mark.parametrize(
    "stored", ["[]", "null", "7", "{}", '"text"', '{"format": []}', "[" * 100_000, '{"format": 5}']
)
def test_a_manifest_of_another_shape_is_damaged(folder: Path, stored: str, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "export.json").write_text(stored)
    assert load_manifest(folder) is None
    assert f"{folder} is damaged" in caplog.text


def test_an_export_from_before_manifests_were_sealed_is_exported_again(folder: Path) -> None:
    stored = json.loads((folder / "export.json").read_text())
    del stored["seal"]
    (folder / "export.json").write_text(json.dumps(stored | {"format": 4}))
    assert load_manifest(folder) is None


def test_a_model_whose_manifest_has_a_flipped_bit_is_exported_again_with_the_same_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    model = str(tiny_model(tmp_path / "tiny"))
    models = tmp_path / "models"
    texts = ["Where from?", "word " * 40, ""]
    vectors = load_embedder(model, models=models).encode(texts)
    (exported,) = models.iterdir()
    shutil.copytree(exported, tmp_path / "intact")
    manifest = exported / "export.json"
    whole = manifest.read_bytes()
    exports = []

    def restore_export(*_: object) -> str:
        exports.append(shutil.copy(tmp_path / "intact" / "export.json", manifest))
        return ""

    monkeypatch.setattr("wherefrom.index.embedding.loader._export", restore_export)
    chance = random.Random(1)
    for _ in range(15):
        position = chance.randrange(len(whole))
        bit = 1 << chance.randrange(8)
        manifest.write_bytes(whole[:position] + bytes([whole[position] ^ bit]) + whole[position + 1 :])
        caplog.clear()
        embedder = load_embedder(model, models=models)
        assert isinstance(embedder, OpenVinoEmbedder)
        np.testing.assert_array_equal(embedder.encode(texts), vectors)
        assert f"{exported} is damaged" in caplog.text
    assert len(exports) == 15


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
