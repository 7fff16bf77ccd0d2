"""`wherefrom` with an embedder without a model: `python -m tests.support.watch_driver watch FOLDER --data DATA`."""

import sys

from tests.support.library_samples import WordEmbedder
from wherefrom.service import bootstrap
from wherefrom.service.cli.main import main

if __name__ == "__main__":
    bootstrap.load_embedder = lambda *_, **__: WordEmbedder()  # type: ignore[attr-defined]
    main(sys.argv[1:])
