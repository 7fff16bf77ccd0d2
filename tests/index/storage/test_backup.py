"""A backup is one consistent, checked state; a restore is complete or changes nothing."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import articles, document, prose
from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from wherefrom.index.errors import IndexDamaged, IndexLocked, IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.storage.backup import backup, restore
from wherefrom.index.storage.catalog import CATALOG
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
    with pytest.raises(IndexDamaged, match="letter"):
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
