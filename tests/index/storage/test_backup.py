"""A backup is one moment's state, checked; a restore is all of it or nothing."""

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


def test_a_backup_comes_back_as_it_was(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        assert backup(library.data, tmp_path / "kept") == 5
        before = answer(library)
        library.remove(FIRST)
    assert restore(tmp_path / "kept", tmp_path / "again") == 5
    with reopened(tmp_path / "again") as library:
        assert answer(library) == before
    assert verify_folder(tmp_path / "again").mismatches == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "data", "kept"]


def test_a_backup_taken_while_documents_change_is_one_whole_state(tmp_path: Path) -> None:
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
            backup(library.data, tmp_path / f"kept-{number}")
        done.set()
        writer.join()
    for number in range(5):
        restore(tmp_path / f"kept-{number}", tmp_path / f"again-{number}")
        audit = verify_folder(tmp_path / f"again-{number}")
        assert audit.mismatches == ()
        assert 5 <= audit.documents <= 8


def test_a_folder_that_holds_something_is_only_replaced_when_told(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "kept")
        library.put("one", document(prose(1)))
        with pytest.raises(IndexUnusable, match="not empty"):
            restore(tmp_path / "kept", library.data)
        assert library.has("one")
        library.ask(QUESTION)
        restore(tmp_path / "kept", library.data, replace=True)
        assert not library.has("one")
        with reopened(tmp_path / "data") as other:
            assert answer(library) == answer(other)


def test_a_restore_that_meets_a_writer_is_refused(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "kept")
        with library.writing(), pytest.raises(IndexLocked, match="another process"):
            restore(tmp_path / "kept", library.data, replace=True, wait=0)


def test_a_damaged_index_is_replaced_and_kept_aside(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "kept")
        before = answer(library)
    (tmp_path / "data" / CATALOG).write_bytes(b"\xa5" * 20_000)
    assert restore(tmp_path / "kept", tmp_path / "data", replace=True) == 5
    with reopened(tmp_path / "data") as library:
        assert answer(library) == before
    (aside,) = (tmp_path / "data").glob("damaged-*")
    assert aside.read_bytes() == b"\xa5" * 20_000


def test_a_damaged_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "kept")
        db = sqlite3.connect(tmp_path / "kept")
        db.execute("UPDATE paragraphs SET text = 'invented' WHERE paragraph_id = 3")
        db.commit()
        db.close()
        with pytest.raises(IndexDamaged, match="not those that were stored"):
            restore(tmp_path / "kept", library.data, replace=True)
        assert len(library.documents()) == 5


def test_what_is_no_backup_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear reader,\n" * 500)
    with pytest.raises(IndexDamaged, match="letter"):
        restore(tmp_path / "letter", tmp_path / "data")
    with pytest.raises(IndexUnusable, match="no such file"):
        restore(tmp_path / "nothing", tmp_path / "data")
    with pytest.raises(IndexUnusable, match="no index to back up"):
        backup(tmp_path, tmp_path / "kept")


def test_a_backup_never_overwrites(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        (tmp_path / "kept").write_text("mine")
        with pytest.raises(IndexUnusable, match="is there already"):
            backup(library.data, tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "mine"
