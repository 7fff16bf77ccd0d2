"""One process writes at a time; an error names the holder of the lock, and readers see consistent states."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.index.test_rebuild import OtherEmbedder
from tests.support.documents import document, prose
from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from tests.support.limited import as_nobody
from wherefrom.index.errors import IndexLocked, IndexMismatch, StorageReadOnly
from wherefrom.index.library import Library, if_match
from wherefrom.index.rebuild import rebuild
from wherefrom.index.storage.write_lock import HOLDER_FILE, WriteLock

HOLD_LOCK_SCRIPT = """
import sys, time
from pathlib import Path
from wherefrom.index.storage.write_lock import WriteLock
with WriteLock(Path(sys.argv[1])).held():
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_writer(data: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the folder's lock until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK_SCRIPT, str(data)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_change_waits_for_another_writer_and_then_names_it(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    with Library.open(tmp_path, embedder=WordEmbedder(), lock_wait=0.1) as library, another_writer(tmp_path) as writer:
        with pytest.raises(IndexLocked, match=rf"-c .*, pid {writer.pid}, since 2.*waited 0\.1 s") as refused:
            library.remove(FIRST)
        assert str(tmp_path) in str(refused.value)
        assert library.has(FIRST)
        assert library.ask(QUESTION).passages


def test_a_killed_writer_does_not_keep_the_lock(tmp_path: Path) -> None:
    seeds_library(tmp_path).close()
    with another_writer(tmp_path) as writer:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert (tmp_path / HOLDER_FILE).exists()
    with Library.open(tmp_path, embedder=WordEmbedder(), lock_wait=0) as library:
        library.remove(FIRST)
    assert not (tmp_path / HOLDER_FILE).exists()


def test_two_libraries_take_turns_to_write_and_see_each_others_changes(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as first, Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as second:
        for seed in range(6):
            library = (first, second)[seed % 2]
            assert library.put("turn", document(prose(seed))) == ("updated" if seed else "added")
        assert first.raw("turn") == second.raw("turn") == prose(5)
        etag = first.document("turn").etag
        second.remove("turn", precondition=if_match("turn", etag))
        assert [summary.document_id for summary in first.documents()].count("turn") == 0
        assert first.ask(QUESTION).index == second.ask(QUESTION).index


def test_the_lock_is_reentrant(tmp_path: Path) -> None:
    lock, other = WriteLock(tmp_path), WriteLock(tmp_path, wait=0)
    with lock.held():
        with lock.held():
            pass
        assert (tmp_path / HOLDER_FILE).exists()
        with pytest.raises(IndexLocked), other.held():
            pass
    with other.held():
        pass


def test_a_change_is_refused_after_another_process_rebuilt_the_index_for_another_model(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        rebuild(tmp_path, OtherEmbedder())
        with pytest.raises(IndexMismatch, match="was made with the model other"):
            library.put("one", document(prose(1)))


def test_a_read_only_folder_can_be_read_but_not_changed() -> None:
    with tempfile.TemporaryDirectory() as home:
        data = Path(home)
        with seeds_library(data) as library:
            expected = library.ask(QUESTION).passages
        data.chmod(0o555)
        try:
            with as_nobody(), Library.open(data, embedder=WordEmbedder(), threshold=0.0) as library:
                assert library.ask(QUESTION).passages == expected
                with pytest.raises(StorageReadOnly, match="cannot be written to"):
                    library.remove(FIRST)
                assert len(library.documents()) == 5
        finally:
            data.chmod(0o755)
