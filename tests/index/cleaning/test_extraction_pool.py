"""Sources are read in processes that can be given up: what is slow, large or deadly is refused, and nothing else is."""

import io
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from tests.support.paths import ROOT, SEEDS
from tests.support.sticking_worker import KILLED, STUCK, start_sticking_process
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.cleaning.extraction_pool import (
    COMMAND,
    MEMORY_MIB,
    SECONDS_PER_MIB,
    ExtractionPool,
    Worker,
    start_process,
)
from wherefrom.index.cleaning.extraction_reply import MIB, seconds_allowed
from wherefrom.index.cleaning.extraction_worker import MAX_IDLE_MIB
from wherefrom.index.errors import ExtractionUnavailable, SourceRejected
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import RawSource

STORY = RawSource(name="story.txt", raw=prose(1))
MENU = RawSource(name="menu.txt", raw=b"Home\nNews\nSport\n")
PAGE = RawSource(name="page.html", raw=b"<html><body><article><p>" + prose(2) + b"</p></article></body></html>")
SECONDS = 2.0


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    with ExtractionPool() as opened:
        yield opened


@pytest.fixture(scope="module")
def sticking() -> Iterator[ExtractionPool]:
    with ExtractionPool(processes=2, seconds_per_mib=SECONDS, start=start_sticking_process) as opened:
        yield opened


def source(raw: bytes) -> RawSource:
    return RawSource(name="given.txt", raw=raw)


def reason(pool: ExtractionPool, source: RawSource) -> str:
    with pytest.raises(SourceRejected) as refusal:
        pool.extract(source)
    return str(refusal.value)


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name)
def test_the_document_is_the_one_that_this_process_would_read(pool: ExtractionPool, path: Path) -> None:
    story = RawSource(name=path.name, raw=path.read_bytes())
    document = pool.extract(story)
    assert document == extract(story)
    assert document.raw == story.raw


def test_a_worker_stays_although_the_process_that_started_it_holds_much_memory() -> None:
    started: list[Worker] = []

    def start(seconds_per_mib: float, memory_mib: int) -> Worker:
        started.append(start_process(seconds_per_mib, memory_mib))
        return started[-1]

    held = bytearray((MAX_IDLE_MIB + 64) * MIB)
    held[::4096] = b"x" * len(held[::4096])  # resident, as a model is
    with ExtractionPool(start=start) as pool:
        for _ in range(3):
            pool.extract(STORY)
    assert len(started) == 1


def test_pages_are_read_and_refusals_are_those_of_the_cleaning(pool: ExtractionPool) -> None:
    assert pool.extract(PAGE) == extract(PAGE)
    with pytest.raises(SourceRejected) as here:
        extract(MENU)
    assert reason(pool, MENU) == str(here.value)


def test_a_source_that_is_never_read_to_its_end_is_refused_and_the_next_are_read(sticking: ExtractionPool) -> None:
    assert reason(sticking, source(STUCK)) == f"given.txt: reading it takes longer than {SECONDS:g} s"
    assert sticking.extract(STORY) == extract(STORY)


def test_a_source_that_ends_the_process_is_refused_and_the_next_are_read(sticking: ExtractionPool) -> None:
    assert reason(sticking, source(KILLED)) == "given.txt: reading it ended the process that read it (signal 9)"
    assert sticking.extract(STORY) == extract(STORY)


def test_others_are_read_while_one_source_is_stuck() -> None:
    waiting = ExtractionPool(processes=2, seconds_per_mib=600, start=start_sticking_process)
    with waiting, ThreadPoolExecutor(1) as threads:
        stuck = threads.submit(waiting.extract, source(STUCK))
        assert [waiting.extract(STORY) for _ in range(3)] == [extract(STORY)] * 3
        assert not stuck.done()
        waiting.close()
        assert isinstance(stuck.exception(), SourceRejected)


def test_a_source_that_takes_too_much_memory_is_refused_and_the_next_are_read() -> None:
    with ExtractionPool(memory_mib=64) as small:
        large = source(b"The harbour was closed for the third day. " * 100_000)
        assert reason(small, large) == "given.txt: reading it takes more than 64 MiB of memory"
        assert small.extract(STORY) == extract(STORY)


