"""Ranking: the candidates of three searches, higher is better in every score, ties by a stable key."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import articles
from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import encode
from wherefrom.index.ranking.ranker import SECOND_STAGE_DEPTH, rank
from wherefrom.index.scoring.late_interaction import MATCH_COSINE
from wherefrom.index.search.first_stage import DEPTH, SnapshotScope
from wherefrom.index.search.snapshot import Snapshot
from wherefrom.index.search.snapshot_refresher import SnapshotRefresher
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection

EMBEDDER = WordEmbedder()
QUERY = encode("Who repaired the bridge in Lisbon?", EMBEDDER)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    data: Path = tmp_path_factory.mktemp("data")
    with Library.open(data, embedder=EMBEDDER) as library:
        library.put_many(articles(60))
    opened = Catalog(Connection(data / CATALOG))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def snapshot(catalog: Catalog) -> Snapshot:
    found = SnapshotRefresher(catalog.connection.path.parent, EMBEDDER.identity, CLEANER_VERSION).at(catalog)
    assert found is not None
    return found


def everything(snapshot: Snapshot) -> SnapshotScope:
    return SnapshotScope(snapshot=snapshot, allowed=None, warnings=())


def test_rows_are_ordered_by_document_and_paragraph(snapshot: Snapshot) -> None:
    keys = [(snapshot.document_id(row), snapshot.number(row)) for row in range(len(snapshot))]
    assert keys == sorted(keys)
    assert len(keys) > DEPTH


def test_candidates_hold_the_best_of_each_search(snapshot: Snapshot) -> None:
    lexical = snapshot.bm25.scores(QUERY.terms)
    found = everything(snapshot).candidates(QUERY.vector, lexical).rows
    dense, sentences, _ = snapshot.candidates(np.arange(len(snapshot), dtype=np.int64)).cosines(QUERY.vector)
    assert found.tolist() == sorted(set(found.tolist()))
    for scores in (lexical, dense, sentences):
        assert int(scores.argmax()) in found
    assert (np.sort(dense)[::-1][:DEPTH] >= dense[found].min()).all()


def test_the_ranking_is_by_fused_score_and_its_head_has_late_interaction(snapshot: Snapshot) -> None:
    ranking = rank(everything(snapshot), QUERY)
    assert (np.diff(ranking.fused[ranking.order]) <= 0).all()
    shortfall = ranking.shortfall[ranking.order]
    assert (shortfall[:SECOND_STAGE_DEPTH] < MATCH_COSINE).all()
    assert len(ranking) > SECOND_STAGE_DEPTH
    assert (shortfall[SECOND_STAGE_DEPTH:] == MATCH_COSINE).all()


@pytest.mark.parametrize("order", ["lexical", "dense"])
def test_a_baseline_is_ordered_by_its_own_score(snapshot: Snapshot, order: str) -> None:
    ranking = rank(everything(snapshot), QUERY, order=order)  # type: ignore[arg-type]
    assert (np.diff(getattr(ranking, order)[ranking.order]) <= 0).all()


def test_a_mask_leaves_only_what_it_allows_and_reaches_as_deep_as_it_must(snapshot: Snapshot) -> None:
    allowed = snapshot.document_rows % 7 == 3
    ranking = rank(SnapshotScope(snapshot=snapshot, allowed=allowed, warnings=()), QUERY)
    assert sorted(ranking.rows.tolist()) == np.flatnonzero(allowed).tolist()


def test_the_paragraph_before_is_of_the_same_document_or_the_row_itself(snapshot: Snapshot) -> None:
    rows = np.arange(len(snapshot), dtype=np.int64)
    before = snapshot.preceding(rows)
    first = snapshot.numbers[rows] == 1
    np.testing.assert_array_equal(before[first], rows[first])
    np.testing.assert_array_equal(before[~first], rows[~first] - 1)
    assert not first.all()


def test_an_empty_collection_ranks_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=EMBEDDER) as library:
        assert library.rank("anything", top_k=10) == ()
