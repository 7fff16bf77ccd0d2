"""Measures writes to a service, one a second, while a large file is indexed into its folder: waits, refusals, memory.

    python -m wherefrom.eval.benchmarks.writes_while_indexing --articles 10000 --kill-after 60

It makes a JSON Lines file of short articles, serves a data folder, runs `wherefrom index` on the same folder in
another process, and PUTs a document a second until that has ended. With `--kill-after` the indexing is killed and
started again, and the articles that it then finds stored are counted. With each write a few bytes are flushed to the
same disk, which is a lower bound for a write over HTTP. The figures are one JSON object on standard output.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from wherefrom.eval.benchmarks.service_process import Service, running_service
from wherefrom.eval.datasets.questions import SEEDS

PORT = 18411
SECONDS_BETWEEN_WRITES = 1.0
SLOW_SECONDS = 0.5
"""Slower writes are listed with the times of the service's stages."""
PERCENTILE = 0.95
REPORT_EVERY = 30
"""Number of writes between reports of the progress."""
WRITE_TIMEOUT_SECONDS = 120
SENTENCES = 3
"""Number of sentences of an article, each a paragraph, so that an article is embedded as three texts."""
MIN_SENTENCE_CHARACTERS = 40
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
SUMS = re.compile(r"^wherefrom_(stage|lock_wait|write)_seconds_sum\{\w+=\"([\w-]+)\"\} ([\d.e+-]+)$", re.MULTILINE)
SUMMARY = re.compile(r"([\d,]+) added, ([\d,]+) updated, ([\d,]+) unchanged, ([\d,]+) refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowWrite:
    """A slow write: its time, its duration, the duration of the disk alone, and those of the service's stages."""

    at_seconds: float
    seconds: float
    disk_seconds: float
    load: float
    stages: Mapping[str, float]


@dataclass(slots=True, kw_only=True)
class Figures:
    """The figures of a run; times in seconds, memory in MiB.

    `indexer_mib` includes the pages of mapped files, which the system reclaims when necessary;
    `indexer_without_files_mib` does not, and is sampled at each write.
    """

    articles: int
    seconds: float = 0.0
    writes: int = 0
    refused: int = 0
    longest_wait: float = 0.0
    p95_wait: float = 0.0
    longest_lock_wait: float = 0.0
    longest_disk_wait: float = 0.0
    indexer_mib: int = 0
    indexer_without_files_mib: int = 0
    service_mib: int = 0
    stored_when_killed: int | None = None
    results: list[dict[str, int]] = field(default_factory=list)
    slow: list[SlowWrite] = field(default_factory=list)


def main(
    *,
    articles: Annotated[int, typer.Option(help="Articles of the file that is indexed.")] = 10_000,
    kill_after: Annotated[
        int | None, typer.Option(help="Seconds after which the indexing is killed and started again.")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="The folder for the index; by default a temporary one.")] = None,
) -> None:
    """Measure, and print the figures as JSON."""
    with TemporaryDirectory(prefix="wherefrom-writes-") as temporary:
        figures = measure(folder or Path(temporary), articles, kill_after)
    sys.stdout.write(json.dumps(asdict(figures), indent=2) + "\n")


def measure(folder: Path, articles: int, kill_after: float | None) -> Figures:
    """Return the figures of one run in a folder without an index."""
    folder.mkdir(parents=True, exist_ok=True)
    file, data = folder / "articles.jsonl", folder / "data"
    file.write_text("".join(f"{line}\n" for line in article_lines(articles)), encoding="utf-8")
    figures = Figures(articles=articles)
    waits: list[float] = []
    disk_waits: list[float] = []
    with running_service(_service(data), folder / "service.log") as service, ExitStack() as at_exit:
        started = time.perf_counter()
        indexing = _start_indexing(file, data, folder / "index-0.log", at_exit)
        before = _stage_sums()
        while indexing.poll() is None:
            at = time.perf_counter()
            figures.refused += not _put(figures.writes)
            waits.append(time.perf_counter() - at)
            disk_waits.append(_force_to_disk(folder / "forced"))
            after = _stage_sums()
            waited = sum(after[name] - before.get(name, 0) for name in after if name.startswith("lock_wait"))
            figures.longest_lock_wait = round(max(figures.longest_lock_wait, waited), 2)
            if waits[-1] > SLOW_SECONDS:
                spent = {name: round(after[name] - before.get(name, 0), 2) for name in after}
                slow = SlowWrite(
                    at_seconds=round(at - started, 1),
                    seconds=round(waits[-1], 2),
                    disk_seconds=round(disk_waits[-1], 2),
                    load=os.getloadavg()[0],
                    stages={name: seconds for name, seconds in spent.items() if seconds},
                )
                typer.echo(str(slow), err=True)
                figures.slow.append(slow)
            before = after
            figures.writes += 1
            if figures.writes % REPORT_EVERY == 0:
                typer.echo(f"{figures.writes} writes, {_documents()} documents, {peak_mib(indexing.pid)} MiB", err=True)
            figures.indexer_mib = max(figures.indexer_mib, peak_mib(indexing.pid))
            without_files = memory_mib(indexing.pid, "RssAnon")
            figures.indexer_without_files_mib = max(figures.indexer_without_files_mib, without_files)
            figures.service_mib = max(figures.service_mib, peak_mib(service.pid))
            if kill_after is not None and figures.stored_when_killed is None and at - started > kill_after:
                indexing.kill()
                indexing.wait()
                figures.stored_when_killed = _documents() - figures.writes + figures.refused
                indexing = _start_indexing(file, data, folder / "index-1.log", at_exit)
            time.sleep(max(0.0, SECONDS_BETWEEN_WRITES - (time.perf_counter() - at)))
        figures.seconds = round(time.perf_counter() - started, 1)
    figures.results = [counts for log in sorted(folder.glob("index-*.log")) for counts in _counts(log)]
    figures.longest_wait, figures.longest_disk_wait = round(max(waits), 2), round(max(disk_waits), 2)
    figures.p95_wait = round(sorted(waits)[int(len(waits) * PERCENTILE)], 2)
    return figures


