"""A file that was renamed keeps its document; a copy is a document of its own."""

import gzip
import shutil
from pathlib import Path

import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "data", embedder=WordEmbedder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    folder.mkdir()
    for seed, name in enumerate(("a.txt", "b.txt", "c.txt")):
        (folder / name).write_bytes(prose(seed))
    return folder


def places(library: Library) -> dict[str, str]:
    return {source.document_id: Path(source.source).name for source in library.sources()}


def test_a_renamed_file_is_the_same_document_in_its_new_place(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").rename(folder / "z.txt")
    (folder / "deep").mkdir()
    (folder / "b.txt").rename(folder / "deep" / "b.txt")
    assert [result.change for result in ingest(library, [folder])] == ["unchanged", "updated", "updated"]
    assert places(library) == {"a.txt": "z.txt", "b.txt": "b.txt", "c.txt": "c.txt"}
    assert library.source("b.txt").path == folder / "deep" / "b.txt"
    assert {result.change for result in ingest(library, [folder])} == {"unchanged"}
    assert library.verify().mismatches == ()


def test_a_file_whose_old_place_is_a_link_to_it_is_the_same_document(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").rename(folder / "z.txt")
    (folder / "a.txt").symlink_to("z.txt")
    assert [result.change for result in ingest(library, [folder])] == ["unchanged", "unchanged", "updated"]
    folder.rename(folder.with_name("moved"))
    folder.symlink_to("moved")
    assert {result.change for result in ingest(library, [folder])} == {"updated"}
    assert places(library) == {"a.txt": "z.txt", "b.txt": "b.txt", "c.txt": "c.txt"}
    assert {source.path for source in library.sources()} == {
        folder.with_name("moved") / name for name in ("z.txt", "b.txt", "c.txt")
    }
    assert {result.change for result in ingest(library, [])} == {"unchanged"}


def test_a_copy_is_a_document_of_its_own(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    shutil.copy(folder / "a.txt", folder / "z.txt")
    ingest(library, [folder])
    assert places(library) == {"a.txt": "a.txt", "b.txt": "b.txt", "c.txt": "c.txt", "z.txt": "z.txt"}


def test_equal_files_that_were_renamed_are_each_a_document(library: Library, folder: Path) -> None:
    shutil.copy(folder / "a.txt", folder / "b.txt")
    ingest(library, [folder])
    (folder / "a.txt").rename(folder / "y.txt")
    (folder / "b.txt").rename(folder / "z.txt")
    ingest(library, [folder])
    assert places(library) == {"a.txt": "y.txt", "b.txt": "z.txt", "c.txt": "c.txt"}


def test_the_old_name_of_a_renamed_file_can_be_used_again(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").rename(folder / "z.txt")
    ingest(library, [folder])
    (folder / "a.txt").write_bytes(prose(50))
    ingest(library, [folder])
    stored = places(library)
    assert stored["a.txt"] == "z.txt"
    assert sorted(stored.values()) == ["a.txt", "b.txt", "c.txt", "z.txt"]
    assert library.raw("a.txt") == prose(0)


def test_a_file_that_was_compressed_is_the_same_document(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt.gz").write_bytes(gzip.compress((folder / "a.txt").read_bytes()))
    (folder / "a.txt").unlink()
    ingest(library, [folder])
    assert places(library)["a.txt"] == "a.txt.gz"


def test_a_line_with_the_text_of_a_file_is_no_name_of_that_file(library: Library, folder: Path) -> None:
    lines = folder / "more.jsonl"
    lines.write_bytes(b'{"id": "one", "text": "' + prose(9).replace(b"\n", b"\\n") + b'"}\n')
    ingest(library, [folder])
    lines.unlink()
    (folder / "z.txt").write_bytes(prose(9))
    ingest(library, [folder])
    assert places(library)["z.txt"] == "z.txt"
