"""Damage to a catalog is found when it is opened, and named."""

import sqlite3
from pathlib import Path

import pytest

from tests.support.documents import articles
from tests.support.library_samples import WordEmbedder
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.storage.catalog import CATALOG


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put_many(articles(3))
    return tmp_path


def reopen(data: Path) -> None:
    Library.open(data, embedder=WordEmbedder()).close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE documents SET raw = x'00' || substr(raw, 2) WHERE document_id = 'story-001'", "bytes of story-001"),
        ("UPDATE documents SET source = 'elsewhere' WHERE document_id = 'story-001'", "paragraphs of story-001"),
        ("UPDATE documents SET metadata = replace(metadata, 'Report', 'Rapport')", "paragraphs of story-000"),
        ("UPDATE paragraphs SET text = 'invented' WHERE document_id = 'story-002'", "paragraphs of story-002"),
        ("UPDATE paragraphs SET place = replace(place, '[[', '[[1') WHERE number = 1", "paragraphs of story-000"),
        ("UPDATE vectors SET paragraph = zeroblob(length(paragraph))", "vectors of story-000"),
        ("DELETE FROM vectors WHERE paragraph_id = 1", "vectors of story-000"),
        ("DELETE FROM documents WHERE document_id = 'story-001'", "manifest"),
        ("UPDATE manifest SET value = '7' WHERE key = 'passages'", "manifest"),
        ("UPDATE manifest SET value = 'x' WHERE key = 'revision'", "manifest"),
        ("UPDATE manifest SET key = 'dimensiom' WHERE key = 'dimension'", "manifest"),
        ("UPDATE manifest SET value = CAST(x'ff' AS TEXT) WHERE key = 'model'", "damaged"),
    ],
)
def test_a_catalog_changed_by_another_program_is_refused(data: Path, statement: str, named: str) -> None:
    db = sqlite3.connect(data / CATALOG)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute(statement)
    db.commit()
    db.close()
    with pytest.raises(IndexUnusable, match=named):
        reopen(data)


@pytest.mark.parametrize("offset", [0, 100, 4096, 8192, 20_480])
def test_a_catalog_overwritten_with_garbage_is_refused_and_left_unchanged(data: Path, offset: int) -> None:
    path = data / CATALOG
    stored = bytearray(path.read_bytes())
    stored[offset : offset + 400] = b"\xa5" * 400
    path.write_bytes(stored)
    with pytest.raises(IndexUnusable, match=CATALOG):
        reopen(data)
    assert path.read_bytes() == stored


def test_a_truncated_catalog_is_refused(data: Path) -> None:
    path = data / CATALOG
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexUnusable, match="damaged"):
        reopen(data)


def test_an_undamaged_catalog_opens(data: Path) -> None:
    reopen(data)