def article_lines(count: int, sentences: Sequence[str] | None = None) -> Iterator[str]:
    """Yield lines of JSON, each an article of sentences of the seeds with numbers that make it unique."""
    chance = random.Random(count)  # noqa: S311 - no secret
    known = sentences or _sentences_of(SEEDS)
    for number in range(count):
        paragraphs = [f"{chance.choice(known)} Number {number}.{place}." for place in range(SENTENCES)]
        yield json.dumps({"id": f"article-{number}", "title": f"Article {number}", "text": "\n\n".join(paragraphs)})


def _sentences_of(folder: Path) -> list[str]:
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.txt"))]
    found = [" ".join(each.split()) for text in texts for each in SENTENCE_END.split(text)]
    return [each for each in found if len(each) >= MIN_SENTENCE_CHARACTERS]


def _service(data: Path) -> Service:
    return Service(
        name="wherefrom",
        command=[sys.executable, "-m", "wherefrom.service.cli.main", "serve"],
        environment={"WHEREFROM_DATA": str(data), "WHEREFROM_PORT": str(PORT)},
        url=f"http://127.0.0.1:{PORT}",
        ready="/readyz",
        ask="/v1/ask?q=",
    )


def _start_indexing(file: Path, data: Path, log: Path, at_exit: ExitStack) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "wherefrom.service.cli.main", "index", str(file), "--data", str(data)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603 - our own command
    at_exit.callback(process.kill)
    return process


def _put(number: int) -> bool:
    """Send a document, and return whether it was stored."""
    text = f"The bakery number {number} on Mill Street sold its last loaf on Friday, after ninety years of trade."
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/v1/documents/written-{number}.txt",
        text.encode(),
        {"Content-Type": "text/plain"},
        method="PUT",
    )
    try:
        urllib.request.urlopen(request, timeout=WRITE_TIMEOUT_SECONDS).read()  # noqa: S310
    except urllib.error.HTTPError:
        return False
    return True


def _get(path: str) -> bytes:
    url = f"http://127.0.0.1:{PORT}{path}"
    with urllib.request.urlopen(url, timeout=WRITE_TIMEOUT_SECONDS) as response:
        body: bytes = response.read()
    return body


def _documents() -> int:
    return int(json.loads(_get("/v1/documents?limit=1"))["total"])


def _stage_sums() -> dict[str, float]:
    """Return the seconds that the service has spent so far in each stage, waits for locks included."""
    return {f"{kind} {label}": float(value) for kind, label, value in SUMS.findall(_get("/metrics").decode())}


def _force_to_disk(path: Path) -> float:
    """Return the seconds that it takes to flush a few bytes to the disk."""
    started = time.perf_counter()
    with path.open("wb") as file:
        file.write(b"forced")
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - started


def peak_mib(pid: int, read: Callable[[Path], str] = Path.read_text) -> int:
    """Return the sum of the peak resident memory of a process and its children, in MiB; 0 if it has ended."""
    return memory_mib(pid, "VmHWM", read)


def memory_mib(pid: int, field: str, read: Callable[[Path], str] = Path.read_text) -> int:
    """Return the sum of a field of the status of a process and its children, in MiB; 0 if it has ended."""
    total = 0
    for each in (pid, *_children(pid)):
        try:
            status = read(Path(f"/proc/{each}/status"))
        except OSError:
            continue
        found = re.search(rf"{field}:\s+(\d+)", status)
        total += int(found[1]) // 1024 if found else 0
    return total


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _counts(log: Path) -> Iterator[dict[str, int]]:
    """Yield the counts that a run of `wherefrom index` printed; nothing if it was killed."""
    for numbers in SUMMARY.findall(log.read_text(encoding="utf-8", errors="replace")):
        names = ("added", "updated", "unchanged", "refused")
        yield {name: int(number.replace(",", "")) for name, number in zip(names, numbers, strict=True)}


if __name__ == "__main__":
    typer.run(main)
