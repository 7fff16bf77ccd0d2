"""The study of a Milvus without sparse vectors compares everything with Python, and notices what is wrong."""

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from tests.support.cluster import ClusterServers
from wherefrom.eval.studies.milvus.made_collection import Ledger, Maker, NoModel
from wherefrom.eval.studies.milvus.server import cases, compare, compare_filter, put
from wherefrom.index.cluster.engine import ClusterEngine


def test_nothing_differs_from_what_python_finds(cluster_servers: ClusterServers) -> None:
    figures = compare(
        cluster_servers.postgres.new_database(),
        cluster_servers.milvus.uri,
        documents=60,
        questions=5,
        changes=30,
        shards=1,
    )
    assert figures["differences"] == 0, figures
    assert str(figures["server"]).startswith("Milvus Lite 3.")
    assert figures["shards"] == {"paragraphs": 1, "sentences": 1}


def test_a_document_that_the_ledger_lacks_is_a_difference(cluster_servers: ClusterServers) -> None:
    engine = ClusterEngine.open(cluster_servers.postgres.new_database(), cluster_servers.milvus.uri, NoModel())
    maker, ledger = Maker(seed=1), Ledger()
    put(engine, ledger, [maker.document(f"document-{number}") for number in range(12)])
    engine.wait_until_searchable(60)
    everything = next(cases(ledger))
    assert compare_filter(engine, ledger, everything, maker)["differences"] == 0
    missing = ledger.documents.pop("document-3")
    found = compare_filter(engine, ledger, everything, maker)
    engine.close()
    assert int(str(found["found"])) - int(str(found["expected"])) == len(missing.vectors)
    assert found["differences"] != 0


def test_made_documents_are_the_same_for_the_same_seed() -> None:
    first, again = Maker(seed=7).document("a"), Maker(seed=7).document("a")
    assert first.item[1].paragraphs == again.item[1].paragraphs
    assert first.metadata == again.metadata
