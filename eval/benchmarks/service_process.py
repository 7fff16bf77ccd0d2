"""Services under load: ours and those a user would pick instead, each in its own process, asked with Debian's `wrk`."""

import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError

POLL_SECONDS = 0.01
READY_SECONDS = 180
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How to start a service, the path that answers once it is ready, and where a question goes."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    url: str
    ready: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run of `wrk` saw: milliseconds at the median and the 99th percentile, answers a second, errors."""

    p50: float
    p99: float
    rate: float
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A service that answers: its process, and the seconds until it did."""

    pid: int
    seconds: float

    def resident_mb(self) -> float:
        """Resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def started(service: Service, log: Path) -> Iterator[Started]:
    """Start a service, wait until it is ready, and end it. Raises EvalDataError if it never is."""
    began = time.perf_counter()
    environment = os.environ | dict(service.environment)
    with log.open("wb") as out:
        process = subprocess.Popen(service.command, env=environment, stdout=out, stderr=out)  # noqa: S603 - as configured
        try:
            while not _answers(service.url + service.ready):
                if process.poll() is not None or time.perf_counter() - began > READY_SECONDS:
                    raise EvalDataError(log, f"{service.name} did not start: {log.read_text(errors='replace')[-400:]}")
                time.sleep(POLL_SECONDS)
            yield Started(pid=process.pid, seconds=time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(20)


def load(service: Service, paths: Path, script: Path, *, clients: int, seconds: int) -> Load:
    """Ask a service with so many clients for so long; each answer is followed by the next question."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
    command += ["-s", str(script), service.url]
    environment = os.environ | {"PATHS": str(paths)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - as configured
    return parse(done.stdout)


def parse(told: str) -> Load:
    """Read what `wrk --latency` prints."""
    errors = re.findall(r"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write|timeout) (\d+)", told)
    return Load(
        p50=_milliseconds(told, "50%"),
        p99=_milliseconds(told, "99%"),
        rate=float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0]),
        errors=sum(int(number) for pair in errors for number in pair if number),
    )


def _milliseconds(told: str, percentile: str) -> float:
    number, unit = re.findall(rf"{percentile}\s+([\d.]+)(us|ms|s|m)\b", told)[0]
    return float(number) * UNITS[unit]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own services
            return bool(response.status == 200)  # noqa: PLR2004
    except OSError:
        return False
