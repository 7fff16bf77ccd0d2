"""A path selects files; each has a name that stays the same when its folder moves."""

import errno
import os
from itertools import chain
from pathlib import Path

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_selection import LeftOut, SelectedFile, read_once, select_files


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


def left_out(path: Path, *, follow_links: bool = False) -> dict[str, tuple[str, str]]:
    entries = [entry for entry in select_files(path, follow_links=follow_links) if isinstance(entry, LeftOut)]
    return {entry.path.name: (entry.kind, entry.detail) for entry in entries}


@pytest.fixture
def linked(folder: Path, tmp_path: Path) -> Path:
    """A folder with links: out of it, inside it, to folders, to itself and to nothing."""
    outside = tmp_path / "outside"
    (outside / "sub").mkdir(parents=True)
    (outside / "secret.txt").touch()
    (outside / "sub" / "deep.txt").touch()
    (outside / "sub" / "back").symlink_to(folder)
    (outside / "sub" / "again").symlink_to(outside)
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "inside.txt").symlink_to(folder / "a.txt")
    (folder / "elsewhere").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere.txt").symlink_to(tmp_path / "missing.txt")
    (folder / "self.txt").symlink_to(folder / "self.txt")
    return folder


def test_links_that_lead_out_of_the_folder_are_not_followed_and_told(linked: Path) -> None:
    assert names(linked) == ["a.txt", "deep/b.html", "deep/c.jsonl.gz", "inside.txt"]
    told = left_out(linked)
    assert {name: kind for name, (kind, _) in told.items()} == {
        ".hidden": "hidden",
        "d.jpg": "other file",
        "device.txt": "other file",
        "elsewhere": "link to a folder",
        "loop": "link to a folder",
        "nowhere.txt": "broken link",
        "out.txt": "link out",
        "self.txt": "broken link",
    }


def test_links_out_of_the_folder_are_followed_on_request_and_loops_are_not(linked: Path) -> None:
    with_links = [file.name for file in select_files(linked, follow_links=True) if isinstance(file, SelectedFile)]
    assert with_links == [
        *("a.txt", "deep/b.html", "deep/c.jsonl.gz", "elsewhere/secret.txt", "elsewhere/sub/deep.txt"),
        *("inside.txt", "out.txt"),
    ]
    assert sorted(left_out(linked, follow_links=True)) == sorted(
        [".hidden", "d.jpg", "device.txt", "loop", "nowhere.txt", "self.txt", "back", "again"]
    )


def test_a_pattern_does_not_follow_links_out_of_its_folder(linked: Path) -> None:
    assert names(linked / "*.txt") == ["a.txt", "inside.txt"]
    assert left_out(linked / "*.txt") == {"out.txt": ("link out", "")}


def test_a_link_that_is_named_itself_is_followed(linked: Path) -> None:
    assert names(linked / "out.txt") == ["out.txt"]
    assert names(linked / "elsewhere") == ["secret.txt", "sub/deep.txt"]


def test_a_file_is_read_once_and_under_its_own_name_if_links_lead_to_it_too(linked: Path) -> None:
    (linked / "a-link.html").symlink_to(linked / "deep" / "b.html")
    (linked / "b-link.txt").symlink_to(linked / ".hidden" / "e.txt")
    (linked / "c-link.txt").symlink_to(linked / ".hidden" / "e.txt")
    paths = (linked, linked / "deep", linked / "elsewhere", linked)
    entries = list(read_once(chain.from_iterable(select_files(path, follow_links=True) for path in paths)))
    files = {file.path.relative_to(linked).as_posix() for file in entries if isinstance(file, SelectedFile)}
    same = {entry.path.name: entry.detail for entry in entries if isinstance(entry, LeftOut) and entry.detail}
    assert files == {
        *("a.txt", "deep/b.html", "deep/c.jsonl.gz", "b-link.txt"),
        *("elsewhere/secret.txt", "elsewhere/sub/deep.txt"),
    }
    assert len(entries) == len(set(entries))
    assert (
        same.items()
        >= {
            "a-link.html": str(linked / "deep" / "b.html"),
            "c-link.txt": str(linked / "b-link.txt"),
            "inside.txt": str(linked / "a.txt"),
            "out.txt": str(linked / "elsewhere" / "secret.txt"),
        }.items()
    )


def test_the_folder_that_a_browser_saves_beside_a_page_is_left_out(folder: Path) -> None:
    for name in ("Port story.html", "Port story_files/ad.html", "b-Dateien/frame.htm", "deep/b_files/frame.html"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    assert names(folder) == ["Port story.html", "a.txt", "b-Dateien/frame.htm", "deep/b.html", "deep/c.jsonl.gz"]
    assert left_out(folder)["Port story_files"] == ("parts of a page", "")
    assert left_out(folder)["b_files"] == ("parts of a page", "")
    assert names(folder / "deep" / "b_files") == ["frame.html"]


def test_what_an_office_program_keeps_beside_an_open_document_is_hidden(folder: Path) -> None:
    (folder / "~$port.docx").touch()
    assert left_out(folder)["~$port.docx"] == ("hidden", "")
    assert left_out(folder / "*.docx") == {"~$port.docx": ("hidden", "")}


def test_files_of_other_kinds_and_special_files_are_told(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "README").touch()
    assert left_out(folder) == {
        ".hidden": ("hidden", ""),
        "README": ("other file", ""),
        "d.jpg": ("other file", ".jpg"),
        "pipe.txt": ("other file", "named pipe"),
    }


def test_a_folder_that_cannot_be_listed_is_told_and_the_others_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listdir = os.listdir

    def refuse(path: Path) -> list[str]:
        if path.name == "deep":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return listdir(path)

    monkeypatch.setattr("wherefrom.index.sources.file_selection.os.listdir", refuse)
    assert names(folder) == ["a.txt"]
    assert left_out(folder)["deep"] == ("unreadable", "Permission denied")
