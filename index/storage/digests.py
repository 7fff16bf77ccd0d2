"""Digests over what the catalog stores of a document, and the corpus hash that they add up to."""

import hashlib
from collections.abc import Iterable, Sequence

from wherefrom.index.storage.serialization import compact_json, dump_given, dump_metadata, dump_place
from wherefrom.index.types import Document


def document_digest(document_id: str, document: Document) -> str:
    """SHA-256 over all that an answer could show of a document; vectors are not part of it."""
    paragraphs = ((p.number, p.text, dump_place(p)) for p in document.paragraphs)
    return stored_digest(
        [document_id, *document_identity(document)],
        dump_metadata(document.metadata),
        paragraphs,
    )


def document_identity(document: Document) -> tuple[str, ...]:
    """What a document was read from and with, as the catalog's columns hold it."""
    read_with = (document.media_type, dump_given(document.given))
    return (document.source, document.source_sha256, document.encoding, *read_with)


def stored_digest(identity: Sequence[str], metadata: str, paragraphs: Iterable[tuple[int, str, str]]) -> str:
    """`document_digest` from a catalog's own columns: (number, text, place) a paragraph, in order."""
    return hashlib.sha256(compact_json([identity, metadata, list(paragraphs)]).encode()).hexdigest()


def vectors_digest(vectors: Iterable[tuple[bytes, bytes, bytes]]) -> str:
    """SHA-256 over a document's stored vectors, (paragraph, sentences, tokens) a paragraph, in order."""
    digest = hashlib.sha256()
    for stored in vectors:
        for part in stored:
            digest.update(part)
    return digest.hexdigest()


def add_to_corpus(corpus: str, digest: str, *, sign: int) -> str:
    """The corpus hash with a document's digest added (sign 1) or taken out (-1), whatever the order."""
    total = int(corpus, 16) + sign * int(digest, 16)
    return f"{total % 2**256:064x}"
