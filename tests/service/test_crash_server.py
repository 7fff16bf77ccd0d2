"""A real server with several writing clients, killed at random: every acknowledged change is there in full.

WHEREFROM_CRASH_ROUNDS=100 does so a hundred times.
"""

import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.support.documents import prose, read
from tests.support.library_samples import WordEmbedder
from tests.support.paths import ROOT
from wherefrom.index.library import Library
from wherefrom.index.types import Answer
from wherefrom.index.verify import verify_folder

ROUNDS = int(os.environ.get("WHEREFROM_CRASH_ROUNDS", "4"))
CLIENTS = 3
LONGEST_SECONDS = 1.5
QUESTIONS = ("Who repaired the bridge in Lisbon?", "What did the museum measure?", "report filed as number 7.1")


@dataclass
class Client:
    """Writes and deletes its own documents, and records their possible states: acknowledged, or requested since."""

    number: int
    chance: random.Random
    may_be: dict[str, set[bytes | None]] = field(default_factory=dict)
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)

    def work(self, port: int) -> None:
        """Change documents, one or several at a time, until the server has ended."""
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(OSError, HTTPException):
            while True:
                names = [f"client-{self.number}-{number}" for number in self.chance.sample(range(6), 3)]
                act = self.chance.choice((self._put, self._put, self._delete, self._batch, self._ask))
                act(connection, names)
        connection.close()

    def _put(self, connection: HTTPConnection, names: list[str]) -> None:
        raw = prose(self.chance.randrange(10_000), self.chance.randint(1, 6))
        self._change({names[0]: raw}, connection, "PUT", f"/v1/documents/{names[0]}", raw, "text/plain")

    def _delete(self, connection: HTTPConnection, names: list[str]) -> None:
        self._change({names[0]: None}, connection, "DELETE", f"/v1/documents/{names[0]}", b"", "text/plain")

    def _batch(self, connection: HTTPConnection, names: list[str]) -> None:
        wanted = {name: prose(self.chance.randrange(10_000), 2) for name in names}
        lines = [json.dumps({"id": name, "text": raw.decode()}) for name, raw in wanted.items()]
        body = "\n".join(lines).encode()
        self._change(wanted, connection, "POST", "/v1/documents:batch", body, "application/x-ndjson")

    def _ask(self, connection: HTTPConnection, _: list[str]) -> None:
        connection.request("GET", "/v1/ask?q=Who+repaired+the+bridge")
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            self.wrong.append(f"a question was answered with {response.status}")

    def _change(
        self,
        wanted: Mapping[str, bytes | None],
        connection: HTTPConnection,
        method: str,
        path: str,
        body: bytes,
        media_type: str,
    ) -> None:
        for name, raw in wanted.items():
            self.may_be.setdefault(name, {None}).add(raw)
        connection.request(method, path, body, {"Content-Type": media_type})
        response = connection.getresponse()
        content = response.read()
        if response.status not in {200, 201, 204, 404}:
            self.wrong.append(f"{method} {path}: {response.status} {content!r}")
        for name, raw in wanted.items():
            self.may_be[name] = {raw}
            self.acknowledged += 1


@contextmanager
def served(data: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yield a server on the data folder and its port; it is killed at the end."""
    environment = os.environ | {"WHEREFROM_DATA": str(data), "WHEREFROM_PORT": "0"}
    command = [sys.executable, "-m", "tests.support.crash_server"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, _port(process)
        finally:
            process.kill()


def _port(process: subprocess.Popen[str]) -> int:
    lines = []
    for line in process.stderr or ():
        lines.append(line)
        if found := re.search(r"Serving on http://[^\s\"]+:(\d+)", line):
            return int(found[1])
    raise AssertionError("".join(lines))


def write_until_killed(data: Path, clients: list[Client], seconds: float) -> None:
    """Let the clients write to a server that is killed after a while."""
    with served(data) as (process, port):
        threads = [threading.Thread(target=client.work, args=[port]) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        process.kill()
        for thread in threads:
            thread.join()


def answers(library: Library) -> list[Answer]:
    return [replace(library.ask(question, top_k=20, explain=True), took_ms=0.0) for question in QUESTIONS]


def answers_of_a_fresh_index(library: Library, data: Path) -> list[Answer]:
    with Library.open(data, embedder=WordEmbedder(), threshold=0.0) as fresh:
        for source in library.sources():
            raw = library.raw(source.document_id)
            fresh.put(
                source.document_id,
                read(raw, source=source.source, media_type=source.media_type, given=source.given),
            )
        assert fresh.info() == library.info()
        return answers(fresh)


def test_a_killed_server_keeps_what_it_acknowledged_and_no_partial_change(tmp_path: Path) -> None:
    chance = random.Random(20160202)
    clients = [Client(number, random.Random(number)) for number in range(CLIENTS)]
    data = tmp_path / "data"
    for number in range(ROUNDS):
        write_until_killed(data, clients, chance.uniform(0.05, LONGEST_SECONDS))
        assert [wrong for client in clients for wrong in client.wrong] == []
        audit = verify_folder(data)
        assert (audit.mismatches, audit.damaged) == ((), ())
        with Library.open(data, embedder=WordEmbedder(), threshold=0.0) as library:
            stored = {summary.document_id: library.raw(summary.document_id) for summary in library.documents()}
            for client in clients:
                for name, may_be in client.may_be.items():
                    assert stored.get(name) in may_be
                    client.may_be[name] = {stored.get(name)}
            assert set(stored) <= {name for client in clients for name in client.may_be}
            assert answers(library) == answers_of_a_fresh_index(library, tmp_path / f"fresh-{number}")
    assert all(client.acknowledged for client in clients)
