"""The walks in docs/architecture.md name the files that a request passes through, and no others."""

import asyncio
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

import httpx2
import pytest

from tests.support.paths import ROOT, SEEDS
from wherefrom.index.cleaning import extraction_worker
from wherefrom.index.cleaning.extraction_pool import ExtractionPool, Worker
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.service.api import app as application
from wherefrom.service.api.app import create_app
from wherefrom.service.api.server import bind, run
from wherefrom.service.runtime.opening import Opening
from wherefrom.service.settings import Settings

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
QUESTION = "why does Russia object to the X-band radar?"
MAX_STOPS = 15
LEFT_OUT = ("service/api/server.py", "service/observability/logs.py", "service/observability/tracing.py")
SECONDS = 120
"""Time for a request under the profiler."""


class WorkerThread:
    """What takes the place of a worker process, whose calls could not be traced."""

    returncode: int | None = None

    def __init__(self, thread: threading.Thread) -> None:
        self._thread = thread

    def poll(self) -> int | None:
        return None if self._thread.is_alive() else 0

    def wait(self) -> int:
        self._thread.join()
        return 0

    def kill(self) -> None:
        """A thread cannot be killed: it ends with its requests."""


def start_worker_thread(seconds_per_mib: float, memory_mib: int) -> Worker:
    requests, replies = os.pipe(), os.pipe()

    def serve() -> None:
        with os.fdopen(requests[0], "rb") as read, os.fdopen(replies[1], "wb") as written:
            extraction_worker.serve(read, written, seconds_per_mib, memory_mib)

    thread = threading.Thread(target=serve)
    thread.start()
    return Worker(WorkerThread(thread), os.fdopen(requests[1], "wb"), os.fdopen(replies[0], "rb"))


class Trace:
    """The files of ours in which a function was called while the trace was on, in any thread.

    The server's own loop, which ticks meanwhile, and logging are left out.
    """

    def __init__(self) -> None:
        self.on = False
        self.files: dict[str, None] = {}

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """Note the file of a call; see `sys.setprofile`."""
        if not self.on or event != "call" or frame.f_code.co_name == "<module>":
            return
        path = Path(frame.f_code.co_filename)
        if path.is_absolute() and (real := path.resolve()).is_relative_to(ROOT):
            name = real.relative_to(ROOT).as_posix()
            if name.startswith(("index/", "service/")) and name not in LEFT_OUT:
                self.files[name] = None


@pytest.fixture(scope="module")
def trace() -> Iterator[Trace]:
    """A trace of every thread that starts from here on."""
    made = Trace()
    threading.setprofile(made)
    yield made
    threading.setprofile(None)


@pytest.fixture(scope="module")
def served(trace: Trace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001 - it must start first
    """The address of a service on the seeds, with the real model, in a thread of this process."""
    data = tmp_path_factory.mktemp("walks")
    embedder = load_embedder()
    with Library.open(data, embedder=embedder) as library:
        ingest(library, [SEEDS])
    settings = Settings(port=0)
    patches = pytest.MonkeyPatch()
    patches.setattr(application, "ExtractionPool", partial(ExtractionPool, start=start_worker_thread))
    app = create_app(settings, lambda: Library.open(data, embedder=embedder), opening=Opening())
    listener = bind(settings.host, settings.port)
    loop = asyncio.new_event_loop()
    serving = loop.create_task(run(app, listener, settings))

    def serve() -> None:
        # To its end: a loop that stops before its task leaves AnyIO's threads waiting, and Python waits for those.
        with asyncio.Runner(loop_factory=lambda: loop) as runner, suppress(asyncio.CancelledError):
            runner.get_loop().run_until_complete(serving)

    thread = threading.Thread(target=serve)
    thread.start()
    host, port = listener.getsockname()[:2]
    url = f"http://{host}:{port}"
    with httpx2.Client() as client:
        while True:
            try:
                if client.get(f"{url}/readyz").status_code == httpx2.codes.OK:
                    break
            except httpx2.TransportError:
                continue
    yield url
    loop.call_soon_threadsafe(serving.cancel)
    thread.join()
    patches.undo()
    for worker in (thread for thread in threading.enumerate() if thread.name.startswith("AnyIO")):
        worker.join(SECONDS)
        assert not worker.is_alive(), "a thread of the server outlives it"


@contextmanager
def traced(trace: Trace) -> Iterator[None]:
    trace.files.clear()
    trace.on = True
    sys.setprofile(None)
    try:
        yield
    finally:
        trace.on = False


def walk(heading: str) -> list[str]:
    """The numbered stops of a section."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. .*(?:\n {3}.*)*", section, flags=re.MULTILINE)


def files_of(stops: list[str]) -> set[str]:
    """The files that stops name: first the file that hands the request on, then those that it calls."""
    return {name for stop in stops for name in re.findall(r"`((?:index|service)/[\w/]+\.py)`", stop)}


def test_a_question_passes_the_files_of_its_walk_and_no_others(served: str, trace: Trace) -> None:
    with httpx2.Client(timeout=SECONDS) as client, traced(trace):
        assert client.get(f"{served}/v1/ask", params={"q": QUESTION}).json()["status"] == "answered"
    stops = walk("A question's way, from socket to bytes")
    assert 0 < len(stops) <= MAX_STOPS
    assert files_of(stops) == set(trace.files)


def test_a_document_passes_the_files_of_its_walk_and_no_others(served: str, trace: Trace) -> None:
    raw = (SEEDS / "003_fafbb0539b69e599.txt").read_bytes() + b"\nIt was reported on Tuesday.\n"
    with httpx2.Client(timeout=SECONDS) as client, traced(trace):
        response = client.put(f"{served}/v1/documents/new", content=raw, headers={"content-type": "text/plain"})
        assert response.status_code == httpx2.codes.CREATED
    stops = walk("A document's way, from PUT to durable")
    assert 0 < len(stops) <= MAX_STOPS
    assert files_of(stops) == set(trace.files)
