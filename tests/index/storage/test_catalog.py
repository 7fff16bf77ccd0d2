"""The catalog keeps what it is given, whole or not at all, and counts it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import articles, document, prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.paragraph_vectors import embed_documents
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.errors import DocumentNotFound, IndexMismatch, IndexUnusable, StorageFull, StorageReadOnly
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.storage import schema
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.storage.digests import document_digest
from wherefrom.index.storage.serialization import dump_given, dump_metadata
from wherefrom.index.types import Document, Given, Metadata, RawSource

EMBEDDER = WordEmbedder()
MODEL = EMBEDDER.identity


def put(catalog: Catalog, document_id: str, read: Document) -> None:
    catalog.put(document_id, read, document_digest(document_id, read), embed_documents([read], EMBEDDER)[0], path=None)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog.open(tmp_path / "catalog.sqlite", model=MODEL, cleaner="1")
    yield opened
    opened.close()


def test_a_document_comes_back_as_it_was_put(catalog: Catalog) -> None:
    raw = prose(1)
    read = document(raw, "stories/one.txt")
    put(catalog, "one", read)
    assert catalog.raw("one") == raw
    assert catalog.paragraphs("one") == read.paragraphs
    assert catalog.source("one").metadata == read.metadata
    assert catalog.source("one").source == "stories/one.txt"


def test_extra_fields_come_back_with_their_types(catalog: Catalog) -> None:
    extra: dict[str, ExtraValue] = {
        "year": 2016,
        "score": 0.5,
        "opinion": False,
        "tags": ("a", 1, True),
        "big": 2**60 + 1,
        "é": "",
    }
    read = extract(RawSource(name="one.txt", raw=prose(1), given=Given(language="pt-BR", extra=extra)))
    put(catalog, "one", read)
    assert catalog.source("one").given == read.given
    assert catalog.source("one").metadata == read.metadata
    assert str(catalog.source("one").metadata.extra) == str(dict(sorted(extra.items())))


def test_a_document_without_language_and_extra_fields_is_stored_as_before_there_were_any() -> None:
    assert "language" not in dump_metadata(Metadata(title="x")) + dump_given(Given(title="x"))
    assert "extra" not in dump_metadata(Metadata(title="x")) + dump_given(Given(title="x"))


def test_vectors_come_back_bit_for_bit(catalog: Catalog) -> None:
    read = document(prose(2))
    vectors = embed_documents([read], EMBEDDER)[0]
    catalog.put("two", read, document_digest("two", read), vectors, path=None)
    stored = catalog.vectors("two")
    assert [each.stored() for each in stored] == [each.stored() for each in vectors]
    np.testing.assert_array_equal(stored[0].sentences, vectors[0].sentences)


def test_a_changed_document_replaces_its_paragraphs(catalog: Catalog) -> None:
    put(catalog, "one", document(prose(1, 6)))
    changed = document(prose(9, 3))
    put(catalog, "one", changed)
    assert catalog.paragraphs("one") == changed.paragraphs
    assert catalog.manifest()["documents"] == "1"
    assert catalog.manifest()["passages"] == str(len(changed.paragraphs))


def test_a_removed_document_leaves_nothing_behind(catalog: Catalog) -> None:
    empty = dict(catalog.manifest())
    put(catalog, "one", document(prose(1)))
    catalog.remove("one")
    assert list(catalog.ids()) == []
    assert {**catalog.manifest(), "revision": "0"} == empty
    with pytest.raises(DocumentNotFound, match="'one'"):
        catalog.raw("one")


def test_a_full_disk_is_named_and_changes_nothing(catalog: Catalog) -> None:
    put(catalog, "one", document(prose(1)))
    pages = catalog.connection.sqlite.execute("PRAGMA page_count").fetchone()[0]
    catalog.connection.sqlite.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull, match="disk is full"):
        put(catalog, "two", document(prose(2, 200)))
    assert [source.document_id for source in catalog.sources()] == ["one"]


def test_a_catalog_that_cannot_be_written_to_is_named_and_still_read(catalog: Catalog) -> None:
    put(catalog, "one", document(prose(1)))
    catalog.connection.sqlite.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageReadOnly, match="cannot be written to"):
        catalog.remove("one")
    assert catalog.raw("one") == prose(1)


def test_removing_what_is_not_there_is_an_error_and_changes_nothing(catalog: Catalog) -> None:
    put(catalog, "one", document(prose(1)))
    before = dict(catalog.manifest())
    with pytest.raises(DocumentNotFound):
        catalog.remove("two")
    assert dict(catalog.manifest()) == before


def test_a_put_that_fails_half_way_leaves_the_old_document(catalog: Catalog) -> None:
    read = document(prose(1))
    put(catalog, "one", read)
    before = dict(catalog.manifest())
    other = document(prose(2))
    too_few = embed_documents([other], EMBEDDER)[0][:-1]
    with pytest.raises(ValueError, match="zip"):
        catalog.put("one", other, document_digest("one", other), too_few, path=None)
    assert catalog.paragraphs("one") == read.paragraphs
    assert dict(catalog.manifest()) == before


def test_equal_contents_have_equal_generations_whatever_their_history(tmp_path: Path) -> None:
    wanted = list(articles(3))
    straight = Catalog.open(tmp_path / "straight.sqlite", model=MODEL, cleaner="1")
    for item in wanted:
        put(straight, *item)
    winding = Catalog.open(tmp_path / "winding.sqlite", model=MODEL, cleaner="1")
    put(winding, "story-001", document(prose(77)))
    put(winding, "gone", document(prose(78)))
    for item in reversed(wanted):
        put(winding, *item)
    winding.remove("gone")
    assert schema.generation(winding.manifest()) == schema.generation(straight.manifest())
    put(winding, "one-more", document(prose(79)))
    assert schema.generation(winding.manifest()) != schema.generation(straight.manifest())
    straight.close()
    winding.close()


def test_a_snapshot_does_not_see_what_is_written_meanwhile(catalog: Catalog) -> None:
    reader = Catalog.open(catalog.connection.path, model=MODEL, cleaner="1")
    with reader.connection.snapshot():
        before = reader.revision()
        put(catalog, "one", document(prose(1)))
        assert reader.revision() == before
        assert list(reader.sources()) == []
    assert reader.revision() == before + 1
    reader.close()


@pytest.mark.parametrize(
    "other",
    [
        ModelIdentity(name="other", sha256="1" * 64, dimension=MODEL.dimension, files={}),
        ModelIdentity(name=MODEL.name, sha256=MODEL.sha256, dimension=MODEL.dimension + 1, files={}),
        ModelIdentity(name=MODEL.name, sha256=MODEL.sha256, dimension=MODEL.dimension, files={"vocab.txt": "2" * 64}),
    ],
    ids=["weights", "dimension", "tokenizer"],
)
def test_another_model_is_refused_with_what_to_run(catalog: Catalog, other: ModelIdentity) -> None:
    with pytest.raises(IndexMismatch, match="wherefrom index --rebuild"):
        Catalog.open(catalog.connection.path, model=other, cleaner="1")


def test_a_tokenizer_that_differs_is_named(catalog: Catalog) -> None:
    other = ModelIdentity(name=MODEL.name, sha256=MODEL.sha256, dimension=MODEL.dimension, files={"vocab.txt": "2"})
    with pytest.raises(IndexMismatch, match=r"files that differ: vocab\.txt"):
        Catalog.open(catalog.connection.path, model=other, cleaner="1")


def test_another_cleaner_is_refused_with_what_to_run(catalog: Catalog) -> None:
    with pytest.raises(IndexMismatch, match=r"cleaned by version 1.*--rebuild"):
        Catalog.open(catalog.connection.path, model=MODEL, cleaner="2")


def test_another_schema_is_refused_with_what_to_run(catalog: Catalog) -> None:
    catalog.connection.sqlite.execute("PRAGMA user_version = 3")
    with pytest.raises(IndexMismatch, match=r"schema version 3.*--rebuild"):
        Catalog.open(catalog.connection.path, model=MODEL, cleaner="1")


def test_a_newer_schema_is_refused_with_the_advice_to_upgrade(catalog: Catalog) -> None:
    catalog.connection.sqlite.execute("PRAGMA user_version = 99")
    with pytest.raises(IndexMismatch, match=r"schema version 99.*newer version.*upgrade") as refused:
        Catalog.open(catalog.connection.path, model=MODEL, cleaner="1")
    assert "--rebuild" not in str(refused.value)


def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415

    path = tmp_path / "catalog.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(IndexUnusable, match="not a Wherefrom catalog"):
        Catalog.open(path, model=MODEL, cleaner="1")


def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"not a database, but long enough to be looked at" * 40)
    before = path.read_bytes()
    with pytest.raises(IndexUnusable, match="damaged"):
        Catalog.open(path, model=MODEL, cleaner="1")
    assert path.read_bytes() == before
