"""The real model: the packaged default, unit vectors, and clear errors for what is no model."""

import json
from pathlib import Path

import numpy as np
import pytest

from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, file_hashes, model_folder, weights_sha256
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import ModelUnavailable

PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


def test_the_default_model_is_the_published_one(embedder: Embedder) -> None:
    assert (embedder.identity.name, embedder.identity.sha256) == (DEFAULT_MODEL, PUBLISHED_SHA256)
    assert embedder.identity.dimension == 384
    assert {"config.json", "tokenizer.json"} <= set(embedder.identity.files)


def test_vectors_are_float32_of_unit_length(embedder: Embedder) -> None:
    vectors = embedder.encode(["A radar.", "", "Ein sehr langer Text. " * 300])
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, 384)


def test_texts_that_mean_the_same_are_near(embedder: Embedder) -> None:
    same, other, asked = embedder.encode(
        ["He bought a car.", "The cake is in the oven.", "He purchased an automobile."]
    )
    assert asked @ same > 0.7 > asked @ other


def test_a_folder_that_holds_no_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no weights"):
        load_embedder(str(tmp_path))


def test_a_folder_with_weights_that_are_none_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        load_embedder(str(tmp_path))


def test_a_name_that_cannot_be_fetched_is_refused_by_name() -> None:
    with pytest.raises(ModelUnavailable, match="nobody/no-such-model"):
        load_embedder("nobody/no-such-model")


def test_a_model_in_another_folder_is_the_same_model(embedder: Embedder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "moved"
    elsewhere.symlink_to(model_folder(DEFAULT_MODEL))
    moved = load_embedder(str(elsewhere)).identity
    assert (moved.sha256, moved.files) == (embedder.identity.sha256, embedder.identity.files)


def test_files_that_say_nothing_of_the_vectors_are_not_part_of_the_model(tmp_path: Path) -> None:
    for name in ("vocab.txt", "README.md", ".gitattributes", ".cache/lock", "1_Pooling/config.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(file_hashes(tmp_path)) == ["1_Pooling/config.json", "vocab.txt"]


def test_several_weights_files_have_one_hash_that_depends_on_each() -> None:
    one = weights_sha256({"a.safetensors": "1", "b.safetensors": "2", "config.json": "3"})
    assert one == weights_sha256({"b.safetensors": "2", "a.safetensors": "1"})
    assert one != weights_sha256({"a.safetensors": "1", "b.safetensors": "4"})


def test_a_text_without_context_has_the_vector_that_encode_gives_it(embedder: Embedder) -> None:
    texts = ["A radar.", "He said that it was a purely defensive measure."]
    readings = embedder.embed_in_context(texts, ["", ""])
    np.testing.assert_allclose([reading.vector for reading in readings], embedder.encode(texts), atol=1e-5)


def test_tokens_are_the_texts_own_and_its_context_changes_what_they_mean(embedder: Embedder) -> None:
    alone, after, long = embedder.embed_in_context(
        ["He refused."] * 3, ["", "Wang Yi met the press.", "Wang Yi met the press. " * 200]
    )
    assert alone.tokens.shape == after.tokens.shape == long.tokens.shape == (3, 384)
    assert (alone.tokens[0] @ after.tokens[0]) < 0.95
    np.testing.assert_allclose(np.linalg.norm(long.tokens, axis=1), 1, atol=1e-5)


def test_a_text_that_fills_the_model_is_read_without_its_context(embedder: Embedder) -> None:
    (reading,) = embedder.embed_in_context(["radar " * 400], ["before"])
    assert 200 < len(reading.tokens) < 256
    (empty,) = embedder.embed_in_context([""], ["before"])
    assert len(empty.tokens) == 0
