"""The real model exported once for all runs, one server process for all browser tests, a browser for each module."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.support.browsing import browser_path, browsing, serving
from tests.support.paths import ROOT, SEEDS
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

os.environ.setdefault("WHEREFROM_MODELS", str(ROOT / "var" / "models"))
MILLISECONDS = 30_000
expect.set_options(timeout=MILLISECONDS)
HARMFUL = """\
Harbour <img src=x onerror="window.harmed = 1"> reopens after the storm

By Ann <b onclick="window.harmed=1">Otter</b>

The harbour of Eastport reopened on Tuesday <script>window.harmed = 1</script> after three days of storm.

Lobster boats 🦞 left at dawn, and the ferry "Eastport Star" sailed with forty people </p><img src=x onerror=alert(1)>.

"We lost two cranes & one pier, but nobody was hurt," said the harbour master, <svg onload="window.harmed=1"> Ann Otter.
"""


@pytest.fixture(scope="session")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article whose every part tries to run a script, with a character that is two in JavaScript."""
    file = tmp_path_factory.mktemp("harmful") / "harbour.txt"
    file.write_text(HARMFUL, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, harmful: Path) -> Iterator[str]:
    """The address of a server with the real model, on the seeds and the harmful article."""
    data = tmp_path_factory.mktemp("served")
    with Library.open(data, embedder=load_embedder(None)) as library:
        assert all(result.error is None for result in ingest(library, [SEEDS, harmful]))
    with serving(data) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, closed with the module: its event loop would stand in the way of other tests' own."""
    if browser_path() is None:
        told = "no Chromium on this machine; Debian's package is `chromium`"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    with browsing() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser, service: str) -> Iterator[BrowserContext]:
    """A fresh window, which at the end must have asked nobody else and complained of nothing."""
    opened = browser.new_context(base_url=service, viewport={"width": 1200, "height": 860})
    opened.set_default_timeout(MILLISECONDS)
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text) if _complains(message) else None)
    opened.on("weberror", lambda error: complaints.append(str(error.error)))
    yield opened
    opened.close()
    assert [url for url in asked if not url.startswith((f"{service}/", "data:", "blob:"))] == []
    assert complaints == []


def _complains(message: ConsoleMessage) -> bool:
    """Whether something is wrong with the page; that the service refused something is no fault of it."""
    return message.type == "error" and not message.text.startswith("Failed to load resource: the server responded")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page in it."""
    return context.new_page()
