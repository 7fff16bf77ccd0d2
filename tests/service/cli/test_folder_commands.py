"""`wherefrom index` tells what it did, what is gone, and counts articles where a file holds many."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from tests.support.limited import file_size_limit
from tests.support.paths import ROOT
from tests.support.servers.sites import Site, site
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.service.cli.main import main


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def words(*_: object, **__: object) -> Embedder:
        return WordEmbedder()

    monkeypatch.setattr("wherefrom.service.bootstrap.load_embedder", words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    folder.mkdir()
    for seed, name in enumerate(("a.txt", "b.txt", "c.txt")):
        (folder / name).write_bytes(prose(seed))
    return folder


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as served:
        yield served


class Run:
    """The exit code and the lines of one command."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        self.code = ended.value.code
        output = capsys.readouterr()
        self.out, self.err = output.out.splitlines(), output.err.splitlines()


def test_articles_of_a_file_are_counted_and_the_file_is_named_as_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "data")
    rows = [json.dumps({"id": f"line-{n}", "text": prose(20 + n).decode()}) for n in range(5)]
    (folder / "more.jsonl").write_text("\n".join(rows))
    first = Run(capsys, "index", str(folder), "--data", data)
    assert (first.code, first.out[-1]) == (0, "8 articles from 4 files: 8 added, 0 updated, 0 unchanged, 0 refused")
    assert first.out[3:5] == ["added line-0", "added line-1"]


def test_equal_articles_of_two_files_are_counted_as_duplicates_in_every_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "feeds"
    folder.mkdir()
    for name in ("one.csv", "two.csv"):
        (folder / name).write_text(f'title,text\nQuay,"{prose(5).decode()}"\n')
    for changes in ("1 added, 0 updated, 0 unchanged", "0 added, 0 updated, 1 unchanged"):
        run = Run(capsys, "index", str(folder), "--data", str(tmp_path / "data"))
        assert (run.code, run.out[-1]) == (0, f"2 files: {changes}, 0 refused, 1 duplicate")
        (note,) = run.err
        assert note.startswith(f"note {folder / 'two.csv'}: articles that are the same in every respect as others")
        assert note.endswith(f": 1, the first of them {folder / 'two.csv'}:2 and {folder / 'one.csv'}:2")


def test_what_is_gone_is_told_kept_and_removed_with_prune(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "data")
    Run(capsys, "index", str(folder), "--data", data)
    (folder / "a.txt").rename(folder / "a2.txt")
    (folder / "b.txt").unlink()
    for arguments in (("index", str(folder)), ("index",)):
        told = Run(capsys, *arguments, "--data", data)
        assert told.code == 0
        assert told.err == [
            f"gone {folder / 'b.txt'}: its file is gone; b.txt still answers",
            "it is removed if you run the same command with --prune",
        ]
        assert told.out[-1].endswith(" 0 refused, 1 gone")
    pruned = Run(capsys, "index", "--prune", "--data", data)
    assert (pruned.code, pruned.err) == (0, [f"removed b.txt: its file is gone ({folder / 'b.txt'})"])
    assert pruned.out == ["2 files: 0 added, 0 updated, 2 unchanged, 0 refused, 1 removed"]
    assert Run(capsys, "verify", "--data", data).code == 0


def test_every_file_that_is_not_taken_is_told_by_kind_and_count(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one.jpg", "two.jpg", "three.bin", "Makefile", ".hidden.txt"):
        (folder / name).write_bytes(b"\x00")
    told = Run(capsys, "index", str(folder), "--data", str(tmp_path / "data"))
    assert told.err == ["left out 4 of other kinds: 2 .jpg, 1 .bin, 1 without a suffix", "left out 1 hidden"]
    assert told.code == 0


def test_pages_are_fetched_when_their_addresses_are_named(
    here: Site, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "data")
    url = here.add("/story", "<article>" + "".join(f"<p>{line}</p>" for line in prose(9).decode().splitlines()))
    refused = Run(capsys, "index", url, "--data", data)
    assert (refused.code, refused.out) == (1, ["1 article from 1 address: 0 added, 0 updated, 0 unchanged, 1 refused"])
    assert "not a public one" in refused.err[0]
    fetched = Run(capsys, "index", url, str(folder), "--allow-private-addresses", "--data", data)
    counts = "4 articles from 3 files and 1 address: 4 added, 0 updated, 0 unchanged, 0 refused"
    assert (fetched.code, fetched.out[-1]) == (0, counts)
    again = Run(capsys, "index", url, "--allow-private-addresses", "--prune", "--data", data)
    assert again.out == ["1 article from 1 address: 0 added, 0 updated, 1 unchanged, 0 refused"]


@pytest.mark.parametrize(
    "name", ["www.example.org/story", "ftp://example.org/a", "http:/example.org/", "file:///a.txt"]
)
def test_what_is_meant_as_an_address_is_told_how_one_begins(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = Run(capsys, "index", name, "--data", "data")
    assert refused.code == 2
    assert f"{name} is no file, and addresses begin with http:// or https://" in refused.err[-1]
    (tmp_path / "www.txt").write_bytes(prose(3))
    for named in ("www.txt", "www.*"):
        assert Run(capsys, "index", named, "--data", "data").code == 0


def test_only_a_folder_is_watched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = Run(capsys, "watch", str(tmp_path / "nowhere"), "--data", str(tmp_path / "data"))
    assert refused.code == 2
    assert any("is not a folder" in line for line in refused.err)


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are Unicode there")
def test_a_folder_whose_name_is_not_unicode_is_not_watched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    refused = Run(capsys, "watch", str(folder), "--data", str(tmp_path / "data"))
    assert refused.code == 2
    assert "its name is not Unicode text; rename it" in refused.err[-1]


def test_a_run_that_is_interrupted_tells_what_is_stored(here: Site, tmp_path: Path) -> None:
    data = tmp_path / "data"
    story = "<article>" + "".join(f"<p>{line}</p>" for line in prose(9).decode().splitlines())
    urls = here.add("/story", story), here.add("/slow", story, drip=1.0)
    driver = [sys.executable, "-m", "tests.support.watch_driver", "index", *urls, "--allow-private-addresses"]
    with subprocess.Popen(
        [*driver, "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no other thread forks
    ) as process:
        try:
            while "/slow" not in here.asked:
                assert process.poll() is None
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, err) == (130, "")
    told = "stopped after 1 article: 1 added, 0 updated, 0 unchanged, 0 refused"
    assert out.splitlines()[-1] == f"{told}; what is stored stays, and the same command does the rest"
    with Library.open(data, embedder=WordEmbedder()) as library:
        assert len(library.documents()) == 1


def test_a_run_that_cannot_go_on_says_what_is_stored(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "data")
    for number in range(40):
        (folder / f"story-{number}.txt").write_bytes(prose(30 + number))
    with file_size_limit(300_000):
        run = Run(capsys, "index", str(folder), "--data", data)
    assert run.code == 1
    stored = Run(capsys, "list", "--data", data).out
    assert 0 < len(stored) < 43
    assert run.out[0] == f"added {stored[0].split()[0]}"
    assert run.out[-1] == (
        f"stopped after {len(stored)} articles: {len(stored)} added, 0 updated, 0 unchanged, 0 refused;"
        " what is stored stays, and the same command does the rest"
    )
    assert run.err[-1].startswith(f"wherefrom: {data}")
    again = Run(capsys, "index", str(folder), "--data", data)
    assert again.out[-1] == f"43 files: {43 - len(stored)} added, 0 updated, {len(stored)} unchanged, 0 refused"
