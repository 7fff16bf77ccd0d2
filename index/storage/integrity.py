"""Whether a catalog still holds what was written to it, page by page and document by document."""

from hashlib import sha256
from typing import TYPE_CHECKING

from wherefrom.index.storage import digests, schema
from wherefrom.index.storage.connection import Connection, damaged

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

MAX_FULL_CHECK_BYTES = 64 * 1024 * 1024
"""Bytes up to which a catalog is checked whole when it is opened; `verify` does it whatever the size."""


def check_at_open(connection: Connection) -> None:
    """Check a catalog of ordinary size whole; leave a large one to SQLite's own checks and to `verify`."""
    if connection.path.stat().st_size <= MAX_FULL_CHECK_BYTES:
        check(connection)


def check(connection: Connection) -> None:
    """Raise IndexUnusable unless every page, every document's digests and the manifest's sums hold."""
    with connection.snapshot() as db:
        report = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if report != "ok":
            raise damaged(connection.path, report)
        corpus = schema.EMPTY_CORPUS
        for document_id, digest in db.execute("SELECT document_id, digest FROM documents"):
            _check_document(db, connection.path, document_id, digest)
            corpus = digests.add_to_corpus(corpus, digest, sign=1)
        _check_sums(db, connection.path, corpus)


def _check_document(db: "sqlite3.Connection", path: "Path", document_id: str, digest: str) -> None:
    query = """SELECT source, source_sha256, encoding, media_type, given, metadata, vectors_sha256, CAST(raw AS BLOB)
        FROM documents WHERE document_id = ?"""
    *identity, metadata, vectors_sha256, raw = db.execute(query, (document_id,)).fetchone()
    if sha256(raw).hexdigest() != identity[1]:
        raise damaged(path, f"the bytes of {document_id} are not those that were stored")
    query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? ORDER BY number"
    if digests.stored_digest([document_id, *identity], metadata, db.execute(query, (document_id,))) != digest:
        raise damaged(path, f"the paragraphs of {document_id} are not those that were stored")
    query = """SELECT paragraph, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph_id)
        WHERE document_id = ? ORDER BY number"""
    if digests.vectors_digest(db.execute(query, (document_id,))) != vectors_sha256:
        raise damaged(path, f"the vectors of {document_id} are not those that were stored")


def _check_sums(db: "sqlite3.Connection", path: "Path", corpus: str) -> None:
    manifest = schema.read_manifest(db)
    documents = db.execute("SELECT count(*) FROM documents").fetchone()[0]
    passages = db.execute("SELECT count(*) FROM paragraphs").fetchone()[0]
    counted = (manifest["corpus"], int(manifest["documents"]), int(manifest["passages"]))
    if counted != (corpus, documents, passages):
        raise damaged(path, "its documents are not those that its manifest counts")
