"""Each record is a document, equal ones are one, and no id is taken in silence."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.ingest import FileResult, ingest
from wherefrom.index.library import Library
from wherefrom.index.sources.read_result import SourceNote

WIRE = prose(3).decode()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "data", embedder=WordEmbedder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    return tmp_path / "feeds"


def write(file: Path, *rows: dict[str, object]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def changes(results: tuple[FileResult, ...]) -> list[str | None]:
    return [result.change if result.duplicate_of is None else "duplicate" for result in results]


def places(library: Library) -> list[str]:
    return sorted(Path(source.source).name for source in library.sources())


def test_one_text_of_several_publishers_is_a_document_of_each(library: Library, folder: Path) -> None:
    (folder / "courier.csv").write_text(f'title,text,publisher\nA,"{WIRE}",Courier\nB,"{WIRE}",Courier\n')
    write(folder / "post.jsonl", {"title": "A", "text": WIRE, "publisher": "Post"})
    assert changes(ingest(library, [folder])) == ["added"] * 3
    assert changes(ingest(library, [folder])) == ["unchanged"] * 3
    assert [(each.publisher, each.documents) for each in library.publishers()] == [("Courier", 2), ("Post", 1)]


def test_articles_that_are_the_same_in_every_respect_are_one_document_and_are_told(
    library: Library, folder: Path
) -> None:
    row: dict[str, object] = {"title": "A", "text": WIRE}
    for name in ("a.jsonl", "b.jsonl"):
        write(folder / name, row, row)
    notes: list[SourceNote] = []
    assert changes(ingest(library, [folder], on_note=notes.append)) == ["added"] + ["duplicate"] * 3
    results = ingest(library, [folder])
    assert changes(results) == ["unchanged"] + ["duplicate"] * 3
    assert [result.duplicate_of for result in results[1:3]] == [f"{folder / 'a.jsonl'}:1"] * 2
    assert [note.text.partition(": ")[2] for note in notes] == [
        f"1, the first of them {folder / 'a.jsonl'}:2 and {folder / 'a.jsonl'}:1",
        f"2, the first of them {folder / 'b.jsonl'}:1 and {folder / 'a.jsonl'}:1",
    ]


@pytest.mark.parametrize("fields", [{}, {"id": "one"}, {"url": "https://example.org/one"}])
def test_equal_articles_are_the_one_whose_path_sorts_first_in_whatever_order_they_are_indexed(
    tmp_path: Path, folder: Path, fields: dict[str, str]
) -> None:
    files = [write(folder / name, {**fields, "text": WIRE}) for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    for number, order in enumerate(permutations(files)):
        with Library.open(tmp_path / f"data-{number}", embedder=WordEmbedder()) as library:
            for file in order:
                ingest(library, [file])
            assert places(library) == ["a.jsonl:1"]
            assert sorted(map(str, changes(ingest(library, [])))) == ["unchanged"]
            assert changes(ingest(library, list(order))).count("duplicate") == 2


def test_a_duplicate_is_the_document_once_the_other_has_left_its_file(library: Library, folder: Path) -> None:
    other: dict[str, object] = {"text": prose(9).decode()}
    first = write(folder / "a.jsonl", {"text": WIRE}, other)
    second = write(folder / "b.jsonl", {"text": WIRE})
    ingest(library, [folder])
    write(first, other)
    ingest(library, [second, first], prune=True)
    assert places(library) == ["a.jsonl:1", "b.jsonl:1"]
    write(first, {"text": WIRE}, other)
    ingest(library, [folder])
    assert places(library) == ["a.jsonl:1", "a.jsonl:2"]
    first.unlink()
    ingest(library, [folder], prune=True)
    assert places(library) == ["b.jsonl:1"]
    assert library.verify().mismatches == ()


def test_an_id_that_another_file_has_with_other_contents_is_refused_and_both_are_named(
    library: Library, folder: Path
) -> None:
    first = write(folder / "a.jsonl", {"id": "one", "text": WIRE})
    second = write(folder / "b.jsonl", {"id": "one", "text": prose(9).decode()})
    for change in ("added", "unchanged"):
        results = ingest(library, [folder])
        assert changes(results) == [change, None]
        assert results[1].error == f"{second}:1: {first}:1 has the same id, or the same url and no id"


def test_an_article_that_replaces_one_of_a_file_that_was_not_read_is_told(library: Library, folder: Path) -> None:
    first = write(folder / "a.jsonl", {"id": "one", "text": WIRE})
    second = write(folder / "b.jsonl", {"id": "one", "text": prose(9).decode()})
    notes: list[SourceNote] = []
    ingest(library, [first])
    assert changes(ingest(library, [second], on_note=notes.append)) == ["updated"]
    assert [note.text.partition(": ")[2] for note in notes] == [f"1, the first of them {second}:1 and {first}:1"]
    assert changes(ingest(library, [folder])) == ["updated", None]
    assert changes(ingest(library, [folder])) == ["unchanged", None]


def test_an_article_that_moved_to_another_file_and_was_edited_is_updated(library: Library, folder: Path) -> None:
    other: dict[str, object] = {"id": "two", "text": prose(9).decode()}
    write(folder / "a.jsonl", {"id": "one", "text": WIRE}, other)
    ingest(library, [folder])
    write(folder / "a.jsonl", other)
    write(folder / "b.jsonl", {"id": "one", "text": prose(7).decode()})
    assert changes(ingest(library, [folder], prune=True)) == ["updated", "updated"]
    assert places(library) == ["a.jsonl:1", "b.jsonl:1"]
