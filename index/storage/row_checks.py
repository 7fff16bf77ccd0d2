"""Checks that every row of a catalog has valid values, before a backup from another origin is trusted.

The digests that `integrity` compares prove that a catalog is unchanged, not that this program wrote it.
"""

import codecs
import json
import math
from collections.abc import Mapping, Sequence
from typing import get_args

import numpy as np

from wherefrom.index.collection.corrections import corrected
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.embedding.token_head import TOKEN_HEAD_FILE, token_head_for
from wherefrom.index.extraction import ExtractedPage
from wherefrom.index.storage import schema, serialization
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.storage.connection import damaged
from wherefrom.index.storage.rows import vectors_of
from wherefrom.index.storage.serialization import UnreadableValue
from wherefrom.index.types import Given, Heading, HeadingKind, Metadata, Paragraph, Source, Span

FLOAT_BYTES = 4
COLUMN_TYPES = {
    "manifest": {"key": "text", "value": "text"},
    "documents": {
        "document_id": "text",
        "source": "text",
        "source_sha256": "text",
        "encoding": "text",
        "errors": "text",
        "media_type": "text",
        "given": "text",
        "metadata": "text",
        "headings": "text",
        "dropped": "text",
        "digest": "text",
        "vectors_sha256": "text",
        "raw": "blob",
        "revision": "integer",
    },
    "corrections": {"document_id": "text", "corrected": "text", "read": "text"},
    "extracted_texts": {"document_id": "text", "text": "blob"},
    "pages": {"document_id": "text", "number": "integer", "first": "integer", "last": "integer", "layout": "text"},
    "removals": {"document_id": "text", "revision": "integer"},
    "paragraphs": {"document_id": "text", "number": "integer", "text": "text", "place": "text"},
    "vectors": {"paragraph": "blob", "sentences": "blob", "tokens": "blob"},
}
"""The storage class of each column, since SQLite accepts a value of any type in most columns."""


def check(catalog: Catalog) -> None:
    """Raise IndexDamaged, naming the document, if a row cannot be read, is inconsistent, or has invalid vectors."""
    path = catalog.connection.path
    with catalog.connection.snapshot() as db:
        for table, columns in COLUMN_TYPES.items():
            condition = " OR ".join(f"typeof({name}) != '{kind}'" for name, kind in columns.items())
            if db.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1").fetchone():  # noqa: S608 - constants
                raise damaged(path, f"a row of {table} has a value of another type")
        manifest = catalog.manifest()
        schema.check_complete(manifest, path)
        for document_id in list(catalog.ids()):
            try:
                _check_document(catalog, document_id, manifest)
            except UnreadableValue as error:
                raise damaged(path, f"{document_id}: {error}") from error


def _check_document(catalog: Catalog, document_id: str, manifest: Mapping[str, str]) -> None:
    source = catalog.source(document_id)
    _check_metadata(source.metadata)
    _check_metadata(source.given)
    _check_corrections(catalog, document_id, source.metadata)
    length = len(_decoded(catalog, source))
    _check_pages(catalog.pages(document_id), length)
    for name, spans in source.metadata.evidence.items():
        _check_spans(spans, length, f"the evidence for {name}")
    paragraphs = catalog.paragraphs(document_id)
    numbers = [paragraph.number for paragraph in paragraphs]
    if numbers != list(range(1, len(numbers) + 1)):
        raise UnreadableValue("its paragraphs are not numbered from 1")
    for paragraph in paragraphs:
        _check_paragraph(paragraph, length)
    for heading in catalog.headings(document_id):
        _check_heading(heading, length, len(paragraphs))
    dropped = catalog.dropped(document_id)
    _check_spans([Span(start=each.start, end=each.end) for each in dropped], length, "what was dropped")
    _check_vectors(catalog, document_id, paragraphs, manifest)


def _check_corrections(catalog: Catalog, document_id: str, metadata: Metadata) -> None:
    known = catalog.corrections(document_id)
    if known is None:
        return
    corrections, read_metadata = known
    _check_metadata(read_metadata)
    if corrected(read_metadata, corrections) != metadata:
        raise UnreadableValue("its metadata is not what was read and corrected")


def _decoded(catalog: Catalog, source: Source) -> str:
    try:
        codecs.lookup(source.encoding)
        return catalog.text(source.document_id)
    except (LookupError, ValueError, TypeError) as error:
        raise UnreadableValue(f"its source cannot be decoded as {source.encoding}") from error


