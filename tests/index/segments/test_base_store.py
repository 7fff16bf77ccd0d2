"""What is left of bases that were being made or deleted is never taken for damage."""

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.support.library_samples import WordEmbedder, seeds_library
from wherefrom.index.library import Library
from wherefrom.index.segments import base_format
from wherefrom.index.segments.base_store import ABANDONED_SECONDS, DERIVED_FOLDER, find_damage
from wherefrom.index.verify import verify_folder


@pytest.fixture
def derived(tmp_path: Path) -> Path:
    seeds_library(tmp_path).close()
    return tmp_path / DERIVED_FOLDER


def test_a_base_whose_deletion_was_killed_is_no_damage_and_goes_at_the_next_start(
    derived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (base,) = derived.iterdir()

    def delete_half(folder: Path, **_: object) -> None:
        next(iter(sorted(folder.iterdir()))).unlink()
        raise KeyboardInterrupt

    with Library.open(derived.parent, embedder=WordEmbedder()) as library:
        for summary in library.documents()[:4]:
            library.remove(summary.document_id)
        with monkeypatch.context() as patched:
            patched.setattr(shutil, "rmtree", delete_half)
            with pytest.raises(KeyboardInterrupt):
                library.refresh()
    assert not base.exists()
    assert len(list(derived.iterdir())) == 2
    assert verify_folder(derived.parent).damaged == ()
    Library.open(derived.parent, embedder=WordEmbedder()).close()
    assert len(list(derived.iterdir())) == 1


def test_a_base_that_is_replaced_while_it_is_checked_is_no_damage(
    derived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = base_format.check

    def replaced_meanwhile(folder: Path, *, whole: bool) -> None:
        shutil.rmtree(folder)
        check(folder, whole=whole)

    monkeypatch.setattr(base_format, "check", replaced_meanwhile)
    assert list(find_damage(derived)) == []


def test_the_temporary_folder_of_a_killed_process_goes_at_a_start_and_that_of_a_running_one_stays(
    derived: Path,
) -> None:
    killed, running = derived / "tmp-killed", derived / "tmp-running"
    for folder in (killed, running):
        folder.mkdir()
        (folder / "units.bin").write_bytes(b"half")
    long_ago = time.time() - ABANDONED_SECONDS - 60
    os.utime(killed, (long_ago, long_ago))
    Library.open(derived.parent, embedder=WordEmbedder()).close()
    assert not killed.exists()
    assert running.exists()
