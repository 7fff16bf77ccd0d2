"""Digests of what the catalog stores of a document, and the corpus hash, which is their sum."""

import hashlib
from collections.abc import Iterable, Sequence

from wherefrom.index.storage.extractions import PageRow, dump_extraction, page_rows
from wherefrom.index.storage.serialization import compact_json, dump_given, dump_headings, dump_metadata, dump_place
from wherefrom.index.types import Document


def document_digest(document_id: str, document: Document) -> str:
    """Return the SHA-256 of everything that can be shown and cited of a document; vectors are not part of it."""
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
    """Return the source of a document and how it was read, as the catalog's columns hold them."""
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

    `identity` is the document's id followed by `document_identity`, `metadata` what `dump_metadata` returned,
    `headings` what `dump_headings` did; for each paragraph, in order, there is a tuple (number, text, place).
    `extraction` is there for a document with an extracted text: what `dump_extraction` returned, and its pages.
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
