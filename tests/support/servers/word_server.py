"""A server process on the seeds without a model: `python -m tests.support.servers.word_server`.

With the environment variable REAL_MODEL, it uses the default model.
"""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.support.library_samples import seeds_library
from tests.support.paths import ROOT
from tests.support.sticking_worker import start_sticking_process
from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.service.api import app
from wherefrom.service.api.server import serve
from wherefrom.service.settings import from_environment


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its process, its address, and the lines of its log so far."""

    process: subprocess.Popen[str]
    url: str
    lines: list[str]


@contextmanager
def word_server(data: Path, **variables: str) -> Iterator[Served]:
    """Yield a running server; it is killed on exit."""
    environment = os.environ | {"WHEREFROM_DATA": str(data), "WHEREFROM_PORT": "0"} | variables
    command = [sys.executable, "-m", "tests.support.servers.word_server"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()), daemon=True)
        try:
            url = _wait_for_url(process, lines)
            reader.start()
            yield Served(process, url, lines)
        finally:
            process.kill()
            if reader.is_alive():
                reader.join()


def _wait_for_url(process: subprocess.Popen[str], lines: list[str]) -> str:
    for line in process.stderr or ():
        lines.append(line)
        if match := re.search(r"Serving on (http://[^\s\"]+)", line):
            return match[1]
    raise AssertionError("".join(lines))


def main() -> None:
    """Serve until killed."""
    vars(app)["ExtractionPool"] = partial(ExtractionPool, start=start_sticking_process)
    settings = from_environment(os.environ)
    embedder = load_embedder() if os.environ.get("REAL_MODEL") else None
    serve(settings, lambda: seeds_library(settings.data, embedder=embedder))


if __name__ == "__main__":
    main()
