"""A server process without a model, to be killed by a test: `python -m tests.support.crash_server`."""

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
