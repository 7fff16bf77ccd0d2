"""The corpus of the scale curve in a cluster: the same paragraphs with the same vectors; nothing is embedded."""

from collections.abc import Iterable
from hashlib import sha256
from itertools import islice

from wherefrom.eval.benchmarks.scale.synthetic_corpus import SentencePool
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors, ParagraphVectors
from wherefrom.index.engine import Item
from wherefrom.index.storage.rows import IndexedDocument
from wherefrom.index.types import Document, Metadata, Paragraph, Sentence, Span

BATCH_DOCUMENTS = 200
"""Number of documents that are stored in one transaction."""


def fill(engine: ClusterEngine, pool: SentencePool, size: int) -> None:
    """Store a corpus of `size` paragraphs, unless the engine already has as many."""
    if engine.status().passages == size:
        return
    documents = pool.documents(size)
    while portion := list(islice(documents, BATCH_DOCUMENTS)):
        store(engine, portion)


def store(engine: ClusterEngine, documents: Iterable[IndexedDocument]) -> None:
    """Store documents with their vectors."""
    items, vectors = zip(*map(stored_document, documents), strict=True)
    engine.put(items, vectors)


def stored_document(indexed: IndexedDocument) -> tuple[Item, DocumentVectors]:
    """Return a document to store, and its vectors. Each paragraph is a line, and is cited as one sentence."""
    raw = "\n".join(row.text for row in indexed.rows).encode()
    paragraphs: list[Paragraph] = []
    start = 0
    for row in indexed.rows:
        segments = (Span(start=start, end=start + len(row.text)),)
        paragraphs.append(
            Paragraph(
                number=row.number,
                text=row.text,
                segments=segments,
                sentences=(Sentence(start=0, end=len(row.text), segments=segments),),
                line_start=row.number,
                line_end=row.number,
            )
        )
        start += len(row.text) + 1
    document = Document(
        source=f"{indexed.document_id}.txt",
        raw=raw,
        source_sha256=sha256(raw).hexdigest(),
        encoding="utf-8",
        metadata=Metadata(),
        paragraphs=tuple(paragraphs),
        dropped=(),
    )
    vectors = [
        ParagraphVectors(paragraph=row.vector, sentences=row.sentences, tokens=bytes(row.tokens))
        for row in indexed.rows
    ]
    return (indexed.document_id, document), vectors
