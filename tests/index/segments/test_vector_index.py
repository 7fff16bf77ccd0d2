"""FAISS behind one convention: rows of unit vectors, a cosine per row, higher is better."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wherefrom.index.arrays import Mask, Matrix, Rows
from wherefrom.index.segments.vector_index import Selection, VectorIndex, cosines, nprobe


def unit_vectors(rows: int, seed: int = 0, dimension: int = 16) -> Matrix:
    drawn = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    normalised: Matrix = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return normalised


def find(index: VectorIndex, query: Matrix, count: int, allowed: Mask | None = None) -> Rows:
    """Return the rows nearest to the query, best first."""
    mask = np.ones(len(index), dtype=bool) if allowed is None else allowed
    rows, cosines = index.nearest(query, count, Selection.of(mask))
    best: Rows = rows[np.argsort(-cosines, kind="stable")][:count]
    return best


@pytest.fixture
def ivf(monkeypatch: pytest.MonkeyPatch) -> VectorIndex:
    """An index with more rows than a flat one may have."""
    monkeypatch.setattr("wherefrom.index.segments.vector_index.MAX_FLAT_ROWS", 1000)
    monkeypatch.setattr("wherefrom.index.segments.vector_index.MAX_EXHAUSTIVE_ROWS", 200)
    return VectorIndex.build(unit_vectors(5000))


@given(rows=st.integers(1, 60), count=st.integers(1, 80), seed=st.integers(0, 1000))
def test_the_nearest_rows_are_those_with_the_highest_cosines(rows: int, count: int, seed: int) -> None:
    vectors = unit_vectors(rows, seed)
    query = unit_vectors(1, seed + 1)[0]
    found = find(VectorIndex.build(vectors), query, count)
    cosines = vectors @ query
    assert len(found) == min(rows, count)
    np.testing.assert_allclose(cosines[found], np.sort(cosines)[::-1][: len(found)], atol=1e-6)


def test_every_row_that_ties_with_the_last_one_wanted_is_found() -> None:
    vectors = np.repeat(unit_vectors(2), [300, 5], axis=0)
    rows, _ = VectorIndex.build(vectors).nearest(vectors[0], 10, Selection.of(np.ones(305, dtype=bool)))
    assert set(rows.tolist()) >= set(range(300))


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1000), count=st.integers(1, 60))
def test_a_quantized_flat_index_still_finds_all_of_the_nearest_rows(seed: int, count: int) -> None:
    drawn = unit_vectors(300, seed)
    close = drawn[:30].repeat(5, axis=0) + 1e-4 * unit_vectors(150, seed + 1)
    vectors = np.concatenate([drawn, close / np.linalg.norm(close, axis=1, keepdims=True)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wherefrom.index.segments.flat_index.MAX_UNQUANTIZED_ROWS", 100)
        index = VectorIndex.build(vectors)
    query = unit_vectors(1, seed + 2)[0]
    rows, scores = index.nearest(query, count, Selection.of(np.ones(len(vectors), dtype=bool)))
    exact = cosines(vectors, query)
    np.testing.assert_array_equal(scores, exact[rows])
    assert set(rows.tolist()) >= set(np.flatnonzero(exact >= np.sort(exact)[-count]).tolist())


def test_only_selected_rows_are_found_and_a_short_result_is_not_padded() -> None:
    allowed = np.zeros(20, dtype=bool)
    allowed[[3, 17]] = True
    found = find(VectorIndex.build(unit_vectors(20)), unit_vectors(1, 5)[0], 10, allowed)
    assert sorted(found.tolist()) == [3, 17]


def test_an_empty_index_finds_nothing() -> None:
    empty = VectorIndex.build(np.empty((0, 16), dtype=np.float32))
    assert len(empty) == 0
    assert find(empty, unit_vectors(1)[0], 5).tolist() == []


def test_a_score_does_not_depend_on_the_other_rows_bit_for_bit() -> None:
    vectors = unit_vectors(3000, dimension=384)
    query = unit_vectors(1, 4, dimension=384)[0]
    all_scores = VectorIndex.build(vectors).scores(query, np.arange(3000))
    np.testing.assert_allclose(all_scores, vectors @ query, atol=1e-6)
    generator = np.random.default_rng(5)
    for count in (1, 2, 3, 7, 8, 100, 257):
        rows = generator.integers(0, 3000, count)
        index = VectorIndex.build(vectors[generator.permutation(3000)[:count]])
        np.testing.assert_array_equal(VectorIndex.build(vectors).scores(query, rows), all_scores[rows])
        np.testing.assert_array_equal(index.scores(query, np.arange(count)), cosines(index.vectors, query))


def test_an_ivf_index_finds_most_of_the_nearest_rows_with_exact_scores(ivf: VectorIndex) -> None:
    found = 0
    for seed in range(20):
        query = unit_vectors(1, seed + 50)[0]
        exact = np.argsort(-(ivf.vectors @ query))[:10]
        rows, scores = ivf.nearest(query, 10, Selection.of(np.ones(5000, dtype=bool)))
        np.testing.assert_array_equal(scores, cosines(ivf.vectors[rows], query))
        found += len(set(exact.tolist()) & set(rows.tolist()))
    assert found >= 190  # of 200


def test_an_ivf_index_scores_all_of_a_narrow_selection_and_fills_a_wide_one(ivf: VectorIndex) -> None:
    query = unit_vectors(1, 5)[0]
    narrow, wide = np.zeros(5000, dtype=bool), np.arange(5000) % 4 == 1
    narrow[::30] = True
    found = find(ivf, query, 10, narrow)
    assert found.tolist() == (np.argsort(-(ivf.vectors[::30] @ query))[:10] * 30).tolist()
    assert (find(ivf, query, 100, wide) % 4 == 1).sum() == 100


def test_an_ivf_index_finds_the_same_in_memory_and_in_shards_on_disk(
    ivf: VectorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wherefrom.index.segments.ivf_index.SHARD_ROWS", 1200)
    (tmp_path / "written").mkdir()
    written = VectorIndex.build(ivf.vectors, tmp_path / "written")
    (tmp_path / "written").rename(tmp_path / "moved")
    loaded = VectorIndex.load(ivf.vectors, tmp_path / "moved")
    for seed in range(5):
        query = unit_vectors(1, seed)[0]
        expected = find(ivf, query, 20)
        np.testing.assert_array_equal(find(written, query, 20), expected)
        np.testing.assert_array_equal(find(loaded, query, 20), expected)
    assert sorted(path.name for path in (tmp_path / "moved").iterdir()) == [f"near-{at}.faiss" for at in range(5)]


def test_an_index_of_other_vectors_is_refused(ivf: VectorIndex, tmp_path: Path) -> None:
    VectorIndex.build(ivf.vectors, tmp_path)
    with pytest.raises(RuntimeError, match="no inner-product index of 4000 vectors"):
        VectorIndex.load(ivf.vectors[:4000], tmp_path)


def test_the_share_of_probed_lists_grows_as_the_lists_or_the_selected_rows_get_fewer() -> None:
    assert [nprobe(lists, 1.0) for lists in (512, 1024, 2048, 4096)] == [256, 181, 128, 128]
    assert 128 < nprobe(2048, 0.5) < nprobe(2048, 0.1) < nprobe(2048, 0.01) == nprobe(2048, 0.001) < 2048


def test_the_share_of_a_selection_is_of_the_rows_of_its_kind() -> None:
    mask = np.arange(100) % 10 == 0
    assert (Selection.of(mask).share, Selection.of(mask, 20).share) == (0.1, 0.5)
