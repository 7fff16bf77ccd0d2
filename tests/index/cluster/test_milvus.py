"""The collections of Milvus: how they are made, and searches that wait at the same time."""

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.support.cluster import ClusterServers
from wherefrom.index.errors import EngineUnavailable

pytest.importorskip("pymilvus")

from pymilvus import MilvusClient

from wherefrom.index.cluster.milvus import UNKNOWN_TIME, Hit, Layout, Milvus

DIMENSION = 4


@pytest.fixture
def uri(cluster_servers: ClusterServers) -> str:
    return cluster_servers.milvus.uri


@pytest.fixture
def dense(uri: str) -> Iterator[Milvus]:
    milvus = Milvus(uri, Layout(has_terms=False))
    yield milvus
    milvus.close()


def row(number: int) -> dict[str, object]:
    vector = np.eye(DIMENSION, dtype=np.float32)[number % DIMENSION]
    columns = {"text_key": number, "version": number, "born": 1, "published": number, "keys": [number], "numbers": {}}
    return {"id": number, "vector": vector, "terms": {1: 0.5}, **columns}


def test_collections_have_as_many_shards_as_their_layout_says(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = []
    create = MilvusClient.create_collection

    def recording(client: MilvusClient, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - passed on
        shards.append(keywords["num_shards"])
        create(client, *arguments, **keywords)

    monkeypatch.setattr(MilvusClient, "create_collection", recording)
    for layout in (Layout(), Layout(shards=3)):
        milvus = Milvus(uri, layout)
        milvus.create("shards", DIMENSION)
        milvus.drop("shards")
        milvus.close()
    assert shards == [1, 1, 3, 3]


def test_a_server_without_sparse_vectors_is_searched_by_vectors_and_filters(dense: Milvus) -> None:
    dense.create("dense", DIMENSION)
    dense.put("dense", "paragraphs", [row(number) for number in range(8)])
    dense.put("dense", "paragraphs", [row(number) for number in range(4)])
    query = np.eye(DIMENSION, dtype=np.float32)[1]
    found = dense.nearest("dense", "paragraphs", query, limit=2, expression="published > 1")
    assert found[0] == Hit(5, 5, 1.0)
    assert dense.heaviest("dense", {1: 1.0}, limit=2, expression="born <= 1") == []
    dense.delete_versions("dense", [5, 6])
    assert dense.count("dense", "paragraphs", "born >= 0") == 6
    dense.drop("dense")
    assert not dense.has("dense")


def test_searches_wait_at_the_same_time_and_keep_their_order(dense: Milvus) -> None:
    together = threading.Barrier(3, timeout=30)

    def search(number: int) -> list[Hit]:
        together.wait()
        return [Hit(number, number, 1.0)]

    found = dense.at_once([lambda number=number: search(number) for number in range(3)])  # type: ignore[misc]
    assert [hits[0].row for hits in found] == [0, 1, 2]


@pytest.mark.parametrize("failing", [0, 1])
def test_a_search_that_fails_among_others_is_the_error_of_all(dense: Milvus, failing: int) -> None:
    def search(number: int) -> list[Hit]:
        if number == failing:
            raise EngineUnavailable("Milvus", "it does not answer")
        return []

    with pytest.raises(EngineUnavailable, match="it does not answer"):
        dense.at_once([lambda number=number: search(number) for number in range(2)])  # type: ignore[misc]


def test_no_thread_is_left_when_it_is_closed(uri: str) -> None:
    milvus = Milvus(uri)
    milvus.at_once([list, list, list])
    milvus.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("wherefrom-search")]


def test_a_search_waits_for_the_writes_it_names_or_for_all(dense: Milvus, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    search = MilvusClient.search

    def recording(client: MilvusClient, *arguments: Any, **keywords: Any) -> Any:  # noqa: ANN401 - passed on
        asked.append((keywords["consistency_level"], keywords.get("guarantee_timestamp")))
        return search(client, *arguments, **keywords)

    monkeypatch.setattr(MilvusClient, "search", recording)
    dense.create("times", DIMENSION)
    assert dense.put("times", "paragraphs", [row(1)]) == UNKNOWN_TIME, "Milvus Lite tells no time"
    query = np.eye(DIMENSION, dtype=np.float32)[1]
    named = dense.nearest("times", "paragraphs", query, limit=1, expression="born <= 1", written=7)
    unnamed = dense.nearest("times", "paragraphs", query, limit=1, expression="born <= 1")
    dense.drop("times")
    assert named == unnamed == [Hit(1, 1, 1.0)]
    assert asked == [("Customized", 7), ("Strong", None)]
