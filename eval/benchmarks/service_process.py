"""Runs services as processes: starts them, waits until they are ready, and reads their memory."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError

POLL_SECONDS = 0.01
READY_TIMEOUT_SECONDS = 180
STOP_TIMEOUT_SECONDS = 20
LOG_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service: its command, the path that answers 200 when it is ready, and the path to append a question to."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    url: str
    ready: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningService:
    """A ready service: its process id, and the seconds from the start until it was ready."""

    pid: int
    seconds: float

    def resident_mb(self) -> float:
        """Return the resident memory of the process, in megabytes."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def running_service(service: Service, log: Path) -> Iterator[RunningService]:
    """Start a service, wait until it is ready, and stop it on exit. Raise EvalDataError if it does not become ready."""
    started = time.perf_counter()
    environment = os.environ | dict(service.environment)
    with log.open("wb") as out:
        process = subprocess.Popen(service.command, env=environment, stdout=out, stderr=out)  # noqa: S603 - as configured
        try:
            while not _is_ready(service.url + service.ready):
                if process.poll() is not None or time.perf_counter() - started > READY_TIMEOUT_SECONDS:
                    raise EvalDataError(
                        log, f"{service.name} did not start: {log.read_text(errors='replace')[-LOG_CHARACTERS:]}"
                    )
                time.sleep(POLL_SECONDS)
            yield RunningService(pid=process.pid, seconds=time.perf_counter() - started)
        finally:
            process.terminate()
            process.wait(STOP_TIMEOUT_SECONDS)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - a local service
            return bool(response.status == 200)  # noqa: PLR2004
    except OSError:
        return False