def test_a_worker_that_has_ended_meanwhile_is_replaced() -> None:
    started: list[Worker] = []

    def start(seconds_per_mib: float, memory_mib: int) -> Worker:
        started.append(start_process(seconds_per_mib, memory_mib))
        return started[-1]

    with ExtractionPool(start=start) as observed:
        observed.warm_up()
        observed.extract(STORY)
        started[0].process.kill()
        started[0].process.wait()
        assert observed.extract(STORY) == extract(STORY)
    assert [worker.process.returncode is None for worker in started] == [False, False]


def test_a_pool_that_closes_ends_what_is_stuck() -> None:
    closing = ExtractionPool(seconds_per_mib=600, start=start_sticking_process)
    closing.extract(STORY)
    with ThreadPoolExecutor(1) as threads:
        stuck = threads.submit(closing.extract, source(STUCK))
        while not closing.is_busy:
            pass
        closing.close()
        assert isinstance(stuck.exception(), SourceRejected)
    with pytest.raises(ExtractionUnavailable):
        closing.extract(STORY)


def test_a_worker_ends_with_its_parent_and_by_itself_where_it_is_stuck() -> None:
    idle = start_process(SECONDS, 1_024)
    idle.requests.close()
    assert idle.process.wait() == 0
    stuck = start_sticking_process(SECONDS, 1_024)
    pickle.dump(source(STUCK), stuck.requests)
    stuck.requests.close()
    assert stuck.process.wait() < 0
    stuck.replies.close()
    idle.replies.close()


def test_without_a_process_the_reading_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with ExtractionPool() as without:
        without.warm_up()
        with pytest.raises(ExtractionUnavailable, match="no process can be started"):
            without.extract(STORY)


def test_a_worker_loads_no_model_and_no_index() -> None:
    code = "import sys, wherefrom.index.cleaning.extraction_worker; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"numpy", "faiss", "openvino", "torch", "wherefrom.index.library"} & set(modules)


def test_time_grows_with_the_size_of_a_source() -> None:
    assert seconds_allowed(source(b"a"), 20) == 20
    assert seconds_allowed(source(b"a" * (5 << 20)), 20) == 120


def test_a_folder_is_indexed_but_for_the_files_that_stop_the_reading(sticking: ExtractionPool, tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    folder.mkdir()
    for name, raw in (("a.txt", prose(3)), ("b.txt", STUCK), ("c.txt", KILLED), ("d.txt", prose(4))):
        (folder / name).write_bytes(raw)
    lines = [json.dumps({"text": raw.decode()}) for raw in (STUCK, prose(5))]
    (folder / "e.jsonl").write_text("\n".join(lines))
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        results = ingest(library, [folder], extract=sticking.extract)
    assert [result.change for result in results] == ["added", None, None, "added", None, "added"]
    assert [result.source for result in results if result.error] == [
        str(folder / name) for name in ("b.txt", "c.txt", "e.jsonl:1")
    ]


def test_a_pool_cannot_be_confused_by_what_a_library_prints() -> None:
    code = "import sys; from wherefrom.index.cleaning import extraction_worker as w; real = w.extract\n"
    code += "def loud(source):\n    print('loud'); return real(source)\nw.extract = loud; w.main(60, 1024)"
    request = pickle.dumps(STORY)
    ran = subprocess.run([sys.executable, "-c", code], input=request, check=True, capture_output=True)
    assert b"loud" in ran.stderr
    assert pickle.load(io.BytesIO(ran.stdout)).document is not None  # noqa: S301


@pytest.mark.parametrize("sent", [1.0, 0.5], ids=["before it takes the reply", "while it sends the source"])
def test_a_worker_whose_parent_is_killed_ends_quietly(sent: float) -> None:
    request = pickle.dumps(STORY)
    command = [sys.executable, "-c", COMMAND.format(seconds=SECONDS_PER_MIB, memory=MEMORY_MIB)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stderr is not None
        worker.stdout.close()
        worker.stdin.write(request[: round(len(request) * sent)])
        worker.stdin.close()
        assert worker.stderr.read() == b""
    assert worker.returncode == 0
