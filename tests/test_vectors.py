"""FAISS behind one convention: rows of unit vectors, a cosine a row, higher is better."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedder import Matrix
from index.vectors import VectorIndex


def unit_vectors(rows: int, seed: int = 0, dimension: int = 16) -> Matrix:
    drawn = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    normalised: Matrix = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return normalised


@given(rows=st.integers(1, 60), count=st.integers(1, 80), seed=st.integers(0, 1000))
def test_the_nearest_rows_are_those_with_the_highest_cosines(rows: int, count: int, seed: int) -> None:
    vectors = unit_vectors(rows, seed)
    query = unit_vectors(1, seed + 1)[0]
    found = VectorIndex.build(vectors).nearest(query, count)
    cosines = vectors @ query
    assert len(found) == min(rows, count)
    np.testing.assert_allclose(cosines[found], np.sort(cosines)[::-1][: len(found)], atol=1e-6)


def test_only_allowed_rows_are_found_and_none_is_made_up_where_few_are() -> None:
    allowed = np.zeros(20, dtype=bool)
    allowed[[3, 17]] = True
    found = VectorIndex.build(unit_vectors(20)).nearest(unit_vectors(1, 5)[0], 10, allowed)
    assert sorted(found.tolist()) == [3, 17]


def test_no_rows_find_nothing() -> None:
    empty = VectorIndex.build(np.empty((0, 16), dtype=np.float32))
    assert len(empty) == 0
    assert empty.nearest(unit_vectors(1)[0], 5).tolist() == []


def test_scores_are_cosines_of_the_rows_asked_for() -> None:
    vectors = unit_vectors(9)
    query = unit_vectors(1, 4)[0]
    rows = np.array([7, 0, 7])
    np.testing.assert_allclose(VectorIndex.build(vectors).scores(query, rows), vectors[rows] @ query, atol=1e-6)


def test_a_saved_index_is_the_same_when_loaded(tmp_path: Path) -> None:
    built = VectorIndex.build(unit_vectors(12))
    built.save(tmp_path / "rows.faiss")
    loaded = VectorIndex.load(tmp_path / "rows.faiss")
    np.testing.assert_array_equal(loaded.vectors, built.vectors)


def test_a_file_of_another_metric_is_refused(tmp_path: Path) -> None:
    import faiss  # noqa: PLC0415

    faiss.write_index(faiss.IndexFlatL2(16), str(tmp_path / "rows.faiss"))
    with pytest.raises(RuntimeError, match="inner-product"):
        VectorIndex.load(tmp_path / "rows.faiss")
