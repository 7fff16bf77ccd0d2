"""Mixed load on a real server: questions, writes and deletes from several clients at once.

15 seconds of it in CI; `WHEREFROM_SOAK_SECONDS=1800 make soak` by hand.
"""

import json
import os
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.support.documents import prose
from tests.support.library_samples import QUESTION
from tests.support.paths import SEEDS
from tests.support.servers.word_server import word_server
from wherefrom.index.verify import verify_folder

SECONDS = float(os.environ.get("WHEREFROM_SOAK_SECONDS", "15"))
QUESTIONS = (QUESTION, "Who repaired the bridge in Lisbon?", "What did the museum measure?", "Which BTS song is it?")
IDS = 12
SAMPLE_SECONDS = 0.25
GROWTH = 1.10
SPARE_DESCRIPTORS = 8
TEXT = {"content-type": "text/plain"}
LINES = {"content-type": "application/x-ndjson"}


@dataclass
class Writer:
    """A client that changes its own documents and records what was acknowledged."""

    name: str
    client: httpx2.Client
    chance: random.Random
    status_counts: Counter[tuple[str, int]]
    stored: dict[str, bytes] = field(default_factory=dict)

    def __call__(self) -> None:
        name = f"{self.name}-{self.chance.randrange(IDS)}"
        self.chance.choice((self.put, self.put, self.put_for_a_state, self.delete, self.batch))(name)

    def put(self, name: str, **headers: str) -> None:
        raw = prose(self.chance.randrange(200))
        status = self.client.put(f"/v1/documents/{name}", content=raw, headers=TEXT | headers).status_code
        self.status_counts["put", status] += 1
        if status in {200, 201}:
            self.stored[name] = raw

    def put_for_a_state(self, name: str) -> None:
        self.put(name, **{"if-match": self.chance.choice(("*", '"another"'))})

    def delete(self, name: str) -> None:
        status = self.client.delete(f"/v1/documents/{name}").status_code
        self.status_counts["delete", status] += 1
        if status == 204:
            del self.stored[name]

    def batch(self, name: str) -> None:
        raws = {f"{name}.{number}": prose(self.chance.randrange(200)) for number in range(3)}
        lines = [json.dumps({"id": each, "text": raw.decode()}) for each, raw in raws.items()] + ["{"]
        response = self.client.post("/v1/documents:batch", content="\n".join(lines), headers=LINES)
        self.status_counts["batch", response.status_code] += 1
        for line in map(json.loads, response.text.splitlines() if response.status_code == 200 else ()):
            if line["error"] is None:
                self.stored[line["document_id"]] = raws[line["document_id"]]


DECLARED = {
    "ask": {200, 503},
    "look": {200, 304, 404, 503},
    "put": {200, 201, 412, 503},
    "delete": {204, 404, 503},
    "batch": {200, 503},
}


def ask(client: httpx2.Client, chance: random.Random, status_counts: Counter[tuple[str, int]]) -> None:
    response = client.post("/v1/ask", json={"question": chance.choice(QUESTIONS), "top_k": chance.randint(1, 20)})
    status_counts["ask", response.status_code] += 1
    if response.status_code == 200:
        claim = response.json()["passages"][0]["citation"]
        found = client.get(f"/v1/documents/{claim['document_id']}", headers={"if-none-match": '"x"'})
        status_counts["look", found.status_code] += 1


def look(client: httpx2.Client, chance: random.Random, status_counts: Counter[tuple[str, int]]) -> None:
    status_counts[
        "look", client.get(chance.choice(("/readyz", "/metrics", "/v1/documents", "/v1/index"))).status_code
    ] += 1
    time.sleep(0.05)


def memory(process: int) -> int:
    """Return the resident memory in bytes."""
    (line,) = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def descriptors(process: int) -> int:
    """Return the number of open files and sockets."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


@contextmanager
def clients(url: str, count: int) -> Iterator[list[httpx2.Client]]:
    opened = [httpx2.Client(base_url=url, timeout=60) for _ in range(count)]
    try:
        yield opened
    finally:
        for client in opened:
            client.close()


def repeat(work: Callable[[], None], end: threading.Event) -> None:
    try:
        while not end.is_set():
            work()
    except BaseException:
        end.set()
        raise


def samples(process: int, end: threading.Event) -> list[tuple[int, int]]:
    """Sample (memory, descriptors) of the process until the time is over."""
    began, taken = time.monotonic(), []
    while not end.wait(SAMPLE_SECONDS) and time.monotonic() - began < SECONDS:
        taken.append((memory(process), descriptors(process)))
    end.set()
    return taken


def check_flat(taken: Sequence[tuple[int, int]]) -> None:
    """Check that in the second half memory grows by at most a tenth, and descriptors do not."""
    warm = taken[len(taken) // 2 :]
    early, late = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    assert statistics.median(m for m, _ in late) <= GROWTH * statistics.median(m for m, _ in early)
    assert max(d for _, d in late) <= max(d for _, d in early) + SPARE_DESCRIPTORS


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_server_under_mixed_load_has_no_error_and_no_growth(tmp_path: Path) -> None:
    status_counts: Counter[tuple[str, int]] = Counter()
    end = threading.Event()
    data = tmp_path / "data"
    with word_server(data, WHEREFROM_MAX_WAITING="16") as served, clients(served.url, 7) as opened:
        process = served.process.pid
        writers = [Writer(f"w{number}", opened[number], random.Random(number), status_counts) for number in range(3)]
        chances = [random.Random(number) for number in range(7)]
        work: list[Callable[[], None]] = [*writers]
        work += [lambda number=number: ask(opened[number], chances[number], status_counts) for number in range(3, 6)]  # type: ignore[misc]
        work += [lambda: look(opened[6], chances[6], status_counts)]
        with ThreadPoolExecutor(8) as pool:
            watching = pool.submit(samples, process, end)
            for running in [pool.submit(repeat, each, end) for each in work]:
                if error := running.exception():
                    error.add_note(f"the server's end: {served.process.poll()}, its last words: {served.lines[-50:]}")
                    raise error
        taken = watching.result()
        assert served.process.poll() is None
        with httpx2.Client(base_url=served.url) as client:
            stored = {name: raw for writer in writers for name, raw in writer.stored.items()}
            listed = {document["document_id"] for document in client.get("/v1/documents").json()["documents"]}
            assert listed == {*stored, *(path.name for path in SEEDS.glob("*.txt"))}
            for name, raw in stored.items():
                assert client.get(f"/v1/documents/{name}/raw").content == raw
    logged = "".join(served.lines)
    sys.stdout.write(
        f"{dict(status_counts)}\nmemory {[m >> 20 for m, _ in taken]} MiB, descriptors {[d for _, d in taken]}\n"
    )
    assert {(kind, status) for kind, status in status_counts if status not in DECLARED[kind]} == set()
    assert all(status_counts[kind, 200] for kind in ("ask", "look", "put", "batch"))
    assert "Traceback" not in logged, logged
    assert verify_folder(data).mismatches == ()
    check_flat(taken)
