"""Commands that write an index to Parquet files, read it from them, and move it; each returns its exit code."""

import sys
from pathlib import Path

from wherefrom.index.storage.catalog_pool import open_for_reading
from wherefrom.index.transfer.move import move_to_folder
from wherefrom.index.transfer.parquet_export import export as export_index
from wherefrom.index.transfer.parquet_import import import_export
from wherefrom.index.transfer.parquet_manifest import ExportManifest
from wherefrom.index.transfer.parquet_schema import require_pyarrow
from wherefrom.index.transfer.stored_documents import CollectionIdentity
from wherefrom.service.bootstrap import extraction_pool, open_embedder
from wherefrom.service.cli.progress import progress_bar
from wherefrom.service.cli.rendering import console, count
from wherefrom.service.settings import Settings


def export(settings: Settings, folder: Path) -> int:
    """Write the index as Parquet files, also while it is being written."""
    require_pyarrow()
    with progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Exporting", total=_documents(settings.data), unit="documents")
        collection = export_index(settings.data, folder, lambda _: bar.advance(task))
    console(sys.stdout).print(f"{_counts(collection)} checked and exported")
    return 0


def import_(settings: Settings, folder: Path, *, replace: bool, reindex: bool) -> int:
    """Put an export into the data folder."""
    require_pyarrow()
    total = ExportManifest.load(folder).collection.documents
    with extraction_pool(settings) as pool, progress_bar(console(sys.stderr)) as bar:
        embedder = open_embedder(settings)
        task = bar.add_task("Importing", total=total, unit="documents")
        collection = import_export(
            folder,
            settings.data,
            embedder,
            lambda _: bar.advance(task),
            replace=replace,
            reindex=reindex,
            wait=settings.lock_seconds,
            extract=pool.extract,
        )
    done = "read and embedded again" if reindex else "checked and imported"
    console(sys.stdout).print(f"{_counts(collection)} {done}")
    return 0


def move(settings: Settings, to: str) -> int:
    """Copy the index to another data folder, and say how to serve it from there."""
    target = Path(to)
    with progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Moving", total=_documents(settings.data), unit="documents")
        collection = move_to_folder(
            settings.data,
            target,
            open_embedder(settings),
            lambda _: bar.advance(task),
            lambda total: bar.update(task, total=total),
            wait=settings.lock_seconds,
        )
    out = console(sys.stdout)
    out.print(f"{_counts(collection)} copied and checked")
    out.print(f"{settings.data} is as it was. Start the service with --data {target}: later changes are not copied.")
    return 0


def _documents(data: Path) -> int:
    """Return the number of documents of a data folder. Raise IndexUnusable."""
    catalog = open_for_reading(data)
    try:
        return int(catalog.manifest()["documents"])
    finally:
        catalog.close()


def _counts(collection: CollectionIdentity) -> str:
    return f"{count(collection.documents, 'document')} with {count(collection.paragraphs, 'paragraph')}"
