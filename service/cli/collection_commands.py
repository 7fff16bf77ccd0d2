"""`wherefrom list` and `wherefrom status`: the contents of the index, read from its catalog without a model."""

import sys
from collections.abc import Sequence

import typer
from rich.table import Column, Table

from wherefrom.index.collection.document_query import DocumentQuery, DocumentSort
from wherefrom.index.storage.schema import generation
from wherefrom.index.types import DocumentSummary
from wherefrom.service.catalogs import open_catalog, place_and_size
from wherefrom.service.cli.rendering import console, terminal_json, visible
from wherefrom.service.schemas import serialization
from wherefrom.service.schemas.responses import DocumentList
from wherefrom.service.settings import Settings

COLUMNS = ("Published", "Publisher", "Title")
BYTES_PER_MB = 1_000_000


def list_documents(
    settings: Settings, words: Sequence[str], *, sort: DocumentSort, limit: int | None, as_json: bool
) -> int:
    """Print the documents whose metadata contains all of the words, one per line."""
    query = DocumentQuery(words=[word.casefold() for word in words], sort=sort, limit=limit)
    with open_catalog(settings) as catalog:
        selection = catalog.select(query)
    documents, total = selection.documents, selection.total
    if as_json:
        listed = DocumentList(documents=documents, total=total, cursor=None)
        typer.echo(terminal_json(serialization.json_bytes(serialization.as_json(listed))))
        return 0
    out = console(sys.stdout)
    if out.is_terminal:
        ids = Column("ID", overflow="fold")  # never cut short: ids are copied to other commands
        table = Table(ids, *COLUMNS, box=None, pad_edge=False, header_style="bold")
        for document in documents:
            table.add_row(*_cells(document))
        out.print(table)
    else:
        for document in documents:
            typer.echo("\t".join(_cells(document)))
    if len(documents) < total:
        console(sys.stderr).print(f"{len(documents):,} of {total:,} documents")
    return 0


def status(settings: Settings, *, as_json: bool) -> int:
    """Print the counts, size, model, cleaner version and generation of the index."""
    with open_catalog(settings) as catalog:
        manifest, data, size = catalog.manifest(), *place_and_size(settings)
    facts = {
        "data": data,
        "generation": generation(manifest),
        "documents": int(manifest["documents"]),
        "passages": int(manifest["passages"]),
        "model": manifest["model"],
        "model_sha256": manifest["model_sha256"],
        "cleaner": manifest["cleaner"],
        "revision": int(manifest["revision"]),
        "bytes": size,
    }
    if as_json:
        typer.echo(terminal_json(serialization.json_bytes(facts)))
        return 0
    out = console(sys.stdout)
    held = f"{facts['documents']:,} documents, {facts['passages']:,} passages, {size / BYTES_PER_MB:,.1f} MB"
    out.print(visible(f"{facts['data']}: {held}"))
    out.print(visible(f"model: {facts['model']}, SHA-256 {facts['model_sha256']}"))
    out.print(f"cleaning rules: version {facts['cleaner']}")
    out.print(f"generation: {facts['generation']}, after {facts['revision']:,} changes")
    return 0


def _cells(document: DocumentSummary) -> tuple[str, str, str, str]:
    """Return the cells of a document in the list, each on one line and without tabs."""
    published = document.published.isoformat() if document.published else ""
    values = (document.document_id, published, document.publisher or document.agency or "", document.title or "")
    id_, day, publisher, title = (" ".join(visible(value).split()) for value in values)
    return id_, day, publisher, title
