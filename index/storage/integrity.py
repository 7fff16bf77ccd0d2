"""Checks that a catalog is unchanged since it was written: every page, every document, and the manifest."""

from hashlib import sha256
from typing import TYPE_CHECKING

from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.storage import digests, extractions, schema
from wherefrom.index.storage.connection import Connection, damaged

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

MAX_FULL_CHECK_BYTES = 64 * 1024 * 1024
"""File size up to which a catalog is checked completely when it is opened; `verify` checks any size."""
MAX_VERIFIED_DOCUMENTS = 65_536
"""Maximum number of cached digests of checked documents, of about 200 bytes each."""


class VerifiedDocuments:
    """Checks a document before its text is shown, once for each digest, and thus for each of its revisions.

    Thread-safe. It belongs to one catalog, since the same document may be intact in one file and damaged in another.
    """

    def __init__(self) -> None:
        self._digests: BoundedCache[str, bool] = BoundedCache(MAX_VERIFIED_DOCUMENTS)

    def check(self, connection: Connection, document_id: str, digest: str) -> None:
        """Raise IndexDamaged unless the stored source, metadata, headings and paragraphs have this digest."""
        if self._digests.get(digest) is None:
            with connection.translating_errors():
                check_text(connection.sqlite, connection.path, document_id, digest)
            self._digests.put(digest, True)  # noqa: FBT003 - a set of digests


def check_at_open(connection: Connection) -> None:
    """Check a catalog completely unless it is larger than MAX_FULL_CHECK_BYTES; `verify` checks those.

    Raises IndexDamaged, or another IndexUnusable if it cannot be read.
    """
    if connection.path.stat().st_size <= MAX_FULL_CHECK_BYTES:
        check(connection)


def check(connection: Connection) -> None:
    """Check every page, the digests of every document, and the manifest's counts and corpus hash.

    Raises IndexDamaged, or another IndexUnusable if it cannot be read.
    """
    with connection.snapshot() as db:
        report = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if report != "ok":
            raise damaged(connection.path, report)
        corpus = schema.EMPTY_CORPUS
        for document_id, digest in db.execute("SELECT document_id, digest FROM documents"):
            check_text(db, connection.path, document_id, digest)
            _check_vectors(db, connection.path, document_id)
            corpus = digests.add_to_corpus(corpus, digest, sign=1)
        _check_manifest(db, connection.path, corpus)


def check_document(connection: Connection, document_id: str) -> None:
    """Check the source, metadata, paragraphs and vectors of one document, which must exist.

    Raises IndexDamaged.
    """
    db = connection.sqlite
    digest = db.execute("SELECT digest FROM documents WHERE document_id = ?", (document_id,)).fetchone()[0]
    check_text(db, connection.path, document_id, digest)
    _check_vectors(db, connection.path, document_id)


def check_text(db: "sqlite3.Connection", path: "Path", document_id: str, digest: str) -> None:
    """Check everything of a document that answers can show: its source, extracted text, metadata and paragraphs.

    Raises IndexDamaged if they do not have this digest.
    """
    query = """SELECT source, source_sha256, encoding, errors, media_type, given, metadata, headings,
        extraction, CAST(raw AS BLOB) FROM documents WHERE document_id = ?"""
    row = db.execute(query, (document_id,)).fetchone()
    if row is None:
        raise damaged(path, f"{document_id} is not there")
    *identity, metadata, headings, extraction, raw = row
    if sha256(raw).hexdigest() != identity[1]:
        raise damaged(path, f"the bytes of {document_id} are not those that were stored")
    _check_extracted_text(db, path, document_id, extraction)
    query = "SELECT number, text, place FROM paragraphs WHERE document_id = ? ORDER BY number"
    try:
        paragraphs = db.execute(query, (document_id,))
        extracted = None if extraction is None else (extraction, list(extractions.stored_pages(db, document_id)))
        actual = digests.stored_digest([document_id, *identity], metadata, headings, paragraphs, extracted)
    except (TypeError, ValueError):  # a value of another type, such as a BLOB, or half of a surrogate pair
        actual = None
    if actual != digest:
        raise damaged(path, f"the paragraphs of {document_id} are not those that were stored")


def _check_extracted_text(db: "sqlite3.Connection", path: "Path", document_id: str, extraction: str | None) -> None:
    """Compare a document's extracted text with its hash, which is part of the digest."""
    _, expected = extractions.load_extraction(extraction)
    text = extractions.stored_text(db, document_id)
    if (None if text is None else sha256(text).hexdigest()) != expected:
        raise damaged(path, f"the extracted text of {document_id} is not the one that was stored")


def _check_vectors(db: "sqlite3.Connection", path: "Path", document_id: str) -> None:
    query = "SELECT vectors_sha256 FROM documents WHERE document_id = ?"
    vectors_sha256 = db.execute(query, (document_id,)).fetchone()[0]
    query = """SELECT paragraph, sentences, tokens FROM paragraphs JOIN vectors USING (paragraph_id)
        WHERE document_id = ? ORDER BY number"""
    if digests.vectors_digest(db.execute(query, (document_id,))) != vectors_sha256:
        raise damaged(path, f"the vectors of {document_id} are not those that were stored")


def _check_manifest(db: "sqlite3.Connection", path: "Path", corpus: str) -> None:
    manifest = schema.read_manifest(db)
    documents = db.execute("SELECT count(*) FROM documents").fetchone()[0]
    passages = db.execute("SELECT count(*) FROM paragraphs").fetchone()[0]
    counted = (manifest["corpus"], int(manifest["documents"]), int(manifest["passages"]))
    if counted != (corpus, documents, passages):
        raise damaged(path, "its documents are not those that its manifest counts")
