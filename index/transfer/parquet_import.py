"""Imports an export into a data folder, completely or not at all."""

from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedded import EmbeddedEngine
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import IndexDamaged, IndexMismatch
from wherefrom.index.files.folder_removal import remove_folder
from wherefrom.index.storage.backup import check_catalog, prepare_folder, put_in_place
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.connection import Connection
from wherefrom.index.storage.leftovers import IMPORT_FOLDER
from wherefrom.index.storage.write_lock import WAIT_SECONDS, WriteLock
from wherefrom.index.transfer.engine_copy import copy_documents
from wherefrom.index.transfer.parquet_reader import ParquetExport
from wherefrom.index.transfer.parquet_rows import WrongValue, corrections_of, path_of, raw_source_of
from wherefrom.index.transfer.parquet_schema import DOCUMENTS
from wherefrom.index.transfer.stored_documents import CollectionIdentity, OnDocument, StoredDocument, open_collection
from wherefrom.index.types import Document, RawSource

Extract = Callable[[RawSource], Document]


def import_export(
    folder: Path,
    data: Path,
    embedder: Embedder,
    on_document: OnDocument | None = None,
    *,
    replace: bool = False,
    reindex: bool = False,
    wait: float = WAIT_SECONDS,
    extract: Extract = extract,
) -> CollectionIdentity:
    """Import an export into a data folder; a folder with an index requires `replace`. Return the new index's identity.

    Nothing is embedded: the export must have the embedder's model and the present cleaner version. With `reindex` every
    source is extracted by `extract` and embedded again, from an export of any model and cleaner version. The new index
    is built and checked in a folder of its own, and then replaces the old one in one step. Raises IndexMismatch,
    IndexDamaged with the name of a file and a column, IndexLocked, or another IndexUnusable, without any change.
    """
    export = ParquetExport(folder)
    if not reindex:
        _check_match(export, embedder)
    export.check()
    prepare_folder(data, replace=replace)
    with WriteLock(data, wait).held():
        staging = data / IMPORT_FOLDER
        remove_folder(staging)
        try:
            documents = _reindexed(export, extract) if reindex else export.documents()
            identity = _build(documents, staging, embedder, on_document)
            _check_result(export, identity, reindex=reindex)
            put_in_place(staging / CATALOG, data / CATALOG)
        finally:
            remove_folder(staging)
    EmbeddedEngine.open(data, embedder).close()
    return identity


def _check_match(export: ParquetExport, embedder: Embedder) -> None:
    collection, model = export.manifest.collection, embedder.identity
    if collection.matches(model, CLEANER_VERSION):
        return
    hint = "import it with --reindex, which reads and embeds every source again"
    if collection.cleaner != CLEANER_VERSION:
        raise IndexMismatch(
            f"{export.folder} was cleaned by version {collection.cleaner} of the rules, not {CLEANER_VERSION}: {hint}"
        )
    raise IndexMismatch(
        f"{export.folder} was made with the model {collection.model} (SHA-256 {collection.model_sha256[:12]}…,"
        f" {collection.dimension} dimensions), not {model.name} (SHA-256 {model.sha256[:12]}…, {model.dimension}"
        f" dimensions): import it with the model it was made with (--model or WHEREFROM_MODEL), or {hint}"
    )


def _build(
    documents: Iterator[StoredDocument], staging: Path, embedder: Embedder, on_document: OnDocument | None
) -> CollectionIdentity:
    """Build an index in a folder, check it row by row, and return its identity."""
    with closing(EmbeddedEngine.open(staging, embedder)) as engine:
        copy_documents(engine, documents, on_document, together=engine.transaction)
    with open_collection(staging) as collection:
        identity = collection.identity
    with closing(Connection(staging / CATALOG)) as catalog:
        check_catalog(catalog)
        with catalog.translating_errors():
            catalog.sqlite.execute("PRAGMA journal_mode = DELETE")  # so that the file can be renamed alone
    return identity


def _check_result(export: ParquetExport, identity: CollectionIdentity, *, reindex: bool) -> None:
    """Compare the imported index with the manifest. Raises IndexDamaged."""
    expected = export.manifest.collection
    wrong = identity.documents != expected.documents
    if not reindex:
        wrong |= (identity.paragraphs, identity.corpus) != (expected.paragraphs, expected.corpus)
    if wrong:
        raise IndexDamaged(
            f"{export.folder}: {identity.documents:,} documents and {identity.paragraphs:,} paragraphs with the corpus"
            f" hash {identity.corpus[:12]}… were read, its manifest has {expected.documents:,}, {expected.paragraphs:,}"
            f" and {expected.corpus[:12]}…; nothing was imported"
        )


def _reindexed(export: ParquetExport, extract: Extract) -> Iterator[StoredDocument]:
    """Yield the documents of an export, read again from their bytes, without vectors."""
    for row in export.document_rows():
        try:
            source, corrections = raw_source_of(row), corrections_of(row)
        except WrongValue as error:
            raise export.damaged(error.table, error.column, error.reason) from error
        if sha256(source.raw).hexdigest() != row["source_sha256"]:
            raise export.damaged(
                DOCUMENTS, "source_sha256", f"the value of {row['document_id']} does not match its bytes"
            )
        yield StoredDocument(
            document_id=row["document_id"],
            path=path_of(row),
            document=extract(source),
            corrections=corrections,
            vectors=None,
            digest="",
        )
