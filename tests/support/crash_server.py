"""A server process on a data folder, without a model, for a test to kill: `python -m tests.support.crash_server`."""

import os

from tests.support.library_samples import WordEmbedder
from wherefrom.index.library import Library
from wherefrom.service.api.server import serve
from wherefrom.service.settings import from_environment


def main() -> None:
    settings = from_environment(os.environ)
    serve(settings, lambda: Library.open(settings.data, embedder=WordEmbedder(), threshold=0.0))


if __name__ == "__main__":
    main()
