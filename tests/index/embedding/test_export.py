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
def exported(folder: Path) -> Path:
    destination = folder.with_name("exported")
    export_model("tiny", folder, destination)
    return destination


@pytest.fixture(scope="module")
def padded(folder: Path) -> Path:
    """The export of a model that is not a BERT encoder."""
    destination = folder.with_name("padded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PackedBert, "supports", lambda _: False)
        export_model("tiny", folder, destination)
    return destination


@pytest.mark.parametrize("layout", ["packed", "padded"])
def test_a_model_with_other_pooling_and_more_modules_is_exported_whole(
    layout: str, exported: Path, padded: Path, reference: SentenceTransformerEmbedder
) -> None:
    export_folder = exported if layout == "packed" else padded
    manifest = load_manifest(export_folder)
    assert isinstance(manifest, ExportManifest)
    assert manifest.layout == layout
    graph = OpenVinoEmbedder(export_folder, manifest, reference.identity, "f32")
    assert min_cosine(reference, graph) > 0.9999
    texts = ["abc", "x " * 60, *("y " * length for length in range(40))]
    np.testing.assert_allclose(graph.encode(texts), reference.encode(texts), atol=1e-5)
    assert np.array_equal(graph.encode(texts), np.concatenate([graph.encode([text]) for text in texts]))


def test_a_model_whose_packed_graph_disagrees_is_exported_padded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cosines = iter([0.9, 0.9, 0.99995, 0.99999])
    monkeypatch.setattr("wherefrom.index.embedding.export.min_cosine", lambda *_: next(cosines))
    monkeypatch.setattr("wherefrom.index.embedding.export.supported_precisions", lambda _: ["bf16", "f32"])
    assert export_model("tiny", folder, tmp_path / "exported").layout == "padded"


def test_an_export_leaves_no_temporary_folder(exported: Path) -> None:
    assert list(exported.parent.glob("tmp-*")) == []


def test_a_model_that_puts_a_prompt_before_every_text_is_refused(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny", prompt="query: ")
    with pytest.raises(NotExportable, match="prompt"):
        export_model("tiny", folder, tmp_path / "exported")
    assert not (tmp_path / "exported").exists()


def test_a_graph_that_disagrees_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.index.embedding.export.min_cosine", lambda *_: 0.98)
    with pytest.raises(NotExportable, match=r"does not agree with it: minimum cosine .* 0\.98"):
        export_model("tiny", folder, tmp_path / "exported")


def test_the_error_names_a_folder_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotExportable, match=f"{tmp_path / 'file' / 'exported'} cannot be written: Not a directory"):
        export_model("tiny", folder, tmp_path / "file" / "exported")


def test_embedders_that_split_texts_differently_have_the_minimum_cosine_minus_1() -> None:
    class LongerTexts(WordEmbedder):
        def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
            return super().embed_in_context([f"{text} more" for text in texts], contexts)

    assert min_cosine(WordEmbedder(), WordEmbedder()) == pytest.approx(1, abs=1e-6)
    assert min_cosine(WordEmbedder(), LongerTexts()) == -1
