"""A file that was read and has not changed since need not be read again."""

import os
import time
from pathlib import Path

import pytest

from wherefrom.index.syncing.file_stamps import FileStamps


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text("one")
    return file


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 60 * 10**9)


def read(stamps: FileStamps, file: Path) -> bool:
    changed = stamps.have_changed(file)
    stamps.was_read(file)
    return changed


@pytest.mark.usefixtures("later")
def test_a_file_is_read_once(file: Path) -> None:
    stamps = FileStamps()
    assert [read(stamps, file) for _ in range(3)] == [True, False, False]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("change", ["content", "times", "other file"])
def test_a_file_that_changed_is_read_again(file: Path, change: str) -> None:
    stamps = FileStamps()
    read(stamps, file)
    if change == "content":
        file.write_text("one, two")
    elif change == "times":
        os.utime(file, (1, 1))
    else:
        other = file.with_name("b.txt")
        other.write_text("two")
        other.replace(file)
    assert stamps.have_changed(file)


def test_a_file_that_has_just_changed_is_read_again_since_it_may_change_within_the_same_tick(file: Path) -> None:
    stamps = FileStamps()
    assert [read(stamps, file) for _ in range(2)] == [True, True]


@pytest.mark.usefixtures("later")
def test_a_file_that_changes_while_it_is_read_is_read_again(file: Path) -> None:
    stamps = FileStamps()
    assert stamps.have_changed(file)
    file.write_text("while it was read")
    stamps.was_read(file)
    assert stamps.have_changed(file)


@pytest.mark.usefixtures("later")
def test_every_file_is_read_again_after_forgetting(file: Path) -> None:
    stamps = FileStamps()
    read(stamps, file)
    stamps.forget()
    assert stamps.have_changed(file)


def test_a_missing_file_counts_as_changed(tmp_path: Path) -> None:
    stamps = FileStamps()
    assert [read(stamps, tmp_path / "nowhere.txt") for _ in range(2)] == [True, True]
