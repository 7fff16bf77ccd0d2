"""Inverted lists of vectors as 8-bit codes: what is in them, and what a search finds."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from wherefrom.index.arrays import Matrix, Rows
from wherefrom.index.segments.ivf_index import IvfIndex, write_shards

NO_ROWS: Rows = np.empty(0, dtype=np.int64)


def unit_vectors(rows: int, seed: int = 0, dimension: int = 32) -> Matrix:
    drawn = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    normalised: Matrix = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return normalised


def search_all(index: IvfIndex, query: Matrix, count: int, rows: int) -> Rows:
    """Return the nearest of all rows, probing all lists."""
    all_rows = faiss.IDSelectorBitmap(np.packbits(np.ones(rows, dtype=bool), bitorder="little"))  # type: ignore[call-arg,arg-type]
    return index.search(query, count, all_rows, index.nlist)[1]


def mean_recall(index: IvfIndex, vectors: Matrix) -> float:
    """Return the recall of the exact ten nearest among the first fifteen found, over twenty queries."""
    recalls = []
    for query in unit_vectors(20, seed=9):
        exact = np.argsort(-(vectors @ query))[:10]
        recalls.append(len(set(exact.tolist()) & set(search_all(index, query, 15, len(vectors)).tolist())) / 10)
    return float(np.mean(recalls))


def test_the_nearest_vectors_are_found_by_their_8_bit_codes() -> None:
    vectors = unit_vectors(3000)
    assert mean_recall(IvfIndex.in_memory(vectors, NO_ROWS), vectors) > 0.99


def test_a_component_larger_than_any_in_the_sample_does_not_overflow() -> None:
    vectors = unit_vectors(6000)
    vectors[1, :] = 0  # the sample has every other row, so not this one
    vectors[1, 3] = 1
    index = IvfIndex.in_memory(vectors, NO_ROWS)
    assert search_all(index, vectors[1], 1, len(vectors)).tolist() == [1]


def test_an_index_of_an_earlier_base_can_be_searched(tmp_path: Path) -> None:
    vectors = unit_vectors(3000)
    earlier: Any = faiss.index_factory(32, "IVF64,SQ8", faiss.METRIC_INNER_PRODUCT)
    earlier.train(vectors)
    earlier.add_with_ids(vectors, np.arange(3000))
    faiss.write_index(earlier, str(tmp_path / "near-0.faiss"))
    assert mean_recall(IvfIndex.load(tmp_path, vectors), vectors) > 0.99


def test_adjacent_rows_come_before_the_others_in_every_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.index.segments.ivf_index.SHARD_ROWS", 2000)
    write_shards(unit_vectors(3000), tmp_path, np.arange(0, 3000, 3))
    for path in tmp_path.iterdir():
        shard: Any = faiss.read_index(str(path))
        for number in range(shard.nlist):
            size = shard.invlists.list_size(number)
            rows = faiss.rev_swig_ptr(shard.invlists.get_ids(number), size)
            others = np.flatnonzero(rows % 3 != 0)
            assert (rows[: others.min(initial=size)] % 3 == 0).all()
            assert (rows[others.min(initial=size) :] % 3 != 0).all()
