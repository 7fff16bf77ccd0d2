"""How often a question goes to Milvus and to PostgreSQL: not once for each word, each candidate or each passage."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index.conformance.conftest import plain
from tests.support.cluster import ClusterServers
from tests.support.documents import articles
from tests.support.library_samples import QUESTION, WordEmbedder
from tests.support.paths import SEEDS
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import encode
from wherefrom.index.ranking.ranker import rank
from wherefrom.index.search.first_stage import DEPTH
from wherefrom.index.types import Filters

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from wherefrom.eval.measurement.engine_calls import WatchedCalls, watched_calls
from wherefrom.index.cluster.engine import ClusterEngine

KNOWN = 3
"""Statements of a question whose answer needs nothing that is not cached: begin, what is served, end."""


@pytest.fixture(scope="module")
def seeds(cluster_servers: ClusterServers) -> Iterator[Library]:
    with library_on(opened(cluster_servers)) as library:
        ingest(library, [SEEDS])
        library.refresh()
        yield library


@pytest.fixture(scope="module")
def engine(cluster_servers: ClusterServers) -> ClusterEngine:
    """Return the engine of `larger`."""
    return opened(cluster_servers)


@pytest.fixture(scope="module")
def larger(engine: ClusterEngine) -> Iterator[Library]:
    """Yield more paragraphs than one search contributes."""
    with library_on(engine) as library:
        library.put_batch(list(articles(60)))
        library.refresh()
        yield library


@pytest.fixture
def calls() -> Iterator[WatchedCalls]:
    with watched_calls() as watched:
        yield watched


def opened(servers: ClusterServers) -> ClusterEngine:
    return ClusterEngine.open(servers.postgres.new_database(), servers.milvus.uri, WordEmbedder())


def library_on(engine: ClusterEngine) -> Library:
    return Library.on_engine(engine, WordEmbedder(), data=Path(), threshold=0.0)


def numbers(calls: WatchedCalls) -> tuple[int, int]:
    milvus, postgres = calls.take()
    return milvus.number, postgres.number


def test_a_collection_of_which_all_is_candidates_is_searched_once(seeds: Library, calls: WatchedCalls) -> None:
    seeds.rank(QUESTION, top_k=10)
    assert numbers(calls)[0] == 1


def test_a_larger_one_is_searched_by_paragraph_by_sentence_and_by_term(larger: Library, calls: WatchedCalls) -> None:
    larger.rank("who repaired the bridge?", top_k=10)
    assert numbers(calls)[0] == 3


def test_what_a_question_has_read_is_not_read_again(seeds: Library, larger: Library, calls: WatchedCalls) -> None:
    for library, question in ((seeds, QUESTION), (larger, "who repaired the telescope in the valley?")):
        first = library.ask(question)
        calls.take()
        assert library.ask(question).passages == first.passages
        assert numbers(calls)[1] == KNOWN


def test_a_question_with_many_words_makes_as_many_calls_as_one_with_few(
    engine: ClusterEngine, larger: Library, calls: WatchedCalls
) -> None:
    counts = []
    assert larger.info().passages > DEPTH
    for question in (
        "the harbour",
        "a farmer painted the orchard, and an engineer measured the railway near the border",
    ):
        query = encode(question, WordEmbedder())
        calls.take()
        with engine.state() as state:
            rank(state.scope(Filters()), query.in_collection(state))
        counts.append(numbers(calls))
    assert counts[1] <= counts[0]


def test_a_further_passage_costs_no_call_once_it_is_cited(larger: Library, calls: WatchedCalls) -> None:
    counts = []
    for top_k in (2, 40):
        for _ in range(2):
            calls.take()
            larger.ask("what was announced on the island?", top_k=top_k)
        counts.append(numbers(calls))
    assert counts[0] == counts[1]


def test_copies_of_a_text_are_found_although_they_take_one_row(larger: Library) -> None:
    text = "The lighthouse of Eastport was lit again on Friday after a long winter."
    for document_id in ("copy-a", "copy-b", "copy-c"):
        larger.put(document_id, plain(document_id, text))
    larger.refresh()
    for _ in range(2):
        (passage,) = larger.ask("when was the lighthouse lit again?", top_k=1).passages
        assert passage.citation.document_id == "copy-a"
        assert [also.document_id for also in passage.also_in] == ["copy-b", "copy-c"]
    filters = Filters(document_id=("copy-b", "copy-c"))
    (passage,) = larger.ask("when was the lighthouse lit again?", top_k=1, filters=filters).passages
    assert (passage.citation.document_id, [also.document_id for also in passage.also_in]) == ("copy-b", ["copy-c"])
    larger.remove("copy-a")
    larger.refresh()
    (passage,) = larger.ask("when was the lighthouse lit again?", top_k=1).passages
    assert (passage.citation.document_id, [also.document_id for also in passage.also_in]) == ("copy-b", ["copy-c"])
