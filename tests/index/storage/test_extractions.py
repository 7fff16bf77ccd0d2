from pathlib import Path

import pytest

from tests.support.library_samples import WordEmbedder
from tests.support.pdf_files import Layout, pages_of, pdf_bytes
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import IndexDamaged
from wherefrom.index.library import Library
from wherefrom.index.storage import integrity, row_checks
from wherefrom.index.storage.backup import backup, restore
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.extractions import load_page
from wherefrom.index.storage.serialization import UnreadableValue
from wherefrom.index.types import Document, PageCitation, RawSource

SENTENCES = [
    "The harbour council voted on Monday to close the old bridge over the river before the winter begins this year.",
    "The ferry takes its place until a new bridge is built, which takes two years, as the mayor of the town has said.",
]


def pdf() -> Document:
    return extract(RawSource(name="a.pdf", raw=pdf_bytes(pages_of(SENTENCES, Layout(bottom=115.0)))))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        library.put("a", pdf())
    return tmp_path / "data"


def catalog_of(data: Path) -> Catalog:
    return Catalog.open(data / CATALOG, model=WordEmbedder().identity, cleaner=CLEANER_VERSION)


def test_text_and_pages_come_back_as_they_were(data: Path) -> None:
    catalog, document = catalog_of(data), pdf()
    assert document.extraction is not None
    assert catalog.text("a") == document.extraction.text
    assert catalog.pages("a") == document.extraction.pages
    source = catalog.source("a")
    assert (source.extractor, source.text_sha256) == (document.extraction.extractor, document.extraction.text_sha256)
    catalog.close()


def test_a_citation_has_the_boxes_of_its_page(data: Path) -> None:
    with Library.open(data, embedder=WordEmbedder()) as library:
        citation = library.cite("a", 2)
        assert isinstance(citation, PageCitation)
        assert citation.page == 2
        passage = library.ask(SENTENCES[1]).passages[0]
        assert isinstance(passage.citation, PageCitation)
        assert passage.citation.page == 2
        assert library.put("a", pdf()) == "unchanged"
        assert not library.verify().mismatches


def test_a_replaced_or_removed_document_leaves_no_pages(data: Path) -> None:
    with Library.open(data, embedder=WordEmbedder()) as library:
        library.put("a", extract(RawSource(name="a.txt", raw=SENTENCES[0].encode())))
        assert library.text("a") == SENTENCES[0]
    catalog = catalog_of(data)
    assert not catalog.pages("a")
    assert catalog.connection.sqlite.execute("SELECT count(*) FROM extracted_texts").fetchone() == (0,)
    catalog.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE extracted_texts SET text = CAST('Another text.' AS BLOB)",
        "DELETE FROM extracted_texts",
        "DELETE FROM pages WHERE number = 2",
        "UPDATE pages SET layout = replace(layout, '612', '600')",
        "UPDATE documents SET extraction = replace(extraction, 'pypdfium2', 'other')",
        "UPDATE documents SET extraction = 'x'",
    ],
)
def test_a_change_of_what_was_extracted_is_damage(data: Path, change: str) -> None:
    catalog = catalog_of(data)
    catalog.connection.sqlite.execute(change)
    with pytest.raises(IndexDamaged), catalog.connection.translating_errors():
        integrity.check_document(catalog.connection, "a")
    catalog.close()


@pytest.mark.parametrize("layout", ["x", "[1, 2]", '[1, 2, [[1, 2, "a"]]]', "[1, [], []]"])
def test_a_page_that_is_none_is_unreadable(layout: str) -> None:
    with pytest.raises(UnreadableValue):
        load_page((1, 0, 1, layout))


def test_a_page_outside_of_the_text_is_refused_in_a_backup(data: Path) -> None:
    catalog = catalog_of(data)
    catalog.connection.sqlite.execute("UPDATE pages SET last = 100000 WHERE number = 2")
    with pytest.raises(IndexDamaged, match="page 2"):
        row_checks.check(catalog)
    catalog.close()


def test_a_backup_has_the_extracted_text_and_the_pages(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored")
    catalog = catalog_of(tmp_path / "restored")
    assert catalog.pages("a") == pdf().extraction.pages  # type: ignore[union-attr]
    catalog.close()
