"""Errors name the file, and say of a change what became of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.limited import file_size_limit
from wherefrom.index.errors import IndexDamaged, IndexUnusable, StorageFull
from wherefrom.index.storage.connection import Connection


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    opened = Connection(tmp_path / "some.sqlite", create=True)
    with opened.transaction() as db:
        db.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
        db.execute("CREATE TABLE children (parent REFERENCES parents DEFERRABLE INITIALLY DEFERRED, text TEXT)")
    yield opened
    opened.close()


def execute(connection: Connection, statements: Sequence[str]) -> None:
    with connection.transaction() as db:
        for statement in statements:
            db.execute(statement)


def count(connection: Connection) -> int:
    with connection.snapshot() as db:
        return int(db.execute("SELECT count(*) FROM children").fetchone()[0])


def test_an_error_before_the_commit_says_that_nothing_was_changed(connection: Connection) -> None:
    statements = ["INSERT INTO children VALUES (NULL, 'one')", "INSERT INTO nowhere VALUES (1)"]
    with pytest.raises(IndexUnusable, match="nothing was changed"):
        execute(connection, statements)
    assert count(connection) == 0


def test_an_error_of_the_commit_does_not_claim_that_nothing_was_changed(connection: Connection) -> None:
    with pytest.raises(IndexUnusable, match="not certain that the change was stored") as raised:
        execute(connection, ["INSERT INTO children VALUES (7, 'an orphan')"])
    assert "nothing was changed" not in str(raised.value)
    assert count(connection) == 0
    execute(connection, ["INSERT INTO children VALUES (NULL, 'one')"])
    assert count(connection) == 1


def test_a_full_disk_says_that_nothing_was_changed(connection: Connection) -> None:
    pages = connection.sqlite.execute("PRAGMA page_count").fetchone()[0]
    connection.sqlite.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull, match="nothing was changed"), connection.transaction() as db:
        db.execute("INSERT INTO children VALUES (NULL, ?)", ("long" * 10_000,))
    assert count(connection) == 0


def test_a_disk_without_room_for_opening_a_file_is_said_to_be_full(connection: Connection) -> None:
    path = connection.path
    connection.close()
    with file_size_limit(1_000), pytest.raises(StorageFull, match="the disk is full: make room and try again"):
        Connection(path)
    opened = Connection(path)
    assert count(opened) == 0
    opened.close()


def test_an_error_while_reading_says_nothing_of_changes(connection: Connection) -> None:
    with pytest.raises(IndexUnusable, match="no such table") as raised, connection.snapshot() as db:
        db.execute("SELECT * FROM nowhere")
    assert "changed" not in str(raised.value)


def test_a_text_that_is_no_utf_8_is_damage(connection: Connection) -> None:
    with connection.transaction() as db:
        db.execute("INSERT INTO children VALUES (NULL, CAST(x'ff' AS TEXT))")
    with pytest.raises(IndexDamaged, match=connection.path.name), connection.snapshot() as db:
        db.execute("SELECT text FROM children").fetchall()


def test_errors_of_the_program_are_raised_as_they_are(connection: Connection) -> None:
    with pytest.raises(ZeroDivisionError), connection.transaction() as db:
        db.execute("INSERT INTO children VALUES (NULL, ?)", (1 // 0,))
    assert count(connection) == 0
