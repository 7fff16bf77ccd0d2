"""The embedded engine never shows text that is not what was stored, and names a catalog that was damaged under it."""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.clients import local_client
from tests.support.documents import articles, document, prose
from tests.support.library_samples import FIRST, QUESTION, HeldEmbedder, WordEmbedder, seeds_library
from wherefrom.index.errors import IndexDamaged, IndexUnusable, PreconditionFailed
from wherefrom.index.library import Library, if_match
from wherefrom.index.rebuild import rebuild
from wherefrom.index.segments.base_store import DERIVED_FOLDER
from wherefrom.index.storage import integrity
from wherefrom.index.storage.backup import backup, restore
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.catalog_pool import open_for_reading
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.serialization import dump_place
from wherefrom.index.storage.write_lock import WriteLock


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder of the seeds that is opened without a complete check, as one of a large collection is."""
    seeds_library(tmp_path).close()
    monkeypatch.setattr(integrity, "MAX_FULL_CHECK_BYTES", 0)
    return tmp_path


def opened(data: Path) -> Library:
    return Library.open(data, embedder=WordEmbedder(), threshold=0.0)


def flip(path: Path, offset: int) -> None:
    stored = bytearray(path.read_bytes())
    stored[offset] ^= 1
    path.write_bytes(stored)


def write_back(path: Path) -> None:
    """Move everything from the write-ahead log to the catalog."""
    connection = Connection(path)
    connection.sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def occurrences(content: bytes, part: bytes) -> list[int]:
    offsets = [content.find(part)]
    while offsets[-1] >= 0:
        offsets.append(content.find(part, offsets[-1] + 1))
    return offsets[:-1]


def test_a_flipped_byte_of_a_source_or_a_paragraph_is_named_and_never_quoted(data: Path) -> None:
    part = b"X-band radar"
    path = data / CATALOG
    offsets = occurrences(path.read_bytes(), part)
    assert len(offsets) == 2  # in the source and in a paragraph
    for offset in offsets:
        flip(path, offset)
        with opened(data) as library, pytest.raises(IndexDamaged, match="not those that were stored"):
            library.ask(QUESTION, top_k=40)
        flip(path, offset)
    with opened(data) as library:
        assert library.ask(QUESTION, top_k=40).passages


def test_a_flipped_byte_of_a_place_is_named_and_never_cited(data: Path) -> None:
    path = data / CATALOG
    with opened(data) as library:
        place = dump_place(library.paragraphs(FIRST)[0]).encode()
    (offset,) = occurrences(path.read_bytes(), place)
    for position in (0, 4, len(place) // 2, len(place) - 1):
        flip(path, offset + position)
        with opened(data) as library:
            with pytest.raises(IndexDamaged, match=f"paragraphs of {FIRST}"):
                library.ask(QUESTION, top_k=40)
            with pytest.raises(IndexDamaged, match=f"paragraphs of {FIRST}"):
                library.paragraphs(FIRST)
            with pytest.raises(IndexDamaged, match=f"paragraphs of {FIRST}"):
                library.raw(FIRST)
        flip(path, offset + position)


def test_the_other_documents_of_a_damaged_catalog_are_still_read(data: Path) -> None:
    db = sqlite3.connect(data / CATALOG)
    db.execute("UPDATE documents SET raw = x'00' || substr(raw, 2) WHERE document_id = ?", (FIRST,))
    db.commit()
    db.close()
    with opened(data) as library:
        with pytest.raises(IndexDamaged, match=f"bytes of {FIRST}"):
            library.raw(FIRST)
        others = [summary.document_id for summary in library.documents() if summary.document_id != FIRST]
        assert all(library.raw(document_id) for document_id in others)


def test_http_tells_a_flipped_byte_as_the_problem_index_damaged(data: Path) -> None:
    path = data / CATALOG
    with opened(data) as library:
        text = library.paragraphs(FIRST)[0].text
    db = sqlite3.connect(path)
    changed = text.replace("a", "e", 1)
    db.execute("UPDATE paragraphs SET text = ? WHERE document_id = ? AND number = 1", (changed, FIRST))
    db.commit()
    db.close()
    with local_client(lambda: opened(data)) as client:
        answers = [
            client.get("/v1/ask", params={"q": QUESTION, "top_k": 40}),
            client.get(f"/v1/documents/{FIRST}"),
            client.get(f"/v1/documents/{FIRST}/raw"),
        ]
    for answer in answers:
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("index-damaged")
        assert changed not in json.dumps(answer.json(), ensure_ascii=False)


def test_a_document_is_checked_once_and_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    check_text = integrity.check_text

    def counting(db: sqlite3.Connection, path: Path, document_id: str, digest: str) -> None:
        checked.append(document_id)
        check_text(db, path, document_id, digest)

    with seeds_library(tmp_path) as library:
        monkeypatch.setattr(integrity, "check_text", counting)
        library.ask(QUESTION, top_k=40)
        library.ask("who spoke of THAAD?", top_k=40)
        for summary in library.documents():
            library.raw(summary.document_id)
        assert len(checked) == len(set(checked)) == 5
        library.put(FIRST, document(prose(1)))
        library.raw(FIRST)
        library.raw(FIRST)
        assert checked.count(FIRST) == 2


@pytest.mark.parametrize("left", [0, 50, 4096, 20_480])
def test_a_catalog_cut_short_under_an_open_library_is_named_on_the_next_access(tmp_path: Path, left: int) -> None:
    with seeds_library(tmp_path) as library:
        write_back(tmp_path / CATALOG)
        library.ask(QUESTION)
        with (tmp_path / CATALOG).open("r+b") as file:
            file.truncate(left)
        with pytest.raises(IndexDamaged, match=f"cut to {left} bytes"):
            library.ask(QUESTION)
        with pytest.raises(IndexDamaged, match=f"cut to {left} bytes"):
            library.put("one", document(prose(1)))
        with pytest.raises(IndexDamaged, match=f"cut to {left} bytes"):
            library.remove(FIRST)


def test_a_catalog_without_a_byte_is_not_taken_for_a_new_index(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with seeds_library(data) as library:
        backup(data, tmp_path / "backup")
        library.refresh()
    (data / CATALOG).write_bytes(b"")
    (data / f"{CATALOG}-wal").write_bytes(b"changes")
    openings: tuple[Callable[[], object], ...] = (
        lambda: open_for_reading(data),
        lambda: backup(data, tmp_path / "other"),
        lambda: rebuild(data, WordEmbedder()),
        lambda: Library.open(data, embedder=WordEmbedder()),
    )
    for opening in openings:
        with pytest.raises(IndexDamaged, match=r"is damaged \(it is empty\)\. Restore the data folder"):
            opening()
    assert (data / f"{CATALOG}-wal").read_bytes() == b"changes"
    restore(tmp_path / "backup", data, replace=True)
    with Library.open(data, embedder=WordEmbedder()) as library:
        assert len(library.documents()) == 5


def test_a_catalog_that_a_restore_made_shorter_is_no_damage(tmp_path: Path) -> None:
    with seeds_library(tmp_path / "data") as library:
        backup(library.data, tmp_path / "backup")
        library.put_many(articles(60))
        write_back(library.data / CATALOG)
        before = (library.data / CATALOG).stat().st_size
        library.ask(QUESTION)
        restore(tmp_path / "backup", library.data, replace=True)
        write_back(library.data / CATALOG)
        assert (library.data / CATALOG).stat().st_size < before
        assert library.ask(QUESTION).status == "answered"
        assert library.put("one", document(prose(1))) == "added"


def test_what_killed_rebuilds_restores_and_deletions_left_goes_at_the_next_start(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    leftovers = [tmp_path / "rebuild", tmp_path / "restore", tmp_path / "deleted-1"]
    leftovers += [tmp_path / DERIVED_FOLDER / "deleted-2"]
    for folder in leftovers:
        folder.mkdir()
        (folder / "catalog.sqlite").write_text("half")
    lock = WriteLock(tmp_path)
    with lock.held(), opened(tmp_path):
        assert [folder.exists() for folder in leftovers] == [True, True, True, False]
    with opened(tmp_path) as library:
        assert library.info().documents == 5
    assert [folder.exists() for folder in leftovers] == [False] * 4


def test_closing_ends_a_change_that_is_being_embedded_and_stores_nothing(tmp_path: Path) -> None:
    embedder = HeldEmbedder()
    library = seeds_library(tmp_path, embedder=embedder)
    before = library.info()
    with ThreadPoolExecutor(1) as threads:
        embedder.go.clear()
        while embedder.entered.acquire(blocking=False):
            pass
        change = threads.submit(library.put, "large", document(prose(1, paragraphs=200)))
        assert embedder.entered.acquire(timeout=30)
        library.close()  # it does not wait for the change
        embedder.go.set()
        with pytest.raises(IndexUnusable, match="was closed"):
            change.result(timeout=30)
    with opened(tmp_path) as again:
        assert again.info() == before
        again.put("large", document(prose(1)))  # the lock is free


def test_a_document_that_is_being_embedded_keeps_no_other_change_waiting(tmp_path: Path) -> None:
    embedder = HeldEmbedder()
    library = seeds_library(tmp_path, embedder=embedder)
    with ThreadPoolExecutor(1) as threads, library:
        embedder.go.clear()
        while embedder.entered.acquire(blocking=False):
            pass
        change = threads.submit(library.put, "large", document(prose(1)))
        assert embedder.entered.acquire(timeout=30)
        library.remove(FIRST)
        with WriteLock(tmp_path, 0).held():  # as another process would
            pass
        embedder.go.set()
        assert change.result(timeout=30) == "added"


def test_vectors_of_another_state_are_made_again_where_they_are_missing(tmp_path: Path) -> None:
    story = document(prose(1))
    with seeds_library(tmp_path) as library:
        library.put("one", story)
        assert library.embed([("one", story), ("two", story)])[0] is None
        vectors = library.embed([("one", story)])
        library.remove("one")
        assert library.put("one", story, vectors=vectors) == "added"
        assert library.verify().mismatches == ()
        assert "one" in [passage.citation.document_id for passage in library.ask(prose(1).decode()[30:90]).passages]


def test_a_precondition_that_fails_is_noticed_before_anything_is_embedded(tmp_path: Path) -> None:
    embedder = HeldEmbedder()
    with seeds_library(tmp_path, embedder=embedder) as library:
        while embedder.entered.acquire(blocking=False):
            pass
        with pytest.raises(PreconditionFailed):
            library.put(FIRST, document(prose(1)), precondition=if_match(FIRST, "another"))
        assert not embedder.entered.acquire(blocking=False)


def test_closing_waits_for_no_other_process(tmp_path: Path) -> None:
    library = seeds_library(tmp_path)
    holder = WriteLock(tmp_path)
    with holder.held(), ThreadPoolExecutor(1) as threads:
        change = threads.submit(library.put, "one", document(prose(1)))
        library.close()
        with pytest.raises(IndexUnusable):
            change.result(timeout=30)
