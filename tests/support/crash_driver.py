"""An indexing process to be killed by a test: `python -m tests.support.crash_driver DATA FOLDER`."""

import sys
from pathlib import Path

from tests.support.library_samples import WordEmbedder
from wherefrom.index.ingest import FileResult, ingest
from wherefrom.index.library import Library


def main() -> None:
    data, folder = (Path(argument) for argument in sys.argv[1:])
    with Library.open(data, embedder=WordEmbedder()) as library:
        ingest(library, [folder], on_file=_print)


def _print(result: FileResult) -> None:
    sys.stdout.write(f"{result.change} {result.source}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
