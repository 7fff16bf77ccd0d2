"""Commands on a cluster of which Milvus or PostgreSQL is away."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from tests.support.cluster import ClusterServers
from tests.support.cluster import cluster_servers as started_cluster
from tests.support.documents import prose
from tests.support.paths import ROOT
from tests.support.servers.cluster_service import WITHOUT_MODEL, ClusterService

SECONDS = 120


@pytest.fixture(scope="module")
def servers(request: pytest.FixtureRequest) -> Iterator[ClusterServers]:
    """Yield servers that a test may stop, and start again."""
    request.getfixturevalue("cluster_servers")  # skips without the packages
    with started_cluster() as started:
        yield started


@pytest.fixture
def commands(servers: ClusterServers, tmp_path: Path) -> ClusterService:
    """Return what runs commands on a new database."""
    return ClusterService("commands", tmp_path, servers.postgres.new_database(), servers.milvus.uri)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of two stories."""
    folder = tmp_path / "stories"
    folder.mkdir()
    for seed, name in enumerate(("a.txt", "b.txt")):
        (folder / name).write_bytes(prose(seed))
    return folder


def test_index_says_what_is_stored_though_milvus_is_away(
    servers: ClusterServers, commands: ClusterService, folder: Path
) -> None:
    servers.milvus.kill()
    try:
        done = commands.run("index", str(folder))
    finally:
        servers.milvus.start()
    assert done.returncode == 1
    assert "2 files: 2 added, 0 updated, 0 unchanged, 0 refused" in done.stdout
    assert "Milvus cannot be used now" in done.stderr
    assert "what is stored is found once it is back" in done.stderr
    again = commands.run("index", str(folder))
    assert (again.returncode, again.stdout) == (0, "2 files: 0 added, 0 updated, 2 unchanged, 0 refused\n")


def test_a_database_without_an_index_is_not_asked_and_stays_empty(commands: ClusterService) -> None:
    for command in (["ask", "What was filed?"], ["mcp"], ["status"], ["export", "nothing"]):
        done = commands.run(*command)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "wherefrom: the database holds no index; run `wherefrom index PATH ...`\n"


def test_watch_goes_on_when_a_server_is_back(
    servers: ClusterServers, commands: ClusterService, folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", WITHOUT_MODEL, "watch", str(folder)],
            cwd=ROOT,
            env=dict(commands.environment),
            stdout=log,
            stderr=log,
        )

    def wait_for(text: str) -> None:
        deadline = time.monotonic() + SECONDS
        while text not in output.read_text():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.1)

    outages: tuple[tuple[str, Callable[[], None], Callable[[], None]], ...] = (
        ("Milvus", servers.milvus.kill, servers.milvus.start),
        ("PostgreSQL", servers.postgres.stop, servers.postgres.start),
    )
    try:
        wait_for("in step with")
        for number, (part, stop, start) in enumerate(outages):
            stop()
            try:
                (folder / f"new-{number}.txt").write_bytes(prose(10 + number))
                wait_for(f"{part} cannot be used now")
            finally:
                start()
            wait_for(f"new-{number}.txt")
        (folder / "last.txt").write_bytes(prose(20))
        wait_for("last.txt")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.wait()
    assert "it is tried again" in output.read_text()
    assert len(commands.run("list").stdout.splitlines()) == 5
