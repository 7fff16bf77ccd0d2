"""A folder that is being deleted never looks like a whole one."""

import shutil
from pathlib import Path

import pytest

from wherefrom.index.files.folder_removal import is_leftover, remove_folder, remove_leftovers


def test_a_folder_goes_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "base" / "inner").mkdir(parents=True)
    (tmp_path / "base" / "inner" / "file").write_text("x")
    remove_folder(tmp_path / "base")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    remove_folder(tmp_path / "none")
    remove_leftovers(tmp_path / "none")


def test_a_removal_that_is_killed_leaves_a_folder_of_another_name_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "file").write_text("x")
    (tmp_path / "other").mkdir()

    def kill(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", kill)
        with pytest.raises(KeyboardInterrupt):
            remove_folder(tmp_path / "base")
    left = [path for path in tmp_path.iterdir() if path.name != "other"]
    assert len(left) == 1
    assert is_leftover(left[0])
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
