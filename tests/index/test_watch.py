"""A real process keeps an index in step with a folder, beside other writers, until it is told to stop."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import WordEmbedder
from tests.support.paths import ROOT
from wherefrom.index.errors import EngineUnavailable
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.watch import FolderWatch, WatchReports

SECONDS = 120
HISTORIES = 4
STEPS = 6


class Watching:
    """A process that watches, and what it prints."""

    def __init__(self, process: subprocess.Popen[str], output: Path) -> None:
        self.process = process
        self._output = output

    def output(self) -> str:
        return self._output.read_text()

    def wait_for(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not holds():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < end, self.output()
            time.sleep(0.1)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextmanager
def watching(folder: Path, data: Path, *flags: str, ready: str = "in step with") -> Iterator[Watching]:
    command = [sys.executable, "-m", "tests.support.watch_driver", "watch", str(folder), "--data", str(data), *flags]
    output = data.with_suffix(".log")
    with output.open("w") as log, subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, text=True) as process:
        watch = Watching(process, output)
        try:
            watch.wait_for(lambda: ready in watch.output())
            yield watch
        finally:
            process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    (folder / "deep").mkdir(parents=True)
    for seed, name in enumerate(("a.txt", "b.txt", "deep/c.txt")):
        (folder / name).write_bytes(prose(seed))
    return folder


def contents(data: Path) -> Counter[str]:
    with Library.open(data, embedder=WordEmbedder()) as library:
        assert library.verify().damaged == ()
        return Counter(
            repr((replace(source, document_id=""), library.paragraphs(source.document_id)))
            for source in library.sources()
        )


def fresh(folder: Path, data: Path) -> Counter[str]:
    if data.exists():
        shutil.rmtree(data)
    with Library.open(data, embedder=WordEmbedder()) as library:
        ingest(library, [folder])
    return contents(data)


def line(seed: int) -> str:
    return json.dumps({"id": f"line-{seed}", "text": prose(50 + seed).decode()}) + "\n"


def change(folder: Path, chance: random.Random) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    file = chance.choice(files)
    new = folder / chance.choice(("", "deep", "deeper")) / f"{chance.randrange(20)}{file.suffix}"
    new.parent.mkdir(exist_ok=True)
    kind = chance.choice(("write", "rename", "delete", "copy", "lines"))
    if kind == "write":
        (folder / f"{chance.randrange(6)}.txt").write_bytes(prose(chance.randrange(30)))
    elif kind == "rename" and not new.exists():
        file.rename(new)
    elif kind == "copy" and not new.exists():
        shutil.copy(file, new)
    elif kind == "delete" and len(files) > 2:
        file.unlink()
    else:
        (folder / "lines.jsonl").write_text("".join(map(line, chance.sample(range(8), chance.randint(1, 4)))))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_watched_folder_is_indexed_as_a_fresh_run_does(folder: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = tmp_path / "data"
    flags = ["--poll"] if seed == HISTORIES - 1 else []
    with watching(folder, data, *flags) as watch:
        for _ in range(STEPS):
            change(folder, chance)
            time.sleep(chance.choice((0.0, 0.05, 0.5)))
        expected = fresh(folder, tmp_path / "fresh")
        watch.wait_for(lambda: contents(data) == expected)
        assert watch.stop() == 0


def test_changes_are_told_and_a_renamed_file_keeps_its_document(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with watching(folder, data) as watch:
        (folder / "a.txt").rename(folder / "z.txt")
        watch.wait_for(lambda: f"updated {folder / 'z.txt'}" in watch.output())
        (folder / "b.txt").unlink()
        watch.wait_for(lambda: "removed b.txt: its file is gone" in watch.output())
        (folder / "bad.txt").write_bytes(b"\x00" * 64)
        watch.wait_for(lambda: f"refused {folder / 'bad.txt'}: " in watch.output())
        assert watch.stop(signal.SIGINT) == 0
    with Library.open(data, embedder=WordEmbedder()) as library:
        assert [source.document_id for source in library.sources() if source.source.endswith("z.txt")] == ["a.txt"]


def test_others_may_write_meanwhile_and_a_folder_that_is_away_loses_nothing(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with watching(folder, data) as watch, Library.open(data, embedder=WordEmbedder()) as library:
        library.put("sent", document(prose(40)))
        folder.rename(folder.with_name("away"))
        watch.wait_for(lambda: "is not there" in watch.output())
        assert len(library.documents()) == 4
        folder.with_name("away").rename(folder)
        (folder / "a.txt").unlink()
        watch.wait_for(lambda: not library.has("a.txt"))
        assert library.has("sent")
        assert watch.stop() == 0


def test_an_empty_folder_in_the_place_of_the_folder_loses_nothing(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with watching(folder, data) as watch:
        folder.rename(folder.with_name("unmounted"))
        folder.mkdir()  # as where a disk is mounted
        watch.wait_for(lambda: "is empty as where a disk is not mounted" in watch.output())
        assert watch.stop() == 0
    assert "its file is gone" not in watch.output()
    with watching(folder, data, ready="is empty as where a disk is not mounted") as watch:
        assert sum(contents(data).values()) == 3
        folder.rmdir()
        folder.with_name("unmounted").rename(folder)
        watch.wait_for(lambda: "in step with" in watch.output())
        for name in ("a.txt", "b.txt", "deep/c.txt"):
            (folder / name).unlink()
        (folder / "deep").rmdir()
        watch.wait_for(lambda: not contents(data))  # it is empty itself
        assert watch.stop() == 0


def test_an_empty_folder_is_awaited_while_the_index_cannot_be_asked_about_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems: list[str] = []
    watches: list[FolderWatch] = []

    def paths(_: Library) -> tuple[Path, ...]:
        if not problems:
            raise EngineUnavailable("PostgreSQL", "connection refused")
        return ()

    def ignore(_: object) -> None:
        """Take a report that does not matter here."""

    def stop() -> None:
        watches[0].stop()

    shutil.rmtree(folder)
    folder.mkdir()
    monkeypatch.setattr(Library, "paths", paths)
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        reports = WatchReports(
            on_result=ignore,
            on_removed=ignore,
            on_left_out=ignore,
            on_note=ignore,
            on_problem=problems.append,
            on_ready=stop,
        )
        watches.append(FolderWatch(library, [folder], reports))
        watches[0].run()
    assert len(problems) == 1
    assert "connection refused" in problems[0]
    assert "it is tried again" in problems[0]


def test_what_is_not_read_is_told_once(folder: Path) -> None:
    data = folder / "index"
    (folder / "photo.jpg").touch()
    (folder / ".hidden.txt").touch()
    row = '{"text": "The quay was sold on Monday, the mayor of the town said."}\n'
    (folder / "rows.jsonl").write_text(row + row)
    with watching(folder, data) as watch:
        (folder / ".swap.txt").touch()
        (folder / "link.txt").symlink_to(folder / "nowhere.txt")
        (folder / "d.txt").write_bytes(prose(60))
        watch.wait_for(lambda: f"added {folder / 'd.txt'}" in watch.output())
        (folder / "a.txt").write_bytes(prose(61))
        watch.wait_for(lambda: f"updated {folder / 'a.txt'}" in watch.output())
        assert watch.stop() == 0
    told = [line for line in watch.output().splitlines() if line.startswith(("left out", "note"))]
    link, rows = "it is a link that leads nowhere (No such file or directory)", folder / "rows.jsonl"
    same = "articles that are the same in every respect as others, and are one document with them"
    assert Counter(told) == {
        "left out 1 hidden": 1,
        "left out 2 of other kinds: 1 .jpg, 1 .log": 1,  # the output of the process, and no file of the index
        f"left out {folder / 'link.txt'}: {link}": 1,
        f"note {rows}: {same}: 1, the first of them {rows}:2 and {rows}:1": 1,
    }


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are Unicode there")
@pytest.mark.parametrize("flags", [[], ["--poll"]])
def test_names_that_are_not_unicode_end_no_watch(folder: Path, tmp_path: Path, flags: list[str]) -> None:
    data = tmp_path / "data"
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))
    with watching(folder, data, *flags) as watch:
        odd.write_bytes(prose(60))
        watch.wait_for(lambda: "its name is not Unicode text; rename it" in watch.output())
        odd.rename(folder / "cafe.txt")
        watch.wait_for(lambda: f"added {folder / 'cafe.txt'}" in watch.output())
        (folder / "a.txt").unlink()
        watch.wait_for(lambda: "removed a.txt" in watch.output())
        assert watch.stop() == 0
    assert "does not tell of changes" not in watch.output()


def test_the_data_folder_may_lie_in_the_folder(folder: Path) -> None:
    data = folder / "index"
    with watching(folder, data) as watch:
        (folder / "d.txt").write_bytes(prose(60))
        watch.wait_for(lambda: f"added {folder / 'd.txt'}" in watch.output())
        assert watch.stop() == 0
