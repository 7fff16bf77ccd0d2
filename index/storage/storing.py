"""Documents put into a catalog and removed from it, whole or not at all, and counted in its manifest."""

import sqlite3
from pathlib import Path

from wherefrom.index.embedding.paragraph_vectors import ParagraphVectors, DocumentVectors
from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.storage import serialization
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.storage.digests import add_to_corpus, document_digest, vectors_digest
from wherefrom.index.types import Document, Paragraph


def put(catalog: Catalog, document_id: str, document: Document, vectors: DocumentVectors, *, path: Path | None) -> None:
    """Add or replace a document, with the vectors of every paragraph, in one transaction."""
    digest = document_digest(document_id, document)
    stored = (
        document_id,
        document.source,
        path and str(path),
        document.source_sha256,
        document.encoding,
        document.media_type,
        serialization.dump_given(document.given),
        serialization.dump_metadata(document.metadata),
        serialization.dump_dropped(document.dropped),
        digest,
        vectors_digest(embedded.stored() for embedded in vectors),
        document.raw,
    )
    with catalog.connection.transaction() as db:
        _forget(catalog, db, document_id)
        columns = ", ".join("?" * (len(stored) + 1))
        db.execute(f"INSERT INTO documents VALUES ({columns})", (*stored, catalog.revision() + 1))  # noqa: S608
        for paragraph, embedded in zip(document.paragraphs, vectors, strict=True):
            _insert(db, document_id, paragraph, embedded)
        _count(catalog, db, document_id, digest, sign=1)


def remove(catalog: Catalog, document_id: str) -> None:
    """Remove a document, its bytes and its vectors. Raises DocumentNotFound."""
    with catalog.connection.transaction() as db:
        if not _forget(catalog, db, document_id):
            raise DocumentNotFound(document_id)
        db.execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", (document_id, catalog.revision()))


def _insert(db: sqlite3.Connection, document_id: str, paragraph: Paragraph, embedded: ParagraphVectors) -> None:
    inserted = db.execute(
        "INSERT INTO paragraphs (document_id, number, text, place) VALUES (?, ?, ?, ?)",
        (document_id, paragraph.number, paragraph.text, serialization.dump_place(paragraph)),
    )
    db.execute("INSERT INTO vectors VALUES (?, ?, ?, ?)", (inserted.lastrowid, *embedded.stored()))


def _forget(catalog: Catalog, db: sqlite3.Connection, document_id: str) -> bool:
    digest = catalog.digest(document_id)
    if digest is None:
        return False
    _count(catalog, db, document_id, digest, sign=-1)
    db.execute("DELETE FROM documents WHERE document_id = ?", (document_id,))
    return True


def _count(catalog: Catalog, db: sqlite3.Connection, document_id: str, digest: str, *, sign: int) -> None:
    query = "SELECT count(*) FROM paragraphs WHERE document_id = ?"
    passages = db.execute(query, (document_id,)).fetchone()[0]
    manifest = catalog.manifest()
    changed = {
        "corpus": add_to_corpus(manifest["corpus"], digest, sign=sign),
        "documents": str(int(manifest["documents"]) + sign),
        "passages": str(int(manifest["passages"]) + sign * passages),
        "revision": str(int(manifest["revision"]) + 1),
    }
    db.executemany("UPDATE manifest SET value = ?2 WHERE key = ?1", changed.items())
