"""A backup is one consistent, checked state; a restore is complete or changes nothing."""

import sqlite3
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import articles, document, prose
from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from tests.support.limited import as_nobody, file_size_limit
from wherefrom.index.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexUnusable, StorageReadOnly
from wherefrom.index.library import Library
from wherefrom.index.storage import integrity
from wherefrom.index.storage.backup import backup, restore
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.schema import SCHEMA_VERSION
from wherefrom.index.types import Answer
from wherefrom.index.verify import verify_folder


def answer(library: Library) -> Answer:
    return replace(library.ask(QUESTION, top_k=40), took_ms=0.0)


def reopened(data: Path) -> Library:
    return Library.open(data, embedder=WordEmbedder(), threshold=0.0)


def test_a_restored_backup_answers_as_the_original_did(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        assert backup(library.data, tmp_path / "backup") == 5
        before = answer(library)
        library.remove(FIRST)
    assert restore(tmp_path / "backup", tmp_path / "restored") == 5
    with reopened(tmp_path / "restored") as library:
        assert answer(library) == before
    assert verify_folder(tmp_path / "restored").mismatches == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data", "restored"]


def test_a_backup_taken_while_documents_change_is_one_consistent_state(tmp_path: Path) -> None:
    done = threading.Event()
    with seeds_library(tmp_path / "data") as library:

        def write() -> None:
            number = 0
            while not done.is_set():
                library.put_batch(list(articles(3)) if number % 2 == 0 else [("story-000", document(prose(9)))])
                library.remove("story-001") if library.has("story-001") else None
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        for number in range(5):
            backup(library.data, tmp_path / f"backup-{number}")
        done.set()
        writer.join()
    for number in range(5):
        restore(tmp_path / f"backup-{number}", tmp_path / f"restored-{number}")
        audit = verify_folder(tmp_path / f"restored-{number}")
        assert audit.mismatches == ()
        assert 5 <= audit.documents <= 8


def test_a_folder_that_is_not_empty_is_overwritten_only_on_request(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        library.put("one", document(prose(1)))
        with pytest.raises(IndexUnusable, match="not empty"):
            restore(tmp_path / "backup", library.data)
        assert library.has("one")
        library.ask(QUESTION)
        restore(tmp_path / "backup", library.data, replace=True)
        assert not library.has("one")
        with reopened(tmp_path / "data") as other:
            assert answer(library) == answer(other)


def test_a_restore_is_refused_while_another_process_writes(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        with library.writing(), pytest.raises(IndexLocked, match="another process"):
            restore(tmp_path / "backup", library.data, replace=True, wait=0)


def test_a_damaged_index_is_replaced_and_renamed(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        before = answer(library)
    (tmp_path / "data" / CATALOG).write_bytes(b"\xa5" * 20_000)
    assert restore(tmp_path / "backup", tmp_path / "data", replace=True) == 5
    with reopened(tmp_path / "data") as library:
        assert answer(library) == before
    (renamed,) = (tmp_path / "data").glob("damaged-*")
    assert renamed.read_bytes() == b"\xa5" * 20_000


def test_a_damaged_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        db = sqlite3.connect(tmp_path / "backup")
        db.execute("UPDATE paragraphs SET text = 'invented' WHERE paragraph_id = 3")
        db.commit()
        db.close()
        with pytest.raises(IndexDamaged, match="not those that were stored"):
            restore(tmp_path / "backup", library.data, replace=True)
        assert len(library.documents()) == 5


def test_the_error_names_a_file_that_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear reader,\n" * 500)
    with pytest.raises(IndexUnusable, match="letter is not a backup: it is not a SQLite database"):
        restore(tmp_path / "letter", tmp_path / "data")
    with pytest.raises(IndexUnusable, match="no such file"):
        restore(tmp_path / "nothing", tmp_path / "data")
    with pytest.raises(IndexUnusable, match="no index to back up"):
        backup(tmp_path, tmp_path / "backup")


def test_a_backup_never_overwrites_a_file(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        (tmp_path / "backup").write_text("mine")
        with pytest.raises(IndexUnusable, match="already exists"):
            backup(library.data, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "mine"


def test_a_backup_into_a_missing_folder_names_the_folder(tmp_path: Path) -> None:
    with (
        seeds_library(tmp_path / "data") as library,
        pytest.raises(IndexUnusable, match=r"backups/news cannot be written: .*/backups is no folder"),
    ):
        backup(library.data, tmp_path / "backups" / "news")


def test_a_heading_that_was_changed_in_a_backup_is_never_restored(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        changed(tmp_path / "backup", "UPDATE documents SET headings = replace(headings, 'Grave', 'Small')")
        with pytest.raises(IndexDamaged, match="not those that were stored"):
            restore(tmp_path / "backup", library.data, replace=True)
        assert [heading.text for heading in library.headings(FIRST)] == ['"Grave Threats"', '"Strong Reactions"']


def changed(path: Path, *statements: str) -> None:
    """Run statements on a SQLite file as another program would."""
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TRIGGER spy AFTER INSERT ON documents BEGIN DELETE FROM documents; END", "trigger spy"),
        ("CREATE VIEW everything AS SELECT * FROM documents", "view everything"),
        ("CREATE TABLE more (name TEXT)", "table more"),
        ("ALTER TABLE paragraphs ADD COLUMN note TEXT", "table paragraphs"),
        ("CREATE INDEX by_digest ON documents (digest)", "index by_digest"),
        ("DROP INDEX documents_by_path", "index documents_by_path"),
    ],
)
def test_a_backup_is_restored_only_if_its_schema_is_exactly_ours(tmp_path: Path, statement: str, named: str) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        changed(tmp_path / "backup", statement)
        with pytest.raises(IndexDamaged, match=named):
            restore(tmp_path / "backup", library.data, replace=True)
        assert len(library.documents()) == 5
        assert not (library.data / "restore").exists()


def test_a_backup_of_a_newer_schema_is_refused_with_the_advice_to_upgrade(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
    changed(tmp_path / "backup", f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(IndexMismatch, match="upgrade the program"):
        restore(tmp_path / "backup", tmp_path / "new")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE documents SET metadata = '{' WHERE document_id = '{id}'", "metadata"),
        ("UPDATE documents SET metadata = '[]' WHERE document_id = '{id}'", "metadata"),
        ("UPDATE documents SET given = 'null' WHERE document_id = '{id}'", "given metadata"),
        ("UPDATE documents SET encoding = 'klingon' WHERE document_id = '{id}'", "klingon"),
        ("UPDATE paragraphs SET place = '[[[0,99999999]],[],1,1]' WHERE document_id = '{id}'", "outside"),
        ("UPDATE paragraphs SET place = '[[[0,\"x\"]],[],1,1]' WHERE document_id = '{id}'", "outside"),
        ("UPDATE paragraphs SET place = 'x' WHERE document_id = '{id}'", "position"),
        ("UPDATE paragraphs SET number = number + 1000 WHERE document_id = '{id}'", "numbered from 1"),
        ("UPDATE paragraphs SET text = CAST(text AS BLOB) WHERE document_id = '{id}'", "another type"),
        ("UPDATE vectors SET paragraph = zeroblob(8)", "another length"),
        ("UPDATE vectors SET sentences = zeroblob(0)", "another length"),
        ("UPDATE vectors SET tokens = substr(tokens, 2)", "another length"),
        ("UPDATE documents SET dropped = '[[1]]' WHERE document_id = '{id}'", "dropped"),
        ("UPDATE documents SET headings = '[[1]]' WHERE document_id = '{id}'", "headings"),
        ("UPDATE documents SET headings = replace(headings, 'subhead', 'answer') WHERE document_id = '{id}'", "kind"),
        (
            "UPDATE documents SET headings = replace(headings, '[1036,', '[99999,') WHERE document_id = '{id}'",
            "outside",
        ),
        ("UPDATE documents SET headings = replace(headings, ',21,4]', ',21,99]') WHERE document_id = '{id}'", "place"),
    ],
)
def test_a_backup_whose_rows_do_not_read_is_refused_even_if_its_digests_agree(
    tmp_path: Path, statement: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
    changed(tmp_path / "backup", statement.replace("{id}", FIRST))
    monkeypatch.setattr(integrity, "check", lambda _: None)  # as if all digests had been computed again
    with pytest.raises(IndexDamaged, match=named):
        restore(tmp_path / "backup", tmp_path / "restored")
    assert not (tmp_path / "restored" / CATALOG).exists()


def test_a_failed_backup_leaves_no_file(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data"):
        pass
    changed(tmp_path / "data" / CATALOG, "UPDATE paragraphs SET text = 'invented' WHERE paragraph_id = 3")
    with pytest.raises(IndexDamaged):
        backup(tmp_path / "data", tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_backup_that_is_interrupted_while_it_copies_leaves_no_file(tmp_path: Path) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with seeds_library(tmp_path / "data") as library, pytest.raises(KeyboardInterrupt):
        backup(library.data, tmp_path / "backup", interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_read_only_folder_can_be_backed_up_and_takes_no_backup() -> None:
    with tempfile.TemporaryDirectory() as home:
        data, elsewhere = Path(home) / "data", Path(home) / "elsewhere"
        with seeds_library(data):
            pass
        elsewhere.mkdir()
        Path(home).chmod(0o755)
        elsewhere.chmod(0o777)
        data.chmod(0o555)
        try:
            with as_nobody():
                assert backup(data, elsewhere / "backup") == 5
                with pytest.raises(StorageReadOnly, match="data/backup cannot be written to"):
                    backup(data, data / "backup")
        finally:
            data.chmod(0o755)


def test_an_error_of_writing_the_copy_names_the_copy(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        with file_size_limit(50_000), pytest.raises(IndexUnusable, match="second") as raised:
            backup(library.data, tmp_path / "second")
        assert not isinstance(raised.value, IndexDamaged)
        with file_size_limit(50_000), pytest.raises(IndexUnusable, match="new/restore") as raised:
            restore(tmp_path / "backup", tmp_path / "new")
        assert not isinstance(raised.value, IndexDamaged)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data", "new"]


def test_the_error_about_a_damaged_backup_does_not_speak_of_the_data_folder(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:5000] + bytes(60_000) + whole[65_000:]):
        (tmp_path / "backup").write_bytes(damaged)
        with pytest.raises(IndexDamaged, match=r"backup is damaged \(.+\); nothing was restored: restore another"):
            restore(tmp_path / "backup", tmp_path / "new")


def test_the_error_names_a_folder_that_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="it is a folder; `wherefrom import` reads exports"):
        restore(tmp_path, tmp_path / "new")
