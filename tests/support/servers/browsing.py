"""Runs Chromium and server processes, for the browser tests and the screenshots."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx2
from playwright.sync_api import Browser, sync_playwright

from tests.support.paths import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_TIMEOUT_SECONDS = 300
"""Loading a model takes minutes on a busy machine; a process that has exited is noticed at once."""


def browser_path() -> str | None:
    """Return the path of the first installed browser, `None` if there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Yield a headless Chromium; it is closed on exit."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(CHROMIUM_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[str]:
    """Run a server process on a data folder and yield its address; `settings` are environment variables."""
    port = free_port()
    environment = (
        os.environ | {"HF_HUB_OFFLINE": "1", "WHEREFROM_PORT": str(port), "WHEREFROM_DATA": str(data)} | settings
    )
    command = [sys.executable, "-m", "wherefrom.service.cli.main", "serve", "--log-level", "warning"]
    with TemporaryFile() as log, subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url, process, log)
            yield url
        finally:
            process.kill()


def free_port() -> int:
    """Return a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{url}/readyz").is_success:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    process.kill()
    log.seek(0)
    raise AssertionError(log.read().decode())
