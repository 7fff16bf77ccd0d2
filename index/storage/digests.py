"""Digests of stored documents, and the corpus hash, which is their sum."""

import hashlib
from collections.abc import Iterable, Sequence

from wherefrom.index.storage.extractions import PageRow, dump_extraction, page_rows
from wherefrom.index.storage.serialization import compact_json, dump_given, dump_headings, dump_metadata, dump_place
from wherefrom.index.types import Document


def document_digest(document_id: str, document: Document) -> str:
    """Return the SHA-256 of all content of a document that can be shown or cited; vectors are not part of it."""
    extraction = document.extraction
    paragraphs = ((p.number, p.text, dump_place(p)) for p in document.paragraphs)
    return stored_digest(
        [document_id, *document_identity(document)],
        dump_metadata(document.metadata),
        dump_headings(document.headings),
        paragraphs,
        None if extraction is None else (dump_extraction(extraction), page_rows(extraction)),
    )


def document_identity(document: Document) -> tuple[str, ...]:
    """Return a document's source and the parameters of its reading, in the form of the catalog's columns."""
    return (
        document.source,
        document.source_sha256,
        document.encoding,
        document.errors,
        document.media_type,
        dump_given(document.given),
    )


def stored_digest(
    identity: Sequence[str],
    metadata: str,
    headings: str,
    paragraphs: Iterable[tuple[int, str, str]],
    extraction: tuple[str, Sequence[PageRow]] | None = None,
) -> str:
    """Return `document_digest` from the catalog's columns.

    `identity` is the document's id followed by `document_identity`, `metadata` the result of `dump_metadata`,
    `headings` that of `dump_headings`; `paragraphs` has a tuple (number, text, place) for each paragraph, in order.
    `extraction` is the result of `dump_extraction` and the pages, `None` for a document without an extracted text.
    """
    parts: list[object] = [identity, metadata, headings, list(paragraphs)]
    if extraction is not None:
        parts.append(extraction)
    return hashlib.sha256(compact_json(parts).encode()).hexdigest()


def vectors_digest(vectors: Iterable[tuple[bytes, bytes, bytes]]) -> str:
    """Return the SHA-256 of a document's stored vectors: (paragraph, sentences, tokens) per paragraph, in order."""
    digest = hashlib.sha256()
    for columns in vectors:
        for column in columns:
            digest.update(column)
    return digest.hexdigest()


def add_to_corpus(corpus: str, digest: str, *, sign: int) -> str:
    """Return the corpus hash after adding (sign 1) or subtracting (sign -1) a document's digest, modulo 2 ** 256.

    The order of changes makes no difference.
    """
    total = int(corpus, 16) + sign * int(digest, 16)
    return f"{total % 2**256:064x}"
