import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.cluster import ClusterServers
from tests.support.library_samples import QUESTION, WordEmbedder
from tests.support.servers.word_server import word_server
from tests.support.transfers import QUESTIONS, NoEmbedder, varied_library
from wherefrom.eval.benchmarks.transfers import (
    OK,
    QUESTIONS_PER_SECOND,
    AnsweredQuestions,
    CommandFigures,
    Figures,
    asked_steadily,
    corpus_of,
    digests_of,
    markdown,
)
from wherefrom.index.transfer.engine_copy import check_copy
from wherefrom.index.transfer.move import move_to_engine
from wherefrom.index.transfer.parquet_export import export
from wherefrom.index.transfer.stored_documents import open_collection

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from wherefrom.index.cluster.engine import ClusterEngine


def test_a_service_that_is_asked_twenty_questions_a_second_answers_each_while_its_index_is_moved_to_a_cluster(
    tmp_path: Path, cluster_servers: ClusterServers
) -> None:
    data, dsn = tmp_path / "data", cluster_servers.postgres.new_database()
    varied_library(data).close()
    with (
        word_server(data, WHEREFROM_REMEMBERED="0") as server,
        closing(ClusterEngine.open(dsn, cluster_servers.milvus.uri, WordEmbedder())) as engine,
    ):
        with asked_steadily(f"{server.url}/v1/ask?q=", QUESTIONS, QUESTIONS_PER_SECOND) as answered:
            move_to_engine(data, engine, NoEmbedder(), together=engine.transaction)
            engine.refresh()
        assert set(answered.statuses) == {OK}
        with open_collection(data) as collection:
            check_copy(engine, collection)


def test_what_is_not_answered_is_counted(tmp_path: Path) -> None:
    varied_library(tmp_path / "data").close()
    with word_server(tmp_path / "data") as server:
        with asked_steadily(f"{server.url}/v1/ask?nothing=", [QUESTION], 100.0) as refused:
            pass
        url = f"{server.url}/v1/ask?q="
    assert set(refused.statuses) <= {400, 422}
    with asked_steadily(url, [QUESTION], 100.0) as unanswered:
        pass
    assert set(unanswered.statuses) == {-1}
    assert isinstance(unanswered, AnsweredQuestions)


def test_equal_exports_have_equal_digests_and_the_corpus_is_that_of_the_manifest(tmp_path: Path) -> None:
    varied_library(tmp_path / "data").close()
    identity = export(tmp_path / "data", tmp_path / "first")
    export(tmp_path / "data", tmp_path / "second")
    assert digests_of(tmp_path / "first") == digests_of(tmp_path / "second")
    assert corpus_of(tmp_path / "first") == identity.corpus
    manifest = tmp_path / "second" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": "another"}))
    assert digests_of(tmp_path / "first") != digests_of(tmp_path / "second")


def test_the_table_has_every_command_and_says_what_is_not_equal_or_not_answered() -> None:
    figures = Figures(
        commands={"export": CommandFigures(said="5 documents exported\nsecond line", seconds=1.25, peak_mib=300)},
        corpus={"one": "a" * 64, "two": "a" * 64},
        equal_files={"two": True},
        questions=AnsweredQuestions(statuses={OK: 40, 503: 2}, per_second=20.0, p50_ms=5.0, p99_ms=9.0),
    )
    text = markdown(figures)
    assert "| export | 1.2 | 300 | 5 documents exported |" in text
    assert "42 questions were asked, 20 a second; 40 were answered" in text
    assert "two: equal\n" in text
    assert text.endswith("all documents: the same (aaaaaaaaaaaa…)")
    figures.corpus["two"], figures.equal_files["two"] = "b" * 64, False
    assert "two: NOT EQUAL\n- the sum of the digests of all documents: NOT THE SAME" in markdown(figures)
