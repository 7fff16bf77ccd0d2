"""Checks that PostgreSQL still holds what was written to it: each document by its digest, and the totals."""

from hashlib import sha256

from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.cluster.database import document_rows
from wherefrom.index.cluster.database.connections import Database, Session
from wherefrom.index.cluster.database.document_rows import CURRENT
from wherefrom.index.cluster.database.statistics import totals_at
from wherefrom.index.errors import IndexDamaged
from wherefrom.index.storage import digests, extractions
from wherefrom.index.storage.integrity import MAX_VERIFIED_DOCUMENTS
from wherefrom.index.storage.schema import EMPTY_CORPUS


class VerifiedVersions:
    """Checks a version the first time that its text is shown in this process. Thread-safe."""

    def __init__(self) -> None:
        self._versions: BoundedCache[int, bool] = BoundedCache(MAX_VERIFIED_DOCUMENTS)

    def check(self, db: Database, version: int) -> None:
        """Raise IndexDamaged unless the stored source, metadata, headings and paragraphs match the digest."""
        if self._versions.get(version) is None:
            check_text(db, version)
            self._versions.put(version, True)  # noqa: FBT003 - a set of versions


def check(session: Session) -> None:
    """Check the digests of every document, and the totals of the last change. Raises IndexDamaged."""
    with session.snapshot() as db:
        corpus, documents, passages, terms = EMPTY_CORPUS, 0, 0, 0
        query = f"SELECT version, digest, passages, terms FROM versions WHERE {CURRENT}"  # noqa: S608 - a constant
        for version, digest, held, length in db.execute(query.encode()).fetchall():
            check_document(db, version)
            corpus = digests.add_to_corpus(corpus, digest, sign=1)
            documents, passages, terms = documents + 1, passages + held, terms + length
        totals = totals_at(db)
        if (totals.documents, totals.passages, totals.terms, totals.corpus) != (documents, passages, terms, corpus):
            raise damaged("its documents are not those that its last change counts")
        query = f"""SELECT count(*) FROM terms FULL JOIN (
            SELECT held AS number, count(*) AS counted
            FROM paragraphs JOIN versions USING (version), unnest(paragraphs.terms) AS held
            WHERE {CURRENT} GROUP BY held) AS frequencies USING (number) WHERE paragraphs <> coalesce(counted, 0)"""  # noqa: S608
        (wrong,) = db.execute(query.encode()).fetchone() or (0,)
        if wrong:
            raise damaged(f"the frequencies of {wrong} terms are not those of its paragraphs")


def check_document(db: Database, version: int) -> None:
    """Check the text and the vectors of a version. Raises IndexDamaged."""
    check_text(db, version)
    check_vectors(db, version)


def check_text(db: Database, version: int) -> None:
    """Check all that an answer can show of a version. Raises IndexDamaged if it does not have its digest."""
    query = """SELECT document_id, source, source_sha256, encoding, errors, media_type, given, metadata, headings,
        extraction, raw, digest, (SELECT text FROM extracted_texts WHERE extracted_texts.version = versions.version)
        FROM versions WHERE version = %s"""
    row = db.execute(query, (version,)).fetchone()
    if row is None:
        raise damaged(f"version {version} of a document is not there")
    document_id, source, *identity, metadata, headings, extraction, raw, digest, text = row
    if sha256(raw).hexdigest() != identity[0]:
        raise damaged(f"the bytes of {document_id} are not those that were stored")
    _, expected = extractions.load_extraction(extraction)
    if (None if text is None else sha256(text).hexdigest()) != expected:
        raise damaged(f"the extracted text of {document_id} is not the one that was stored")
    try:
        actual = digests.stored_digest(
            [document_id, source.decode(), *identity],
            metadata,
            headings,
            document_rows.paragraph_columns(db, version),
            None if extraction is None else (extraction, document_rows.page_rows(db, version)),
        )
    except ValueError:  # bytes that are no text
        actual = ""
    if actual != digest:
        raise damaged(f"the paragraphs of {document_id} are not those that were stored")


def check_vectors(db: Database, version: int) -> None:
    """Check the vectors of a version. Raises IndexDamaged."""
    row = db.execute("SELECT document_id, vectors_sha256 FROM versions WHERE version = %s", (version,)).fetchone()
    if row is None or digests.vectors_digest(document_rows.stored_vectors(db, version)) != row[1]:
        raise damaged(f"the vectors of {row[0] if row else version} are not those that were stored")


def damaged(detail: str) -> IndexDamaged:
    """Return the error for a database whose content is not what was written."""
    return IndexDamaged(f"the database is damaged ({detail}). Restore it from a backup")
