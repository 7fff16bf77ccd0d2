"""Documents whose file or line is gone are found below the paths that are named, and removed on request."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.ingest import FileResult, ingest
from wherefrom.index.library import Library
from wherefrom.index.syncing.gone_documents import GoneDocument, Scope, is_missing


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "data", embedder=WordEmbedder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    (folder / "deep").mkdir(parents=True)
    for seed, name in enumerate(("a.txt", "b.txt", "deep/c.txt")):
        (folder / name).write_bytes(prose(seed))
    return folder


def ids(library: Library) -> list[str]:
    return [summary.document_id for summary in library.documents()]


def write_lines(file: Path, seeds: Sequence[int]) -> None:
    file.write_text("".join(json.dumps({"id": f"line-{n}", "text": prose(n).decode()}) + "\n" for n in seeds))


def gone(library: Library, paths: Sequence[Path], *, prune: bool = False) -> list[tuple[str, str]]:
    found: list[GoneDocument] = []
    ingest(library, paths, on_gone=found.append, prune=prune)
    return [(each.document_id, each.what) for each in found]


def test_a_document_whose_file_is_gone_is_told_and_kept(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").unlink()
    assert gone(library, [folder]) == [("a.txt", "file")]
    assert gone(library, []) == [("a.txt", "file")]
    assert "a.txt" in ids(library)


def test_pruning_removes_what_is_gone_below_the_named_paths_alone(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "b.txt").rename(other / "d.txt")
    ingest(library, [folder, other])
    library.put("sent", document(prose(70)))
    for file in (folder / "a.txt", other / "d.txt", folder / "deep" / "c.txt"):
        file.unlink()
    assert [what for _, what in gone(library, [folder / "deep"], prune=True)] == ["file"]
    assert gone(library, [folder], prune=True) == [("a.txt", "file")]
    assert gone(library, [other], prune=True) == [("d.txt", "file")]
    assert "sent" in ids(library)
    assert gone(library, [folder, other]) == []


def test_a_line_that_left_its_file_is_gone(library: Library, folder: Path) -> None:
    file = folder / "more.jsonl"
    write_lines(file, (10, 11, 12))
    ingest(library, [folder])
    write_lines(file, (10, 12))
    assert gone(library, [file]) == [("line-11", "article")]
    assert gone(library, [folder], prune=True) == [("line-11", "article")]
    assert "line-11" not in ids(library)
    assert library.verify().mismatches == ()


def test_a_line_that_moved_to_another_file_is_not_gone(library: Library, folder: Path) -> None:
    write_lines(folder / "x.jsonl", (10, 11))
    write_lines(folder / "y.jsonl", (12,))
    ingest(library, [folder])
    write_lines(folder / "x.jsonl", (10,))
    write_lines(folder / "y.jsonl", (12, 11))
    assert gone(library, [folder], prune=True) == []
    assert "line-11" in ids(library)


def test_lines_of_a_file_that_cannot_be_read_to_its_end_are_not_gone(library: Library, folder: Path) -> None:
    file = folder / "more.jsonl.gz"
    plain = folder / "more.jsonl"
    write_lines(plain, range(10, 40))
    shutil.move(plain, file)
    ingest(library, [folder])
    count = len(ids(library))
    file.write_bytes(b"\x1f\x8b" + file.read_bytes()[:100])
    assert gone(library, [folder], prune=True) == []
    assert len(ids(library)) == count


def test_a_line_that_is_refused_now_is_not_gone(library: Library, folder: Path) -> None:
    file = folder / "more.jsonl"
    write_lines(file, (10, 11))
    ingest(library, [folder])
    first, _ = file.read_text().splitlines()
    for second in ('{"id": "line-11", "text": ""}', "{", f'{{"id": "line-11", "text": "{"Home News " * 9}"}}'):
        file.write_text(f"{first}\n{second}\n")
        assert gone(library, [folder], prune=True) == []


def test_a_file_that_is_refused_now_is_not_gone(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").write_bytes(b"\x00" * 64)
    (folder / "b.txt").write_bytes(b"")
    assert gone(library, [folder], prune=True) == []
    assert len(ids(library)) == 3


def test_a_pattern_covers_the_files_that_match_it(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").unlink()
    (folder / "deep" / "c.txt").unlink()
    assert gone(library, [folder / "*.txt"], prune=True) == [("a.txt", "file")]
    assert [what for _, what in gone(library, [folder / "**" / "*.txt"], prune=True)] == ["file"]
    assert ids(library) == ["b.txt"]


def test_a_folder_or_file_that_is_gone_altogether_can_be_pruned(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    shutil.rmtree(folder / "deep")
    (folder / "a.txt").unlink()
    assert all(result.error for result in ingest(library, [folder / "deep", folder / "a.txt"]))
    assert ingest(library, [folder / "deep", folder / "a.txt"], prune=True) == ()
    assert ids(library) == ["b.txt"]
    (folder / "b.txt").unlink()
    assert ingest(library, [folder], prune=True) == ()
    assert ids(library) == []
    assert [result.error is None for result in ingest(library, [folder], prune=True)] == [False]


def test_what_cannot_be_looked_at_is_not_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    assert is_missing(folder / "z.txt")
    assert is_missing(folder / "a.txt" / "z.txt")
    assert is_missing(folder)
    assert not is_missing(folder / "a.txt")
    monkeypatch.setattr(Path, "stat", refuse)
    assert not is_missing(folder / "z.txt")


def test_standard_input_covers_no_file(folder: Path) -> None:
    assert not Scope([Path("-")]).covers(folder / "a.txt")
    assert Scope([]).covers(folder / "a.txt")
    assert not Scope([folder / "a"]).covers(folder / "a.txt")


def test_a_document_that_another_process_puts_again_meanwhile_is_not_removed(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").unlink()
    found: list[GoneDocument] = []

    def restore(_: FileResult) -> None:
        library.put("a.txt", document(prose(90)))

    ingest(library, [folder], restore, on_gone=found.append, prune=True)
    assert found == []
    assert "a.txt" in ids(library)
