"""The real model: the packaged default, unit vectors, and clear errors for folders that hold no model."""

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


def test_texts_with_the_same_meaning_have_similar_vectors(embedder: Embedder) -> None:
    same, other, query = embedder.encode(
        ["He bought a car.", "The cake is in the oven.", "He purchased an automobile."]
    )
    assert query @ same > 0.7 > query @ other


def test_the_error_names_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no weights"):
        load_embedder(str(tmp_path))


def test_the_error_names_a_folder_with_invalid_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        load_embedder(str(tmp_path))


def test_the_error_names_a_model_that_cannot_be_fetched() -> None:
    with pytest.raises(ModelUnavailable, match="nobody/no-such-model"):
        load_embedder("nobody/no-such-model")


def test_a_model_in_another_folder_is_the_same_model(embedder: Embedder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "moved"
    elsewhere.symlink_to(model_folder(DEFAULT_MODEL))
    moved = load_embedder(str(elsewhere)).identity
    assert (moved.sha256, moved.files) == (embedder.identity.sha256, embedder.identity.files)


def test_files_that_do_not_change_the_vectors_are_not_hashed(tmp_path: Path) -> None:
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
    embeddings = embedder.embed_in_context(texts, ["", ""])
    np.testing.assert_allclose([embedding.vector for embedding in embeddings], embedder.encode(texts), atol=1e-5)


def test_tokens_are_those_of_the_text_alone_and_depend_on_its_context(embedder: Embedder) -> None:
    alone, after, long = embedder.embed_in_context(
        ["He refused."] * 3, ["", "Wang Yi met the press.", "Wang Yi met the press. " * 200]
    )
    assert alone.tokens.shape == after.tokens.shape == long.tokens.shape == (3, 384)
    assert (alone.tokens[0] @ after.tokens[0]) < 0.95
    np.testing.assert_allclose(np.linalg.norm(long.tokens, axis=1), 1, atol=1e-5)


def test_a_text_that_reaches_the_models_limit_is_embedded_without_its_context(embedder: Embedder) -> None:
    (embedding,) = embedder.embed_in_context(["radar " * 400], ["before"])
    assert 200 < len(embedding.tokens) < 256
    (empty,) = embedder.embed_in_context([""], ["before"])
    assert len(empty.tokens) == 0
