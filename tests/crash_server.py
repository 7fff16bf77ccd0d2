"""A server process on a data folder, without a model, for a test to kill: `python -m tests.crash_server`."""

import os

from index.library import Library
from service.server import serve
from service.settings import from_environment
from tests.library_samples import WordEmbedder


def main() -> None:
    settings = from_environment(os.environ)
    serve(settings, lambda: Library.open(settings.data, embedder=WordEmbedder(), threshold=0.0))


if __name__ == "__main__":
    main()
