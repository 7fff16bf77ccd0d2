"""Test clients of applications in this process."""

from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient

from tests.support.library_samples import WordEmbedder
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.settings import Settings

LOCAL_ADDRESS = ("127.0.0.1", 50_000)


def local_client(open_library: Callable[[], Library], settings: Settings | None = None) -> TestClient:
    """Return a client that connects from the service's own machine."""
    app = create_app(settings or Settings(), open_library)
    return TestClient(app, base_url="http://127.0.0.1:8000", client=LOCAL_ADDRESS)


def empty_client(data: Path, settings: Settings | None = None) -> TestClient:
    """Return a client of a service with an empty index."""
    return local_client(lambda: Library.open(data, embedder=WordEmbedder()), settings)
