"""Candidates: what is kept of a small collection is what is gathered anew for a question."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import encode
from wherefrom.index.search.candidates import FEW
from wherefrom.index.search.snapshot import Snapshot

EMBEDDER = WordEmbedder()
QUERY = encode("Who repaired the bridge in Lisbon?", EMBEDDER)


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[Snapshot]:
    """A base, segments beside it, a document that is dead in it, and one that nearly repeats another."""
    with Library.open(tmp_path, embedder=EMBEDDER) as library:
        for name, seed in (("one", 1), ("two", 2), ("three", 3)):
            library.put(name, document(prose(seed, 4)))
        library.refresh()
        library.put("four", document(prose(4, 3)))
        nearly = prose(1, 4).replace(b"Tuesday", b"Wednesday")
        library.put("again", document(nearly))
        library.remove("two")
        with library.state() as state:
            yield state.pages.snapshot


def test_few_rows_are_kept_in_the_order_of_their_places(snapshot: Snapshot) -> None:
    assert snapshot.few is not None
    assert 0 < len(snapshot.few) == len(snapshot.everything) <= FEW
    assert len(snapshot.segments) > 1
    assert (np.diff(snapshot.places[snapshot.few.rows]) > 0).all()


def test_what_is_kept_is_to_the_last_bit_what_is_gathered_for_some_of_the_rows(snapshot: Snapshot) -> None:
    few = snapshot.few
    assert few is not None
    some = np.arange(0, len(few), 2)
    gathered = snapshot.candidates(few.rows[some])
    every, part = few.cosines(QUERY.vector), gathered.cosines(QUERY.vector)
    for kept, new in zip(every[:2], part[:2], strict=True):
        np.testing.assert_array_equal(kept[some], new)
    sentences = np.split(every[2], few.firsts[1:])
    np.testing.assert_array_equal(np.concatenate([sentences[at] for at in some]), part[2])
    np.testing.assert_array_equal(few.shares[some], gathered.shares)
    dimension = QUERY.asked.tokens.shape[1]
    backwards = np.arange(len(some))[::-1]
    kept_tokens, counts = few.tokens(some[::-1], dimension)
    new_tokens, new_counts = gathered.tokens(backwards, dimension)
    np.testing.assert_array_equal(kept_tokens, new_tokens)
    assert counts == new_counts


def test_rows_that_are_close_are_known_by_their_positions(snapshot: Snapshot) -> None:
    few = snapshot.few
    assert few is not None
    positions = np.arange(len(few))[::-1]
    kept, new = few.close(positions), snapshot.candidates(few.rows).close(positions)
    assert kept is not None
    assert new is not None
    assert kept.any()
    np.testing.assert_array_equal(kept, new)
    assert few.close(positions[:1]) is None


def test_a_larger_collection_keeps_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=EMBEDDER) as library:
        library.put("long", document(prose(5, FEW + 1)))
        with library.state() as state:
            assert state.pages.snapshot.few is None
