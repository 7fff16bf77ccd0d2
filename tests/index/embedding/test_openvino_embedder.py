"""The default model as it is served, compared with the reference that it was exported from."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.support.library_samples import QUESTION
from tests.support.paths import SEEDS
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.openvino_embedder import COMPILE_AFTER, COMPILE_THREAD_NAME, OpenVinoEmbedder
from wherefrom.index.embedding.protocol import Embedder, TextEmbedding

LINES = [line for file in sorted(SEEDS.glob("*.txt")) for line in file.read_text(encoding="utf-8").splitlines()][:120]
TEXTS = ["", "Who?", QUESTION, "An Émigré's RADAR, in 中国 — “quoted”.", "  \t ", "radar " * 400, *LINES]


@pytest.fixture(scope="module")
def exported() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="module")
def reference() -> Embedder:
    return load_embedder(implementation="reference")


def same(one: TextEmbedding, other: TextEmbedding) -> bool:
    return np.array_equal(one.vector, other.vector) and np.array_equal(one.tokens, other.tokens)


def test_the_default_model_is_served_from_its_graph(exported: Embedder) -> None:
    assert isinstance(exported, OpenVinoEmbedder)


def test_both_embedders_have_the_same_identity_so_that_each_opens_the_others_index(
    exported: Embedder, reference: Embedder
) -> None:
    assert exported.identity == reference.identity


def test_text_vectors_are_those_of_the_reference(exported: Embedder, reference: Embedder) -> None:
    cosines = (exported.encode(TEXTS) * reference.encode(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.9999


def test_token_vectors_are_those_of_the_reference(exported: Embedder, reference: Embedder) -> None:
    contexts = ["", *TEXTS[:-1]]
    for ours, theirs in zip(
        exported.embed_in_context(TEXTS, contexts), reference.embed_in_context(TEXTS, contexts), strict=True
    ):
        assert ours.tokens.shape == theirs.tokens.shape
        assert (ours.tokens * theirs.tokens).sum(axis=1).min(initial=1) >= 0.9999


def test_a_text_vector_does_not_depend_on_the_other_texts_bit_for_bit(exported: Embedder) -> None:
    together = exported.encode(TEXTS)
    backwards = exported.encode(TEXTS[::-1])[::-1]
    alone = np.concatenate([exported.encode([text]) for text in TEXTS])
    assert np.array_equal(together, alone)
    assert np.array_equal(together, backwards)


def test_token_vectors_do_not_depend_on_the_other_texts_bit_for_bit(exported: Embedder) -> None:
    contexts = ["", *TEXTS[:-1]]
    together = exported.embed_in_context(TEXTS, contexts)
    alone = [exported.embed_in_context([text], [context])[0] for text, context in zip(TEXTS, contexts, strict=True)]
    assert all(map(same, together, alone))


def test_concurrent_threads_get_their_own_vectors(exported: Embedder) -> None:
    expected = exported.encode(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda text: exported.encode([text])[0], TEXTS))
    assert np.array_equal(rows, expected)


def test_no_texts_give_no_vectors_and_no_embeddings(exported: Embedder) -> None:
    assert exported.encode([]).shape == (0, 384)
    assert exported.embed_in_context([], []) == []


def test_vectors_are_float32_and_later_calls_do_not_overwrite_them(exported: Embedder) -> None:
    (before,) = exported.embed_in_context([QUESTION], [""])
    copied = before.tokens.copy()
    exported.embed_in_context(["another question"], [""])
    assert before.tokens.dtype == before.vector.dtype == np.float32
    assert np.array_equal(before.tokens, copied)


def test_the_models_folder_can_be_anywhere(tmp_path: Path, exported: Embedder) -> None:
    assert isinstance(exported, OpenVinoEmbedder)
    (tmp_path / exported.folder.name).symlink_to(exported.folder.resolve())
    assert np.array_equal(load_embedder(models=tmp_path).encode([QUESTION]), exported.encode([QUESTION]))


def test_short_texts_keep_their_vectors_bit_for_bit_when_a_static_graph_is_compiled() -> None:
    embedder = load_embedder()
    before = embedder.embed_in_context([QUESTION], [""])[0]
    for _ in range(COMPILE_AFTER):
        embedder.encode([QUESTION])
    for thread in threading.enumerate():
        if thread.name.startswith(COMPILE_THREAD_NAME):
            thread.join()
    assert same(embedder.embed_in_context([QUESTION], [""])[0], before)
    together = embedder.encode(TEXTS)
    assert all(np.array_equal(embedder.encode([text])[0], row) for text, row in zip(TEXTS, together, strict=True))
