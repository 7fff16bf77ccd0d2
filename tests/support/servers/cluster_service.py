"""Runs `wherefrom serve` on a cluster as a process that can be killed and restarted.

`python -m tests.support.servers.cluster_service` is `wherefrom` without a model.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx2

from tests.support.cluster import free_port
from tests.support.library_samples import WordEmbedder
from tests.support.paths import ROOT
from wherefrom.service import bootstrap
from wherefrom.service.cli.main import main

START_SECONDS = 180.0
"""Loading a model takes minutes on a busy machine; a process that has ended is noticed at once."""
WITHOUT_MODEL = "tests.support.servers.cluster_service"
WITH_MODEL = "wherefrom.service.cli.main"


class ClusterService:
    """A service on a cluster; its successive processes have the same port and log. `start` starts the first."""

    def __init__(
        self, name: str, folder: Path, dsn: str, milvus_uri: str, *, real_model: bool = False, **variables: str
    ) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.log = folder / f"{name}.log"
        self.started = 0
        """The number of processes started so far."""
        self._module = WITH_MODEL if real_model else WITHOUT_MODEL
        self.environment: Mapping[str, str] = {
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "WHEREFROM_ENGINE": "cluster",
            "WHEREFROM_POSTGRES_DSN": dsn,
            "WHEREFROM_MILVUS_URI": milvus_uri,
            "WHEREFROM_DATA": str(folder / "data"),
            "WHEREFROM_PORT": str(port),
            **({} if real_model else {"WHEREFROM_THRESHOLD": "0"}),
            **variables,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    def start(self) -> None:
        """Start a process, without waiting until it is ready."""
        self.started += 1
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, "serve", "--log-level", "info"],
                cwd=ROOT,
                env=dict(self.environment),
                stdout=log,
                stderr=log,
            )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the cluster, and return its exit code and output."""
        command = [sys.executable, "-m", self._module, *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=dict(self.environment), capture_output=True, text=True, check=False
        )

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until questions are answered and Milvus has all stored documents."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            assert self.is_running(), self.lines()[-2_000:]
            assert time.monotonic() < deadline, f"{self.name} is not ready: {self.lines()[-2_000:]}"
            time.sleep(0.1)

    def is_ready(self) -> bool:
        """Return whether questions are answered and Milvus has all stored documents."""
        try:
            return bool(httpx2.get(f"{self.url}/readyz", timeout=10).json() == {"status": "ready"})
        except httpx2.TransportError:
            return False

    def is_running(self) -> bool:
        """Return whether the process is running."""
        return self._process is not None and self._process.poll() is None

    def is_serving(self) -> bool:
        """Return whether the process has opened the collection."""
        return "Serving on" in self.lines()

    def lines(self) -> str:
        """Return the log of the current process."""
        return self.log.read_bytes()[self._log_start :].decode() if self.log.exists() else ""

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Kill the process, as in a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def terminate(self, seconds: float) -> int:
        """Ask the process to end, and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(seconds)


if __name__ == "__main__":
    vars(bootstrap)["load_embedder"] = lambda *_, **__: WordEmbedder()
    main(sys.argv[1:])
