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
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder
from wherefrom.index.errors import ModelUnavailable

FILES = {"config.json": "1", "model.safetensors": "2"}
EXPORT = ExportManifest(
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
def home(tmp_path: Path) -> Path:
    (tmp_path / GRAPH).write_text("<net/>")
    save_manifest(tmp_path, EXPORT)
    return tmp_path


def test_an_export_is_read_as_it_was_written(home: Path) -> None:
    assert load_manifest(home) == EXPORT


def test_what_is_not_there_is_no_export(tmp_path: Path) -> None:
    assert load_manifest(tmp_path / "none") is None


def test_an_export_stands_for_the_weights_of_the_model_that_it_was_made_from(home: Path) -> None:
    assert with_exported_weights({"config.json": "1"}, home.parent) == FILES
    assert with_exported_weights({"config.json": "changed"}, home.parent) == {"config.json": "changed"}


@pytest.mark.parametrize("damage", ["changed", "missing", "torn"])
def test_an_export_that_is_damaged_is_none(home: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    if damage == "changed":
        (home / GRAPH).write_text("<net>")
    elif damage == "missing":
        (home / GRAPH).unlink()
    else:
        (home / "export.json").write_text("{")
    assert load_manifest(home) is None
    assert f"{home} is damaged" in caplog.text


def test_without_a_graph_and_without_what_makes_one_a_model_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wherefrom.index.embedding.export_manifest.find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match=rf"{DEFAULT_MODEL}: no graph of it in {tmp_path}.*not installed"):
        load_embedder(models=tmp_path)


def test_a_model_that_cannot_be_exported_is_served_by_the_reference_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tiny_model(tmp_path / "tiny", prompt="query: ")
    with caplog.at_level(logging.WARNING):
        embedder = load_embedder(str(folder), models=tmp_path / "models")
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert "tiny is served by PyTorch" in caplog.text
    assert "prompt" in caplog.text
    assert not any((tmp_path / "models").glob("*/export.json"))


def test_the_export_of_the_default_model_tells_how_well_it_agrees() -> None:
    homes = [Path(embedder.home) for embedder in [load_embedder()] if hasattr(embedder, "home")]
    told = json.loads((homes[0] / "export.json").read_text())
    assert min(told["agreement"][precision] for precision in told["precisions"]) >= 0.9999
