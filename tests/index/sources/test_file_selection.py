"""A path selects files; each has a name that stays the same when its folder moves."""

from pathlib import Path

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_selection import SelectedFile, select_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.txt", "deep/b.html", "deep/c.jsonl.gz", "deep/d.jpg", ".hidden/e.txt"):
        path = tmp_path / "stories" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "stories"


def names(path: Path) -> list[str]:
    return [file.name for file in select_files(path) if isinstance(file, SelectedFile)]


def test_a_folder_selects_the_readable_files_below_it(folder: Path) -> None:
    assert names(folder) == ["a.txt", "deep/b.html", "deep/c.jsonl.gz"]


def test_a_pattern_selects_the_files_that_match_it(folder: Path) -> None:
    assert names(folder / "*.txt") == ["a.txt"]
    assert names(folder / "**" / "*.html") == ["deep/b.html"]
    assert names(folder / "deep" / "[bc].*") == ["b.html", "c.jsonl.gz"]


def test_a_pattern_without_a_match_is_rejected_by_name(folder: Path) -> None:
    (error,) = select_files(folder / "*.pdf")
    assert isinstance(error, SourceRejected)
    assert str(error) == f"{folder / '*.pdf'}: matches no file"


def test_a_file_whose_name_looks_like_a_pattern_is_selected(folder: Path) -> None:
    (folder / "[a].txt").touch()
    assert names(folder / "[a].txt") == ["[a].txt"]


def test_a_hyphen_selects_standard_input() -> None:
    assert names(Path("-")) == ["-"]
