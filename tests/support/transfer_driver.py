"""A transfer to be killed by a test: `python -m tests.support.transfer_driver export|import|move SOURCE TARGET`."""

import sys
from pathlib import Path

from tests.support.library_samples import WordEmbedder
from wherefrom.index.transfer.move import move_to_folder
from wherefrom.index.transfer.parquet_export import export
from wherefrom.index.transfer.parquet_import import import_export


def main() -> None:
    what, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if what == "export":
        export(source, target, _print)
    elif what == "import":
        import_export(source, target, WordEmbedder(), _print)
    else:
        move_to_folder(source, target, WordEmbedder(), _print)
    _print("done")


def _print(document_id: str) -> None:
    sys.stdout.write(f"{document_id}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
