from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.support.library_samples import WordEmbedder
from tests.support.models import tiny_model
from wherefrom.index.embedding.export import NotExportable, export_model, min_cosine
from wherefrom.index.embedding.export_manifest import ExportManifest, load_manifest
from wherefrom.index.embedding.model_files import file_hashes
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder
from wherefrom.index.embedding.protocol import TextEmbedding
from wherefrom.index.embedding.sentence_transformer import SentenceTransformerEmbedder, load_sentence_transformer
from wherefrom.index.embedding.torch_modules import PackedBert


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def reference(folder: Path) -> SentenceTransformerEmbedder:
    return load_sentence_transformer("tiny", folder, file_hashes(folder))


@pytest.fixture(scope="module")
def home(folder: Path) -> Path:
    home = folder.with_name("home")
    export_model("tiny", folder, home)
    return home


@pytest.fixture(scope="module")
def padded(folder: Path) -> Path:
    """As a model is exported that is no BERT encoder."""
    home = folder.with_name("padded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PackedBert, "can_stand_for", lambda _: False)
        export_model("tiny", folder, home)
    return home


@pytest.mark.parametrize("layout", ["packed", "padded"])
def test_a_model_with_other_pooling_and_more_modules_is_exported_whole(
    layout: str, home: Path, padded: Path, reference: SentenceTransformerEmbedder
) -> None:
    folder = home if layout == "packed" else padded
    export = load_manifest(folder)
    assert isinstance(export, ExportManifest)
    assert export.layout == layout
    graph = OpenVinoEmbedder(folder, export, reference.identity, "f32")
    assert min_cosine(reference, graph) > 0.9999
    texts = ["abc", "x " * 60, *("y " * length for length in range(40))]
    np.testing.assert_allclose(graph.encode(texts), reference.encode(texts), atol=1e-5)
    assert np.array_equal(graph.encode(texts), np.concatenate([graph.encode([text]) for text in texts]))


def test_a_model_whose_packed_graph_disagrees_is_padded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cosines = iter([0.9, 0.9, 0.99995, 0.99999])
    monkeypatch.setattr("wherefrom.index.embedding.export.min_cosine", lambda *_: next(cosines))
    monkeypatch.setattr("wherefrom.index.embedding.export.precisions", lambda _: ["bf16", "f32"])
    assert export_model("tiny", folder, tmp_path / "home").layout == "padded"


def test_nothing_is_left_beside_an_export(home: Path) -> None:
    assert list(home.parent.glob("tmp-*")) == []


def test_a_model_that_puts_a_prompt_before_every_text_is_refused(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny", prompt="query: ")
    with pytest.raises(NotExportable, match="prompt"):
        export_model("tiny", folder, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_graph_that_disagrees_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.index.embedding.export.min_cosine", lambda *_: 0.98)
    with pytest.raises(NotExportable, match=r"does not agree with it: least cosine .* 0\.98"):
        export_model("tiny", folder, tmp_path / "home")


def test_a_folder_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotExportable, match=f"{tmp_path / 'file' / 'home'} cannot be written: Not a directory"):
        export_model("tiny", folder, tmp_path / "file" / "home")


def test_embedders_that_split_texts_otherwise_do_not_agree() -> None:
    class Longer(WordEmbedder):
        def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
            return super().embed_in_context([f"{text} more" for text in texts], contexts)

    assert min_cosine(WordEmbedder(), WordEmbedder()) == pytest.approx(1, abs=1e-6)
    assert min_cosine(WordEmbedder(), Longer()) == -1
