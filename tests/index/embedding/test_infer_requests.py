"""Callers of one pool of infer requests share it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from wherefrom.index.embedding.infer_requests import RequestPool
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder


@pytest.fixture(scope="module")
def embedder() -> OpenVinoEmbedder:
    loaded = load_embedder()
    assert isinstance(loaded, OpenVinoEmbedder)
    return loaded


def test_a_caller_with_many_batches_leaves_requests_to_one_with_a_single_batch(embedder: OpenVinoEmbedder) -> None:
    pool = embedder._runner_for_batches
    assert isinstance(pool, RequestPool)
    batch = embedder._inputs(embedder.tokenizer.encode(["The harbour was closed on Tuesday."]))
    many = pool.run(batch for _ in range(1_000))
    next(many)  # holds every request now
    assert pool._free.empty()
    with ThreadPoolExecutor(1) as threads:
        single = threads.submit(lambda: [vectors.shape for _, vectors in pool.run([batch])])
        while not pool._callers_without:
            pass
        next(many)  # gives one back
        assert single.result(timeout=30) == [(1, embedder.identity.dimension)]
    assert sum(1 for _ in many) == 998