def _check_pages(pages: Sequence[ExtractedPage], length: int) -> None:
    if [page.number for page in pages] != list(range(1, len(pages) + 1)):
        raise UnreadableValue("its pages are not numbered from 1")
    for page in pages:
        spans = [Span(start=page.start, end=page.end), *(Span(start=box.start, end=box.end) for box in page.boxes)]
        _check_spans(spans, length, f"page {page.number}")
        sizes = [corner for box in page.boxes for corner in (box.left, box.top, box.right, box.bottom)]
        sizes += [page.width, page.height]
        if not all(isinstance(size, float | int) and math.isfinite(size) for size in sizes):
            raise UnreadableValue(f"page {page.number} has a box that is none")


def _check_metadata(metadata: Metadata | Given) -> None:
    values = [metadata.title, metadata.publisher, metadata.url, metadata.language]
    values += [metadata.agency] if isinstance(metadata, Metadata) else []
    if not all(value is None or isinstance(value, str) for value in values):
        raise UnreadableValue("its metadata has a value that is no text")
    if not all(isinstance(author, str) for author in metadata.authors):
        raise UnreadableValue("its metadata has an author that is no text")
    for value in metadata.extra.values():
        if not all(isinstance(each, str | int | float) for each in (value if isinstance(value, tuple) else (value,))):
            raise UnreadableValue("an extra field in its metadata is neither a string, a number nor a boolean")


def _check_paragraph(paragraph: Paragraph, length: int) -> None:
    _check_spans(paragraph.segments, length, f"paragraph {paragraph.number}")
    lines = (paragraph.line_start, paragraph.line_end)
    if not all(type(line) is int for line in lines):
        raise UnreadableValue(f"paragraph {paragraph.number} has lines that are no numbers")
    for sentence in paragraph.sentences:
        name = f"a sentence of paragraph {paragraph.number}"
        _check_spans([Span(start=sentence.start, end=sentence.end)], len(paragraph.text), name)
        _check_spans(sentence.segments, length, name)


def _check_heading(heading: Heading, length: int, paragraphs: int) -> None:
    _check_spans(heading.segments, length, "a heading")
    if heading.kind not in get_args(HeadingKind) or not isinstance(heading.text, str) or not heading.segments:
        raise UnreadableValue("a heading has no text, or is of an unknown kind")
    numbers = (heading.line_start, heading.line_end, heading.above)
    if not all(type(number) is int for number in numbers) or not 1 <= heading.above <= paragraphs + 1:
        raise UnreadableValue("a heading has a place that is none")


def _check_spans(spans: Sequence[Span], length: int, name: str) -> None:
    for span in spans:
        if type(span.start) is not int or type(span.end) is not int or not 0 <= span.start <= span.end <= length:
            raise UnreadableValue(f"{name} is at {span.start} to {span.end}, outside of its {length} characters")


def _check_vectors(
    catalog: Catalog, document_id: str, paragraphs: Sequence[Paragraph], manifest: Mapping[str, str]
) -> None:
    dimension = int(manifest["dimension"])
    token_width = _token_width(manifest)
    stored = catalog.stored_vectors(document_id)
    if len(stored) != len(paragraphs):
        raise UnreadableValue(f"it has vectors for {len(stored)} of {len(paragraphs)} paragraphs")
    for paragraph, (vector, sentences, tokens) in zip(paragraphs, stored, strict=True):
        sizes = (len(vector), len(sentences), len(tokens) % token_width)
        if sizes != (dimension * FLOAT_BYTES, dimension * FLOAT_BYTES * max(len(paragraph.sentences), 1), 0):
            raise UnreadableValue(f"the vectors of paragraph {paragraph.number} have another length")
        loaded = vectors_of(vector, sentences, tokens)
        if not (np.isfinite(loaded.paragraph).all() and np.isfinite(loaded.sentences).all()):
            raise UnreadableValue(f"the vectors of paragraph {paragraph.number} are not finite")


def _token_width(manifest: Mapping[str, str]) -> int:
    """Return the number of bytes of a packed token; 1, which accepts any length, for a token head of another version.

    Raises UnreadableValue.
    """
    dimension = int(manifest["dimension"])
    try:
        files = dict(json.loads(manifest["model_files"]))
    except serialization.PARSE_ERRORS as error:
        raise UnreadableValue("the list of the model's files cannot be read") from error
    model = ModelIdentity(name=manifest["model"], sha256=manifest["model_sha256"], dimension=dimension, files={})
    head, stored_head = token_head_for(model), files.get(TOKEN_HEAD_FILE.name)
    if head is None and stored_head is None:
        return max(dimension, 1)
    return head.projection.shape[1] if head is not None and head.sha256 == stored_head else 1
