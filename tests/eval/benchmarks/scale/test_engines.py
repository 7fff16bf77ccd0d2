"""Both engines are measured with the same paragraphs, and the figures stand in one table."""

from pathlib import Path

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from tests.support.cluster import ClusterServers
from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.benchmarks.scale.cluster_corpus import fill
from wherefrom.eval.benchmarks.scale.engine_stages import measure_cluster, measure_embedded
from wherefrom.eval.benchmarks.scale.engines import STAGES, Measured, as_markdown, opened
from wherefrom.eval.benchmarks.scale.synthetic_corpus import SentencePool, build_base, save_questions
from wherefrom.index.cluster.milvus import Layout
from wherefrom.index.ranking.query import encode
from wherefrom.index.scoring.late_interaction import pack

EMBEDDER = WordEmbedder()
SENTENCES = [line for seed in range(12) for line in prose(seed, 8).decode().splitlines() if line.endswith(".")]
SIZE, QUESTIONS = 300, 24


@pytest.fixture
def pool() -> SentencePool:
    return SentencePool(
        sentences=SENTENCES,
        vectors=EMBEDDER.encode(SENTENCES),
        tokens=[pack(EMBEDDER.encode(["one", "two"]))],
        questions=[encode(f"Who repaired the bridge number {number}?", EMBEDDER) for number in range(QUESTIONS)],
    )


def test_both_engines_are_measured_with_the_same_paragraphs(
    pool: SentencePool, tmp_path: Path, cluster_servers: ClusterServers
) -> None:
    save_questions(pool.questions, tmp_path)
    build_base(pool, tmp_path, SIZE)
    dsn = cluster_servers.postgres.new_database()
    measured = [Measured(name="embedded", point=measure_embedded(tmp_path, SIZE))]
    for name, layout in (("with terms", Layout()), ("dense", Layout(has_terms=False))):
        with opened(dsn, cluster_servers.milvus.uri, EMBEDDER, layout) as engine:
            fill(engine, pool, SIZE)
            engine.wait_until_searchable(60)
            assert engine.status().passages == SIZE
            point = measure_cluster(engine, tmp_path, has_terms=layout.has_terms)
            measured.append(Measured(name=name, point=point, built=1.0))
    assert measured[0].point.rankings == measured[1].point.rankings
    assert all(point.stages["whole"][1] >= point.stages["whole"][0] > 0 for point in (each.point for each in measured))
    assert measured[1].point.statements > 0
    table = as_markdown(measured, SIZE)
    assert table.startswith(
        "| p50 / p99 ms, 300 paragraphs | embedded | with terms | dense |\n| --- | ---: | ---: | ---: |"
    )
    assert all(f"\n| {name} |" in table for name in STAGES.values())
    assert "| 100.0 % | 100.0 % |" in table
    assert "Building dense from PostgreSQL, without embedding: 1 s." in table
