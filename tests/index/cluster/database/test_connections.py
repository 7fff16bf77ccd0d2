"""Sessions with a PostgreSQL that hangs, ends connections, or only reads."""

import os
import signal
from collections.abc import Iterator

import pytest

pytest.importorskip("psycopg")

from tests.support.cluster import Postgres
from tests.support.cluster import postgres as started_postgres
from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cluster.database import connections
from wherefrom.index.cluster.database.connections import Session, SessionPool
from wherefrom.index.cluster.database.migrations import create_collection, migrate
from wherefrom.index.errors import EngineUnavailable, IndexMismatch, IndexUnusable


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """Yield a server that a test may stop."""
    request.getfixturevalue("cluster_servers")  # skips without the packages
    with started_postgres() as started:
        yield started


@pytest.fixture
def dsn(server: Postgres) -> str:
    return server.new_database()


def test_a_statement_that_a_database_does_not_end_is_given_up(
    server: Postgres, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SILENCE_SECONDS", 0.2)
    with Session(dsn) as session:
        server.pause()
        try:
            with (
                pytest.raises(EngineUnavailable, match=r"PostgreSQL cannot be used now: .* nothing for 0\.2 seconds"),
                session.translating_errors(),
            ):
                session.db.execute("SELECT 1")
        finally:
            server.resume()
        assert not session.is_usable


def test_a_long_statement_that_sends_rows_is_not_given_up(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SILENCE_SECONDS", 0.5)
    with Session(dsn) as session:
        query = "SELECT repeat('x', 9000), pg_sleep(0.1) FROM generate_series(1, 15)"
        assert len(session.db.execute(query).fetchall()) == 15


def test_whether_a_change_was_committed_is_not_known_if_the_database_hangs_then(
    server: Postgres, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SILENCE_SECONDS", 0.2)

    def change(session: Session) -> None:
        with session.transaction() as db:
            db.execute("CREATE TABLE changed (number integer)")
            server.pause()

    with Session(dsn) as session:
        try:
            with pytest.raises(EngineUnavailable, match="not certain that the change was stored"):
                change(session)
        finally:
            server.resume()


def test_a_database_that_hangs_costs_each_use_one_wait(
    server: Postgres, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PING_SECONDS", 0.1)
    pool = SessionPool(dsn)
    with pool.session(), pool.session(), pool.session():
        pass
    server.pause()
    try:
        for idle in (2, 1):
            with pytest.raises(EngineUnavailable, match="nothing for"), pool.session():
                pass
            assert len(pool._idle) == idle
    finally:
        server.resume()
    with pool.reader() as session:
        assert session.db.execute("SELECT 1").fetchone() == (1,)
    pool.close()
    assert server.backends(dsn) == []


def test_an_idle_connection_that_was_ended_is_replaced(dsn: str) -> None:
    pool = SessionPool(dsn)
    with pool.session() as one, pool.session() as other:
        ended = one.db.info.backend_pid, other.db.info.backend_pid
    for process in ended:
        os.kill(process, signal.SIGTERM)
    with pool.session() as session:
        assert session.db.info.backend_pid not in ended
    pool.close()


def test_a_connection_that_is_ended_in_a_transaction_is_a_declared_error_and_is_not_kept(
    server: Postgres, dsn: str
) -> None:
    def change() -> None:
        with pool.session() as session, session.transaction() as db:
            os.kill(session.db.info.backend_pid, signal.SIGTERM)
            db.execute("SELECT pg_sleep(10)")

    pool = SessionPool(dsn)
    with pytest.raises(EngineUnavailable, match="nothing was changed"):
        change()
    with pool.session() as session:
        assert session.db.execute("SELECT 1").fetchone() == (1,)
    pool.close()
    assert server.backends(dsn) == []


def test_a_connection_that_is_ended_is_a_declared_error_wherever_it_is_used(dsn: str) -> None:
    def use(pool: SessionPool) -> None:
        with pool.session() as session:
            os.kill(session.db.info.backend_pid, signal.SIGTERM)
            session.db.execute("SELECT pg_sleep(10)")

    pool = SessionPool(dsn)
    with pytest.raises(EngineUnavailable, match="PostgreSQL cannot be used now"):
        use(pool)
    pool.close()


def test_a_database_that_only_reads_now_cannot_be_used_now(dsn: str) -> None:
    with Session(dsn) as session:
        session.db.execute("SET default_transaction_read_only = on")
        with pytest.raises(EngineUnavailable, match="read-only"), session.transaction() as db:
            db.execute("CREATE TABLE changed (number integer)")


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://wherefrom:sec@ret@database/news",
        "postgresql://wherefrom:sec/ret@database/news",
        "postgresql://wherefrom:sec%ret@database/news",
        "http://wherefrom:secret@database/news",
        "wherefrom:secret@database/news",
    ],
)
def test_an_invalid_connection_string_is_refused_without_a_part_of_its_password(dsn: str) -> None:
    with pytest.raises(IndexUnusable, match=r"\(--postgres-dsn\) is invalid: it has the form postgresql") as raised:
        Session(dsn)
    assert "sec" not in str(raised.value)
    assert "ret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_password_whose_characters_are_encoded_is_no_part_of_the_host(dsn: str) -> None:
    encoded = dsn.replace("wherefrom@", "wherefrom:s%40e%2Fc%3Fr%25et@")
    assert encoded != dsn
    with Session(encoded) as session:
        assert session.db.execute("SELECT 1").fetchone() == (1,)


def test_a_missing_schema_is_said_to_be_missing(dsn: str) -> None:
    with Session(f"{dsn}?options=-csearch_path%3Dnews") as session:
        with pytest.raises(IndexUnusable, match=r"has to be created first: CREATE SCHEMA"):
            migrate(session)
        session.db.execute("CREATE SCHEMA news")
    with Session(f"{dsn}?options=-csearch_path%3Dnews") as session:
        migrate(session)


def test_a_database_that_is_up_to_date_is_opened_without_the_right_to_create_tables(dsn: str) -> None:
    identity = WordEmbedder().identity
    with Session(dsn) as owner:
        owner.db.execute("DROP ROLE IF EXISTS writer")
        owner.db.execute("CREATE ROLE writer LOGIN")
        with Session(dsn.replace("wherefrom@", "writer@")) as writer:
            with pytest.raises(IndexUnusable, match=r"permission denied for schema public.* needs the rights"):
                migrate(writer)
            migrate(owner)
            create_collection(owner, identity, CLEANER_VERSION)
            owner.db.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer")
            migrate(writer)
            create_collection(writer, identity, CLEANER_VERSION)
        owner.db.execute("UPDATE migrations SET number = 1000 WHERE number = 1")
        with pytest.raises(IndexMismatch, match="newer version"):
            migrate(owner)
        owner.db.execute("DROP OWNED BY writer")
        owner.db.execute("DROP ROLE writer")
