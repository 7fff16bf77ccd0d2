"""Candidates: cached ones of a small collection equal those gathered for one question."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.answering.searcher import Searcher
from wherefrom.index.embedded import EmbeddedState
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import encode
from wherefrom.index.search.candidates import MAX_CACHED_ROWS
from wherefrom.index.search.snapshot import Snapshot

EMBEDDER = WordEmbedder()
QUERY = encode("Who repaired the bridge in Lisbon?", EMBEDDER)


def snapshot_of(searcher: Searcher) -> Snapshot:
    state = searcher.state
    assert isinstance(state, EmbeddedState)
    return state.snapshot


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[Snapshot]:
    """A base, delta segments, a dead document in the base, and a near-duplicate of another."""
    with Library.open(tmp_path, embedder=EMBEDDER) as library:
        for name, seed in (("one", 1), ("two", 2), ("three", 3)):
            library.put(name, document(prose(seed, 4)))
        library.refresh()
        library.put("four", document(prose(4, 3)))
        nearly = prose(1, 4).replace(b"Tuesday", b"Wednesday")
        library.put("again", document(nearly))
        library.remove("two")
        with library.searcher() as searcher:
            yield snapshot_of(searcher)


def test_few_rows_are_cached_in_the_order_of_their_sort_keys(snapshot: Snapshot) -> None:
    assert snapshot.all_candidates is not None
    assert 0 < len(snapshot.all_candidates) == len(snapshot.searchable) <= MAX_CACHED_ROWS
    assert len(snapshot.segments) > 1
    assert (np.diff(snapshot.sort_keys[snapshot.all_candidates.rows]) > 0).all()


def test_cached_candidates_equal_candidates_of_some_of_the_rows_bit_for_bit(snapshot: Snapshot) -> None:
    cached = snapshot.all_candidates
    assert cached is not None
    some = np.arange(0, len(cached), 2)
    gathered = snapshot.candidates(cached.rows[some])
    every, part = cached.cosines(QUERY.vector), gathered.cosines(QUERY.vector)
    for of_all, new in zip(every[:2], part[:2], strict=True):
        np.testing.assert_array_equal(of_all[some], new)
    sentences = np.split(every[2], cached.sentence_starts[1:])
    np.testing.assert_array_equal(np.concatenate([sentences[at] for at in some]), part[2])
    np.testing.assert_array_equal(cached.context_shares[some], gathered.context_shares)
    dimension = QUERY.tokens.tokens.shape[1]
    backwards = np.arange(len(some))[::-1]
    cached_tokens, counts = cached.tokens(some[::-1], dimension)
    new_tokens, new_counts = gathered.tokens(backwards, dimension)
    np.testing.assert_array_equal(cached_tokens, new_tokens)
    assert counts == new_counts


def test_close_pairs_are_indexed_by_position(snapshot: Snapshot) -> None:
    cached = snapshot.all_candidates
    assert cached is not None
    positions = np.arange(len(cached))[::-1]
    close, new = cached.close_pairs(positions), snapshot.candidates(cached.rows).close_pairs(positions)
    assert close is not None
    assert new is not None
    assert close.any()
    np.testing.assert_array_equal(close, new)
    assert cached.close_pairs(positions[:1]) is None


def test_cosines_with_a_paragraph_are_the_same_cached_or_not(snapshot: Snapshot) -> None:
    cached = snapshot.all_candidates
    assert cached is not None
    positions = np.arange(len(cached))[::-1]
    cosines = cached.cosines_with(3, positions)
    np.testing.assert_array_equal(cosines, snapshot.candidates(cached.rows).cosines_with(3, positions))
    assert cosines[positions.tolist().index(3)] == pytest.approx(1)
    assert cosines == pytest.approx(snapshot.vectors(cached.rows[positions]) @ snapshot.vectors(cached.rows[[3]])[0])


def test_candidates_of_a_larger_collection_are_not_cached(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=EMBEDDER) as library:
        library.put("long", document(prose(5, MAX_CACHED_ROWS + 1)))
        with library.searcher() as searcher:
            assert snapshot_of(searcher).all_candidates is None
