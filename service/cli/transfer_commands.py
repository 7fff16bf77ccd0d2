"""Commands that export an index to Parquet files, import one, and move it; each returns its exit code."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import typer

from wherefrom.index.engine import Engine
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.storage.catalog_pool import open_for_reading
from wherefrom.index.storage.leftovers import check_is_kept
from wherefrom.index.transfer.engine_copy import differing, others
from wherefrom.index.transfer.move import move_to_engine, move_to_folder
from wherefrom.index.transfer.parquet_export import ExportedCollection, export_collection
from wherefrom.index.transfer.parquet_import import import_export
from wherefrom.index.transfer.parquet_manifest import ExportManifest
from wherefrom.index.transfer.parquet_schema import require_pyarrow
from wherefrom.index.transfer.stored_documents import CollectionIdentity, open_collection
from wherefrom.service.bootstrap import extraction_pool, open_embedder
from wherefrom.service.catalogs import check_cluster_packages, is_cluster, refuse_cluster
from wherefrom.service.cli.progress import progress_bar
from wherefrom.service.cli.rendering import console, count
from wherefrom.service.settings import Settings

CLUSTER = "cluster"
"""The value of `--to` that moves an index to a cluster instead of a folder."""


def export(settings: Settings, folder: Path) -> int:
    """Write the index as Parquet files; other processes may write to the index meanwhile."""
    require_pyarrow()
    check_is_kept(folder, settings.data)
    with _exported(settings) as collection, progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Exporting", total=collection.identity.documents, unit="documents")
        export_collection(collection, folder, lambda _: bar.advance(task))
        identity = collection.identity
    console(sys.stdout).print(f"{_counts(identity)} checked and exported")
    return 0


@contextmanager
def _exported(settings: Settings) -> Iterator[ExportedCollection]:
    """Hold one state of the index, in a data folder or in a cluster. Raises IndexUnusable."""
    if not is_cluster(settings):
        with open_collection(settings.data) as in_folder:
            yield in_folder
        return
    from wherefrom.index.transfer.stored_database import open_database  # noqa: PLC0415 - an extra

    with open_database(settings.cluster()[0]) as in_database:
        yield in_database


def import_(settings: Settings, folder: Path, *, replace: bool, reindex: bool) -> int:
    """Import an export into the data folder."""
    refuse_cluster(settings, "import into a data folder with --engine embedded, and move that to the cluster")
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


def move(settings: Settings, to: str, *, replace: bool) -> int:
    """Copy the index to another data folder, or to a cluster, and print how to serve the copy.

    `replace` is for a cluster: its documents that differ from those of the data folder are replaced.
    """
    if to == CLUSTER:
        return _move_to_cluster(settings, replace=replace)
    if replace:
        raise typer.BadParameter("is for `--to cluster`: a folder is moved to a new one", param_hint="--replace")
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


def _move_to_cluster(settings: Settings, *, replace: bool) -> int:
    dsn, milvus_uri = settings.cluster()
    check_cluster_packages()
    from wherefrom.index.cluster.engine import ClusterEngine  # noqa: PLC0415 - an extra
    from wherefrom.index.cluster.milvus import Layout  # noqa: PLC0415

    layout = Layout(shards=settings.milvus_shards)
    with progress_bar(console(sys.stderr)) as bar:
        task = bar.add_task("Moving", total=_documents(settings.data), unit="documents")
        embedder = open_embedder(settings)
        engine = ClusterEngine.open(dsn, milvus_uri, embedder, lock_wait=settings.lock_seconds, layout=layout)
        with closing(engine):
            _check_loses_nothing(engine, settings.data, replace=replace)
            collection = move_to_engine(
                settings.data,
                engine,
                embedder,
                lambda _: bar.advance(task),
                lambda total: bar.update(task, total=total),
                wait=settings.lock_seconds,
                together=engine.transaction,
            )
            engine.refresh()
    out = console(sys.stdout)
    out.print(f"{_counts(collection)} copied and checked")
    out.print(f"{settings.data} is as it was. Start the service with --engine cluster: later changes are not copied.")
    return 0


def _check_loses_nothing(engine: Engine, data: Path, *, replace: bool) -> None:
    """Raise IndexUnusable if a move would remove documents of an engine or, without `replace`, replace them."""
    with open_collection(data) as collection:
        if found := _first_and_total(others(engine, collection)):
            reason = f"{count(found[1], 'document')} that {data} has not, such as {found[0]!r}"
            raise IndexUnusable(f"the database has {reason}; move to an empty database")
        if not replace and (found := _first_and_total(differing(engine, collection))):
            reason = f"{count(found[1], 'document')} with other contents than in {data}, such as {found[0]!r}"
            raise IndexUnusable(f"the database has {reason}; --replace replaces them with those of the folder")


def _first_and_total(ids: Iterable[str]) -> tuple[str, int] | None:
    """Return the first of some ids and their number, `None` if there are none."""
    remaining = iter(ids)
    first = next(remaining, None)
    return None if first is None else (first, 1 + sum(1 for _ in remaining))


def _documents(data: Path) -> int:
    """Return the number of documents of a data folder. Raise IndexUnusable."""
    catalog = open_for_reading(data)
    try:
        return int(catalog.manifest()["documents"])
    finally:
        catalog.close()


def _counts(collection: CollectionIdentity) -> str:
    return f"{count(collection.documents, 'document')} with {count(collection.paragraphs, 'paragraph')}"
