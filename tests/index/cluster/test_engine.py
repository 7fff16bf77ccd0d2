"""What only a cluster has: parts that fail and come back, several processes, and a Milvus that is behind."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.index.conformance.conftest import plain
from tests.support.cluster import ClusterServers
from tests.support.cluster import cluster_servers as started_cluster
from tests.support.documents import articles
from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from tests.support.paths import SEEDS
from wherefrom.index.errors import EngineUnavailable, IndexLocked, IndexUnusable, SourceRejected
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import AskOptions, Given

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from wherefrom.index.cluster import indexer, maintenance
from wherefrom.index.cluster.database.connections import Session
from wherefrom.index.cluster.database.migrations import MIGRATIONS
from wherefrom.index.cluster.engine import ClusterEngine

WAIT_SECONDS = 60.0
TEXT = "The harbour of Eastport reopened on Tuesday after three days of storm."


def opened(dsn: str, uri: str, *, lock_wait: float = 5.0) -> Library:
    embedder = WordEmbedder()
    engine = ClusterEngine.open(dsn, uri, embedder, lock_wait=lock_wait)
    return Library.on_engine(engine, embedder, data=Path(), threshold=0.0, cached_answers=8)


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; a part that cannot be reached is waited for too."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            if condition():
                return
        except EngineUnavailable:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


def found(library: Library, question: str) -> list[str]:
    return [passage.citation.document_id for passage in library.ask(question).passages]


@pytest.fixture
def dsn(cluster_servers: ClusterServers) -> str:
    return cluster_servers.postgres.new_database()


@pytest.fixture
def uri(cluster_servers: ClusterServers) -> str:
    return cluster_servers.milvus.uri


@pytest.fixture(scope="module")
def failing() -> Iterator[ClusterServers]:
    """Yield servers that a test may kill and start again."""
    with started_cluster() as servers:
        yield servers


def test_a_change_is_found_by_itself_through_every_process(dsn: str, uri: str) -> None:
    with opened(dsn, uri) as one, opened(dsn, uri) as other:
        one.put("harbour", plain("harbour", TEXT))
        eventually(lambda: found(one, "when did the harbour reopen?") == ["harbour"])
        eventually(lambda: found(other, "when did the harbour reopen?") == ["harbour"])
        other.remove("harbour")
        eventually(lambda: found(one, "when did the harbour reopen?") == [])


def test_both_engines_rank_alike_to_the_last_bit(dsn: str, uri: str, tmp_path: Path) -> None:
    with seeds_library(tmp_path) as embedded, opened(dsn, uri) as cluster:
        ingest(cluster, [SEEDS])
        for library in (embedded, cluster):
            library.put_batch(list(articles(80)))
            library.remove("story-003")
            library.refresh()
        assert cluster.info() == embedded.info()
        for question in (QUESTION, "who repaired the telescope in the valley?", "the railway near the border"):
            assert cluster.rank(question, top_k=100) == embedded.rank(question, top_k=100)
            assert cluster.ask(question).passages == embedded.ask(question).passages


def test_a_question_is_answered_from_the_revision_that_milvus_holds_whole(
    dsn: str, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(dsn, uri) as library:
        library.put_batch([("a", plain("a", TEXT)), ("b", plain("b", "A farmer painted the orchard wall in March."))])
        library.refresh()
        before, answer = library.info(), library.ask("when did the harbour reopen?")
        monkeypatch.setattr(indexer.Indexer, "step", lambda _self: False)
        time.sleep(2 * indexer.POLL_SECONDS)
        library.put("a", plain("a", "The museum of Eastport bought a telescope."))
        library.remove("b")
        library.put("c", plain("c", "The harbour closed again on Wednesday."))
        assert library.info() == before
        assert library.ask("when did the harbour reopen?").passages == answer.passages
        assert library.text("a").startswith("The museum")
        status = library.status()
        assert (status.documents, status.revisions_behind) == (2, 3)
        assert status.seconds_behind > 0
        monkeypatch.undo()
        library.refresh()
        assert set(found(library, "when did the harbour close?")) == {"a", "c"}
        assert library.status().revisions_behind == 0


def test_milvus_can_be_dropped_and_is_built_again_without_embedding(
    dsn: str, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pymilvus import MilvusClient  # noqa: PLC0415 - an extra

    with opened(dsn, uri) as library:
        ingest(library, [SEEDS])
        library.refresh()
        hits = library.rank(QUESTION, top_k=20)
        monkeypatch.setattr(WordEmbedder, "embed_in_context", None)
        client = MilvusClient(uri)
        with Session(dsn) as session:
            (name,) = session.db.execute("SELECT name FROM collection").fetchone() or ("",)
        for collection in client.list_collections():
            if name in collection:
                client.drop_collection(collection)
        client.close()
        monkeypatch.undo()
        eventually(lambda: library.rank(QUESTION, top_k=20) == hits)


@pytest.mark.parametrize(("kind", "lost"), [("paragraphs", "id < 6"), ("sentences", "paragraph < 6")])
def test_rows_that_milvus_has_lost_are_noticed_when_it_is_opened(dsn: str, uri: str, kind: str, lost: str) -> None:
    from pymilvus import MilvusClient  # noqa: PLC0415 - an extra

    with opened(dsn, uri) as library:
        library.put_batch(list(articles(5)))
        library.refresh()
        hits = library.rank("the bridge", top_k=50)
    client = MilvusClient(uri)
    with Session(dsn) as session:
        (name,) = session.db.execute("SELECT name FROM collection").fetchone() or ("",)
    client.delete(f"wherefrom_{name}_1_{kind}", filter=lost)
    client.close()
    with opened(dsn, uri) as library, Session(dsn) as session:
        eventually(lambda: builds_searched(session) == [2])
        eventually(lambda: library.rank("the bridge", top_k=50) == hits)


def builds_searched(session: Session) -> list[int]:
    return [row[0] for row in session.db.execute("SELECT build FROM builds WHERE is_current")]


def test_sentences_of_a_database_from_before_they_were_counted_are_counted(dsn: str, uri: str) -> None:
    with opened(dsn, uri) as library:
        library.put_batch(list(articles(5)))
    with Session(dsn) as session:
        counts = "SELECT version, sentences FROM versions ORDER BY version"
        counted = session.db.execute(counts).fetchall()
        session.db.execute("UPDATE versions SET sentences = 0")
        session.db.execute(MIGRATIONS[1][MIGRATIONS[1].index("UPDATE versions") :].encode())
        assert session.db.execute(counts).fetchall() == counted
    assert all(sentences > 0 for _, sentences in counted)


def test_rows_that_milvus_loses_are_noticed_while_it_is_open(
    dsn: str, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pymilvus import MilvusClient  # noqa: PLC0415 - an extra

    monkeypatch.setattr(indexer, "COUNT_SECONDS", 0)
    question, options = "Who repaired the bridge?", AskOptions(top_k=20)
    with opened(dsn, uri) as library:
        library.put_batch(list(articles(5)))
        library.refresh()
        whole = library.ask(question, top_k=20).passages
        with monkeypatch.context() as without_indexer:
            without_indexer.setattr(indexer.Indexer, "step", lambda _self: False)
            time.sleep(2 * indexer.POLL_SECONDS)
            client = MilvusClient(uri)
            with Session(dsn) as session:
                (name,) = session.db.execute("SELECT name FROM collection").fetchone() or ("",)
            for kind, lost in (("paragraphs", "id"), ("sentences", "paragraph")):
                client.delete(f"wherefrom_{name}_1_{kind}", filter=f"{lost} < 6")
            client.close()
            assert library.ask(question, top_k=20).passages != whole
        eventually(lambda: library.ask(question, top_k=20).passages == whole)
        with library.searcher() as searcher:
            known = searcher.cached_answer(question, options)
            assert known is None or known.passages == whole


def test_versions_that_died_are_deleted_after_their_time(dsn: str, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "GRACE_SECONDS", 0)
    with opened(dsn, uri) as library:
        for text in (TEXT, f"{TEXT} It was cold.", f"{TEXT} It was warm."):
            library.put("harbour", plain("harbour", text))
            library.refresh()

        def versions() -> int:
            with Session(dsn) as session:
                row = session.db.execute("SELECT count(*) FROM versions").fetchone()
            return int(row[0]) if row else 0

        eventually(lambda: versions() == 1)
        assert found(library, "when did the harbour reopen?") == ["harbour"]
        assert library.verify().mismatches == ()


def test_milvus_that_is_killed_is_a_declared_error_and_recovers_by_itself(failing: ClusterServers) -> None:
    with opened(failing.postgres.new_database(), failing.milvus.uri) as library:
        library.put("harbour", plain("harbour", TEXT))
        library.refresh()
        passages = library.ask("when did the harbour reopen?").passages
        failing.milvus.kill()
        with pytest.raises(EngineUnavailable, match="Milvus cannot be used now"):
            library.ask("when did the harbour reopen?")
        library.put("later", plain("later", "The mayor of Eastport was elected in March."))
        assert library.has("later")
        assert library.status().revisions_behind == 1
        failing.milvus.start()
        eventually(lambda: found(library, "when was the mayor elected?")[0] == "later")
        assert library.ask("when did the harbour reopen?").passages[0].citation == passages[0].citation


def test_postgres_that_is_stopped_at_once_is_a_declared_error_and_recovers_by_itself(failing: ClusterServers) -> None:
    with opened(failing.postgres.new_database(), failing.milvus.uri) as library:
        assert library.put("harbour", plain("harbour", TEXT)) == "added"
        library.refresh()
        failing.postgres.stop()
        try:
            with pytest.raises(EngineUnavailable, match="PostgreSQL cannot be used now"):
                library.ask("when did the harbour reopen?")
            with pytest.raises(EngineUnavailable, match="PostgreSQL cannot be used now"):
                library.put("later", plain("later", "The mayor of Eastport was elected in March."))
        finally:
            failing.postgres.start()
        eventually(lambda: found(library, "when did the harbour reopen?") == ["harbour"])
        assert library.put("later", plain("later", "The mayor of Eastport was elected in March.")) == "added"
        eventually(lambda: found(library, "when was the mayor elected?")[0] == "later")
        assert library.verify().mismatches == ()


def test_a_connection_that_ends_during_a_question_is_a_declared_error_of_that_question(
    failing: ClusterServers,
) -> None:
    database = failing.postgres.new_database()
    with opened(database, failing.milvus.uri) as library:
        library.put("harbour", plain("harbour", TEXT))
        library.refresh()
        (query,) = library.encode([QUESTION])
        with library.searcher() as searcher:
            for process in failing.postgres.backends(database):
                os.kill(process, signal.SIGTERM)
            for _ in range(2):
                with pytest.raises(EngineUnavailable, match="PostgreSQL cannot be used now"):
                    searcher.answer(QUESTION, query, AskOptions())
        eventually(lambda: found(library, "when did the harbour reopen?") == ["harbour"])


def test_writers_of_several_processes_take_turns(dsn: str, uri: str) -> None:
    with opened(dsn, uri) as one, opened(dsn, uri, lock_wait=0.1) as other:
        with one.writing(), pytest.raises(IndexLocked, match="another process"):
            other.put("harbour", plain("harbour", TEXT))
        libraries = [one, other]
        items = list(articles(20))

        def write(library: Library, mine: int) -> None:
            for document_id, document in items[mine::2]:
                while True:
                    try:
                        library.put(document_id, document)
                    except IndexLocked:
                        continue
                    break

        threads = [threading.Thread(target=write, args=(each, at)) for at, each in enumerate(libraries)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        one.refresh()
        assert one.info().documents == other.info().documents == 20
        assert one.verify().mismatches == ()
        assert one.rank("the bridge", top_k=50) == other.rank("the bridge", top_k=50)


def test_a_document_with_too_many_values_is_refused_and_keeps_nothing_waiting(dsn: str, uri: str) -> None:
    with opened(dsn, uri) as library:
        many = Given(extra={"tags": tuple(f"tag {number}" for number in range(5_000))})
        with pytest.raises(SourceRejected, match="over 4,096 values"):
            library.put("harbour", plain("harbour", TEXT, many))
        assert library.put("harbour", plain("harbour", TEXT)) == "added"
        library.refresh()
        assert found(library, "when did the harbour reopen?") == ["harbour"]


def test_maintenance_needs_neither_a_model_nor_milvus(dsn: str, uri: str) -> None:
    with pytest.raises(IndexUnusable, match="holds no index"):
        maintenance.verify_database(dsn)
    with opened(dsn, uri) as library:
        library.put_batch([("a", plain("a", TEXT)), ("b", plain("b", f"{TEXT} It was cold."))])
        maintenance.remove_from(dsn, ["b"])
        audit = maintenance.verify_database(dsn)
        assert (audit.documents, audit.mismatches) == (1, ())
        assert maintenance.database_bytes(dsn) > 0
        assert not maintenance.has_files(dsn)
        eventually(lambda: found(library, "when did the harbour reopen?") == ["a"])


class Clock:
    """A clock that only sleeping moves, and faster than it should."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += 100 * seconds


def test_a_refresh_waits_as_long_as_another_process_brings_milvus_further(
    dsn: str, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ClusterEngine.open(dsn, uri, WordEmbedder())
    items = list(articles(4))
    for item in items:
        engine.put([item], engine.embed([item]))
    clock = Clock()
    with monkeypatch.context() as patched:
        patched.setattr("wherefrom.index.cluster.engine.time", clock)
        patched.setattr(engine._indexer, "step", lambda: False)
        patched.setattr(engine, "_served", lambda: int(clock.now / 500))
        engine.refresh()
        assert clock.now >= len(items) * 500
        patched.setattr(engine, "_served", lambda: -1)
        with pytest.raises(EngineUnavailable, match="does not hold all stored documents"):
            engine.refresh()
        with pytest.raises(EngineUnavailable, match="does not hold all stored documents after 1 seconds"):
            engine.wait_until_searchable(1)
    engine.close()
