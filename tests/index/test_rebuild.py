"""An index is rebuilt from the sources it stores, as a whole or not at all."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from tests.support.documents import articles, prose, read
from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from tests.support.sticking_worker import STUCK, start_sticking_process
from wherefrom.index import rebuild
from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.errors import IndexLocked, IndexMismatch, IndexUnusable, SourceRejected
from wherefrom.index.library import Library
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.schema import SCHEMA_VERSION
from wherefrom.index.types import Given


class OtherEmbedder(WordEmbedder):
    """The same vectors under another name."""

    identity = ModelIdentity(name="other", sha256="9" * 64, dimension=64, files={})


def test_an_index_of_another_model_can_be_rebuilt_for_this_one(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    with pytest.raises(IndexMismatch):
        Library.open(tmp_path, embedder=OtherEmbedder())
    seen: list[str] = []
    assert rebuild.rebuild(tmp_path, OtherEmbedder(), seen.append) == len(seen) == 5
    with Library.open(tmp_path, embedder=OtherEmbedder(), threshold=0.0) as library:
        assert library.info().model == "other"
        assert library.ask(QUESTION).status == "answered"
        assert library.verify().mismatches == ()


def test_an_index_of_another_cleaner_version_can_be_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds_library(tmp_path).close()
    monkeypatch.setattr("wherefrom.index.embedded.CLEANER_VERSION", "999")
    with pytest.raises(IndexMismatch, match="999"):
        Library.open(tmp_path, embedder=WordEmbedder())
    rebuild.rebuild(tmp_path, WordEmbedder())
    Library.open(tmp_path, embedder=WordEmbedder()).close()


def test_a_rebuild_keeps_the_media_type_and_given_metadata_of_each_source(tmp_path: Path) -> None:
    raw = b"<!DOCTYPE html><p>The bridge was <b>closed</b> on Monday, the mayor&rsquo;s office said in the town.</p>"
    given = Given(title="Mine", url="https://example.org/", published=date(2016, 2, 2))
    document = read(raw, source="sent", media_type="text/html", given=given)
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("sent", document)
    rebuild.rebuild(tmp_path, OtherEmbedder())
    with Library.open(tmp_path, embedder=OtherEmbedder()) as library:
        source = library.source("sent")
        assert (source.media_type, source.given, source.metadata.title) == ("text/html", given, "Mine")
        assert library.verify().mismatches == ()
        assert library.put("sent", document) == "unchanged"


def test_an_index_of_schema_version_1_can_be_rebuilt(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    old = sqlite3.connect(tmp_path / CATALOG)
    old.execute("ALTER TABLE documents DROP COLUMN media_type")
    old.execute("ALTER TABLE documents DROP COLUMN given")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with pytest.raises(IndexMismatch, match=r"schema version 1.*--rebuild"):
        Library.open(tmp_path, embedder=WordEmbedder())
    assert rebuild.rebuild(tmp_path, WordEmbedder()) == 5
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        assert library.info().passages == 68


def test_an_index_of_a_newer_schema_is_not_rebuilt(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    newer = sqlite3.connect(tmp_path / CATALOG)
    newer.execute("ALTER TABLE documents ADD COLUMN pages TEXT")
    newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer.commit()
    newer.close()
    before = (tmp_path / CATALOG).read_bytes()
    with pytest.raises(IndexMismatch, match="upgrade the program"):
        rebuild.rebuild(tmp_path, WordEmbedder())
    assert (tmp_path / CATALOG).read_bytes() == before
    assert not (tmp_path / "rebuild").exists()


def test_a_rebuild_that_fails_leaves_the_index_unchanged(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()

    def fail(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild.rebuild(tmp_path, OtherEmbedder(), fail)
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        assert library.info().passages == 68


def test_a_rebuild_while_another_process_writes_is_refused(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library, library.writing(), pytest.raises(IndexLocked, match="another process"):
        rebuild.rebuild(tmp_path, OtherEmbedder(), wait=0)


def test_a_process_that_has_the_index_open_sees_the_whole_rebuilt_index(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        library.put_many(articles(30))
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as reader:
        before = reader.ask(QUESTION, top_k=50)
        with Library.open(tmp_path, embedder=WordEmbedder()) as writer:
            writer.put_many(articles(5))
            writer.remove("story-029")
        assert rebuild.rebuild(tmp_path, WordEmbedder()) == 34
        after = reader.ask(QUESTION, top_k=50)
        assert reader.info().documents == 34
        assert reader.verify().mismatches == ()
    assert after.passages[0].citation == before.passages[0].citation
    with Library.open(tmp_path, embedder=WordEmbedder()) as again:
        assert again.verify().documents == 34


def test_a_process_that_has_the_index_open_with_the_old_model_gets_an_error(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    with Library.open(tmp_path, embedder=WordEmbedder()) as reader:
        reader.ask(QUESTION)
        rebuild.rebuild(tmp_path, OtherEmbedder())
        with pytest.raises(IndexMismatch, match="was made with the model other"):
            reader.ask(QUESTION)


def test_a_rebuild_does_not_hide_damage(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    db = sqlite3.connect(tmp_path / CATALOG)
    db.execute("UPDATE documents SET raw = CAST(x'00' || substr(raw, 2) AS BLOB)")
    db.commit()
    db.close()
    with pytest.raises(IndexUnusable, match="not those that were stored"):
        rebuild.rebuild(tmp_path, WordEmbedder())


def test_a_folder_without_an_index_cannot_be_rebuilt(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="no index to rebuild"):
        rebuild.rebuild(tmp_path, WordEmbedder())


def test_a_source_that_a_process_cannot_read_in_time_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        library.put("slow", read(STUCK + prose(1), source="slow.txt"))
        before = library.info()
    with (
        ExtractionPool(seconds_per_mib=2, start=start_sticking_process) as pool,
        pytest.raises(SourceRejected, match=r"slow\.txt: reading it takes longer than 2 s"),
    ):
        rebuild.rebuild(tmp_path, WordEmbedder(), extract=pool.extract)
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        assert library.info() == before
