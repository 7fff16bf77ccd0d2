"""`verify` re-reads every source and names whatever does not hold."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import FIRST, WordEmbedder, seeds_library
from tests.support.paths import SEEDS
from wherefrom.index.errors import DocumentNotFound, IndexUnusable
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.verify import verify_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def test_every_paragraph_and_sentence_of_the_seeds_holds(folder: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        ingest(library, [folder])
        found = library.verify()
        sentences = sum(len(p.sentences) for d in library.documents() for p in library.paragraphs(d.document_id))
    assert (found.documents, found.paragraphs, found.sentences, found.mismatches) == (5, 68, sentences, ())
    assert verify_folder(tmp_path / "data") == found


@pytest.mark.parametrize(("change", "reason"), [("edited", "changed since"), ("gone", "cannot be read")])
def test_a_source_that_is_not_what_was_indexed_is_named(folder: Path, tmp_path: Path, change: str, reason: str) -> None:
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        ingest(library, [folder])
        file = folder / FIRST
        if change == "gone":
            file.unlink()
        else:
            file.write_bytes(file.read_bytes().replace(b"radar", b"RADAR"))
        (mismatch,) = library.verify().mismatches
    assert (mismatch.document_id, mismatch.paragraph, mismatch.sentence) == (FIRST, None, None)
    assert reason in mismatch.reason


def test_headings_are_counted_and_one_that_is_not_what_stands_in_the_source_is_named(tmp_path: Path) -> None:
    read = document((SEEDS / FIRST).read_bytes(), FIRST)
    subhead = read.headings[0]
    with Library.open(tmp_path / "right", embedder=WordEmbedder()) as library:
        library.put("sent", read)
        assert (library.verify().headings, library.verify().mismatches) == (2, ())
    with Library.open(tmp_path / "wrong", embedder=WordEmbedder()) as library:
        library.put("sent", replace(read, headings=(replace(subhead, text="Small Threats"),)))
        (mismatch,) = library.verify().mismatches
    assert (mismatch.paragraph, mismatch.reason) == (
        None,
        "the subhead on line 21: other text stands at these segments",
    )


def test_a_document_that_was_never_a_file_is_checked_against_its_own_bytes(tmp_path: Path) -> None:
    raw = prose(3)
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("sent", document(raw))
        assert library.verify().mismatches == ()


def test_a_folder_without_an_index_is_an_error_and_stays_empty(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="wherefrom index"):
        verify_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_document_is_verified_as_all_are(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        whole = library.verify()
        parts = [library.verify_document(summary.document_id) for summary in library.documents()]
        assert sum(part.sentences for part in parts) == whole.sentences
        assert sum(part.paragraphs for part in parts) == whole.paragraphs
        assert sum(part.headings for part in parts) == whole.headings
        assert all(part.mismatches == () for part in parts)
        with pytest.raises(DocumentNotFound):
            library.verify_document("none")
