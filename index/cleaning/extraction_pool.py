"""A pool of worker processes that extract documents, each within a time and a memory limit.

A thread cannot be stopped, and a slow regular expression holds the GIL until it returns. A process can be killed. So
every source is extracted in a worker process, however small: a pattern with catastrophic backtracking does not end on
small sources either.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Semaphore, Timer
from typing import BinaryIO, Protocol, Self, cast

from wherefrom.index.cleaning.extraction_reply import Reply, seconds_allowed, unpack
from wherefrom.index.errors import ExtractionUnavailable, SourceRejected
from wherefrom.index.types import Document, RawSource

SECONDS_PER_MIB = 20.0
"""Time limit in seconds per MiB. Extraction takes 1 to 3 s per MiB on one core of a laptop."""
MEMORY_MIB = 1_024
COMMAND = "import sys; from wherefrom.index.cleaning.extraction_worker import main; main({seconds!r}, {memory!r})"


class Process(Protocol):
    """The part of `subprocess.Popen` that the pool uses."""

    @property
    def returncode(self) -> int | None:
        """The exit status, negative for a signal; `None` until `wait` or `poll` has seen the process end."""

    def poll(self) -> int | None:
        """Return the exit status, or `None` while the process runs."""

    def wait(self) -> int:
        """Wait until the process ends, and return its exit status."""

    def kill(self) -> None:
        """Kill the process."""


class Worker:
    """A process and its pipes for requests and replies."""

    def __init__(self, process: Process, requests: BinaryIO, replies: BinaryIO) -> None:
        self.process = process
        self.requests = requests
        self.replies = replies

    def stop(self) -> int:
        """Kill the process, and return its exit status."""
        for pipe in (self.requests, self.replies):
            with suppress(OSError):  # the process may have ended with a request unread
                pipe.close()
        self.process.kill()
        return self.process.wait()


StartWorker = Callable[[float, int], Worker]


def start_process(seconds_per_mib: float, memory_mib: int) -> Worker:
    """Start a worker process. Raise ExtractionUnavailable.

    It has its own session, so that signals for the terminal or the process group do not end it: a request in progress
    is completed.
    """
    command = COMMAND.format(seconds=seconds_per_mib, memory=memory_mib)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-c", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise ExtractionUnavailable(f"no process can be started to read documents: {error.strerror}") from error
    return Worker(process, cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout))


class ExtractionPool:
    """A thread-safe pool of up to `processes` workers, started on demand; a worker that ends is replaced."""

    def __init__(
        self,
        *,
        processes: int = 1,
        seconds_per_mib: float = SECONDS_PER_MIB,
        memory_mib: int = MEMORY_MIB,
        start: StartWorker = start_process,
    ) -> None:
        self._seconds_per_mib = seconds_per_mib
        self._memory_mib = memory_mib
        self._start = start
        self._slots = Semaphore(processes)
        self._lock = Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def warm_up(self) -> None:
        """Start a worker if possible, without waiting for it, so that the first source finds one running."""
        with self._lock, suppress(ExtractionUnavailable):
            if not self._is_closed and not self._idle:
                self._idle.append(self._start(self._seconds_per_mib, self._memory_mib))

    def extract(self, source: RawSource) -> Document:
        """Return the document in a source, as `wherefrom.index.cleaning.extract.extract` does.

        Raise SourceRejected as that function does, and if the source exceeds the time or memory limit or ends the
        process; raise ExtractionUnavailable if no process can be started or the pool is closed.
        """
        with self._slots:
            worker = self._take()
            try:
                reply = self._ask(worker, source)
            except BaseException:
                self._discard(worker)
                raise
            if reply.is_last:
                self._discard(worker)
            else:
                self._give_back(worker)
        return unpack(reply, source)

    def close(self) -> None:
        """End all workers; the sources that they are extracting are rejected."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            for worker in self._busy:
                worker.process.kill()
        for worker in idle:
            worker.stop()

    @property
    def is_busy(self) -> bool:
        """Whether a source is being extracted."""
        return bool(self._busy)

    def _take(self) -> Worker:
        with self._lock:
            if self._is_closed:
                raise ExtractionUnavailable("the process that reads documents is stopped")
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    break
                worker.stop()
            else:
                worker = self._start(self._seconds_per_mib, self._memory_mib)
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if not self._is_closed:
                self._idle.append(worker)
                return
        worker.stop()

    def _discard(self, worker: Worker) -> None:
        worker.stop()
        with self._lock:
            self._busy.discard(worker)

    def _ask(self, worker: Worker, source: RawSource) -> Reply:
        seconds = seconds_allowed(source, self._seconds_per_mib)
        is_late = False

        def end() -> None:
            nonlocal is_late
            is_late = True
            worker.process.kill()

        timer = Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(source, worker.requests, pickle.HIGHEST_PROTOCOL)
            worker.requests.flush()
            reply: Reply = pickle.load(worker.replies)  # noqa: S301 - from our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            status = worker.stop()
            if is_late:
                raise SourceRejected(source.name, f"reading it takes longer than {seconds:g} s") from error
            if self._is_closed:
                raise SourceRejected(source.name, "reading it was stopped, since the service ends") from error
            raise SourceRejected(source.name, f"reading it ended the process that read it ({_name(status)})") from error
        finally:
            timer.cancel()
        return reply


def _name(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"
