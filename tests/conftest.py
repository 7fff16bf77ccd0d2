"""Shared fixtures: one server process with the real model for all tests, a browser per module, a page per test.

The model is exported once, into `var/models`, and reused by later runs.
"""

import faulthandler
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.support.cluster import ClusterServers, missing_packages
from tests.support.cluster import cluster_servers as started_cluster
from tests.support.paths import ROOT, SEEDS
from tests.support.servers.browsing import browser_path, browsing, serving
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

os.environ.setdefault("WHEREFROM_MODELS", str(ROOT / "var" / "models"))
TIMEOUT_MS = 30_000
EXIT_SECONDS = 120
expect.set_options(timeout=TIMEOUT_MS)
HARMFUL = """\
Harbour <img src=x onerror="window.harmed = 1"> reopens after the storm

By Ann <b onclick="window.harmed=1">Otter

The harbour of Eastport reopened on Tuesday <script>window.harmed = 1</script> after three days of storm.

Lobster boats 🦞 left at dawn, and the ferry "Eastport Star" sailed with forty people </p><img src=x onerror=alert(1)>.

"We lost two cranes & one pier, but nobody was hurt," said the harbour master, <svg onload="window.harmed=1"> Ann Otter.
"""


def pytest_unconfigure() -> None:
    """Print every thread's traceback and fail if Python has not ended in time after the last test.

    A thread that a test left waiting would keep the process, and CI, from ending.
    """
    faulthandler.dump_traceback_later(EXIT_SECONDS, exit=True)


@pytest.fixture(scope="session")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an article in which every part tries to run a script; one character is two UTF-16 units."""
    file = tmp_path_factory.mktemp("harmful") / "harbour.txt"
    file.write_text(HARMFUL, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def cluster_servers() -> Iterator[ClusterServers]:
    """Yield PostgreSQL and Milvus Lite on this machine."""
    missing = missing_packages()
    if missing:
        reason = f"not installed: {', '.join(missing)} (pip install wherefrom[dev])"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with started_cluster() as servers:
        yield servers


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, harmful: Path) -> Iterator[str]:
    """Yield the address of a server with the real model, on the seeds and the harmful article."""
    data = tmp_path_factory.mktemp("served")
    with Library.open(data, embedder=load_embedder(None)) as library:
        assert all(result.error is None for result in ingest(library, [SEEDS, harmful]))
    with serving(data) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a Chromium that is closed after the module, because its event loop conflicts with those of other tests."""
    if browser_path() is None:
        reason = "no Chromium on this machine; Debian's package is `chromium`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with browsing() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser, service: str) -> Iterator[BrowserContext]:
    """Yield a new window; fail at the end if it contacted another host or logged an error."""
    opened = browser.new_context(base_url=service, viewport={"width": 1200, "height": 860})
    opened.set_default_timeout(TIMEOUT_MS)
    requested: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: requested.append(request.url))
    opened.on("console", lambda message: errors.append(message.text) if _is_page_error(message) else None)
    opened.on("weberror", lambda error: errors.append(str(error.error)))
    yield opened
    opened.close()
    assert [url for url in requested if not url.startswith((f"{service}/", "data:", "blob:"))] == []
    assert errors == []


def _is_page_error(message: ConsoleMessage) -> bool:
    """Return whether the page is at fault; a request that the service refuses is not an error of the page."""
    return message.type == "error" and not message.text.startswith("Failed to load resource: the server responded")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page in the window."""
    return context.new_page()
