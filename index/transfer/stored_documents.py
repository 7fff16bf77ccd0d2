"""Stored documents with their vectors, read from a catalog and checked."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from wherefrom.index.collection.corrections import Corrections, corrected
from wherefrom.index.embedding.paragraph_vectors import DocumentVectors
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.embedding.token_head import model_files_with_head
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.extraction import ExtractedPage, Extraction
from wherefrom.index.storage import integrity, schema
from wherefrom.index.storage.catalog import Catalog
from wherefrom.index.storage.catalog_pool import open_for_reading
from wherefrom.index.storage.digests import document_digest
from wherefrom.index.types import Document, Dropped, Heading, Metadata, Paragraph, Source

OnDocument = Callable[[str], None]
"""Called with the id of each finished document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """Everything that an engine stores of a document.

    The metadata of `document` is without `corrections`; `digest` is its etag, which covers both. `path` is the file
    that it was read from, `None` without one. `vectors` has the vectors of each paragraph, or is `None` for a document
    that is not embedded yet.
    """

    document_id: str
    path: Path | None
    document: Document
    corrections: Corrections
    vectors: DocumentVectors | None
    digest: str

    @property
    def metadata(self) -> Metadata:
        """The metadata as it is shown: read, given and corrected."""
        return corrected(self.document.metadata, self.corrections) if self.corrections else self.document.metadata

    def computed_digest(self) -> str:
        """Return the digest of the contents; it differs from `digest` if they are not those that were stored."""
        return document_digest(self.document_id, replace(self.document, metadata=self.metadata))


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionIdentity:
    """The model and cleaner version of a collection, its counts and its corpus hash.

    `model_files` has the SHA-256 of every file that the vectors depend on, by name. `corpus` is the sum of all digests.
    """

    model: str
    model_sha256: str
    model_files: Mapping[str, str]
    dimension: int
    cleaner: str
    corpus: str
    documents: int
    paragraphs: int

    def matches(self, model: ModelIdentity, cleaner: str) -> bool:
        """Return whether the vectors and paragraphs were made with this model and this cleaner version."""
        made_with = (self.model_sha256, self.dimension, dict(self.model_files), self.cleaner)
        return made_with == (model.sha256, model.dimension, dict(model_files_with_head(model)), cleaner)


class DocumentCatalog(Protocol):
    """The methods of either engine's catalog that read a document.

    For an unknown id they raise DocumentNotFound or return an empty value.
    """

    def source(self, document_id: str) -> Source:
        """Return the source of a document."""

    def corrections(self, document_id: str) -> tuple[Corrections, Metadata] | None:
        """Return the corrections, and the metadata without them; `None` without corrections."""

    def text(self, document_id: str) -> str:
        """Return the text that offsets refer to."""

    def pages(self, document_id: str) -> tuple[ExtractedPage, ...]:
        """Return the pages, in order."""

    def raw(self, document_id: str) -> bytes:
        """Return the bytes of the source."""

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs, in order."""

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return the headings, in order."""

    def dropped(self, document_id: str) -> tuple[Dropped, ...]:
        """Return the ranges that cleaning dropped."""

    def vectors(self, document_id: str) -> DocumentVectors:
        """Return the vectors of the paragraphs, in order."""

    def digest(self, document_id: str) -> str | None:
        """Return the digest of the contents."""


class StoredCollection:
    """One state of a data folder's catalog, unaffected by concurrent writes. For one thread."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        manifest = catalog.manifest()
        self.revision = int(manifest["revision"])
        self.identity = identity_of(manifest)

    def documents(self, ids: Iterable[str] | None = None) -> Iterator[StoredDocument]:
        """Yield every document, or those with these ids; each is compared with its digests. Raises IndexDamaged."""
        for document_id in self.ids() if ids is None else ids:
            yield self._document(document_id)

    def ids(self) -> Iterator[str]:
        """Yield the id of every document, ordered."""
        return self._catalog.ids()

    def changed_since(self, revision: int) -> tuple[list[str], list[str]]:
        """Return the ids of documents that were put after a revision, and of those that were removed."""
        put, removed = self._catalog.changed_since(revision)
        return put, [document_id for document_id in removed if self._catalog.digest(document_id) is None]

    def digest_and_path(self, document_id: str) -> tuple[str, Path | None] | None:
        """Return a document's digest and the file that it was read from, `None` if there is no such document."""
        return self._catalog.digest_and_path(document_id)

    def digests(self) -> Iterator[tuple[str, str]]:
        """Yield the id and the digest of every document, ordered by id."""
        return self._catalog.digests()

    def check_model(self, model: ModelIdentity, cleaner: str) -> None:
        """Raise IndexMismatch unless the collection was made with this model and this version of the cleaner."""
        schema.check_manifest(self._catalog.manifest(), self._catalog.connection.path, model, cleaner)

    def _document(self, document_id: str) -> StoredDocument:
        connection = self._catalog.connection
        with connection.translating_errors():
            integrity.check_document(connection, document_id)
            return read_document(self._catalog, document_id, str(connection.path))


def identity_of(manifest: Mapping[str, str]) -> CollectionIdentity:
    """Return the identity of a collection from the manifest of its catalog."""
    return CollectionIdentity(
        model=manifest["model"],
        model_sha256=manifest["model_sha256"],
        model_files=json.loads(manifest["model_files"]),
        dimension=int(manifest["dimension"]),
        cleaner=manifest["cleaner"],
        corpus=manifest["corpus"],
        documents=int(manifest["documents"]),
        paragraphs=int(manifest["passages"]),
    )


def read_document(catalog: DocumentCatalog, document_id: str, place: str) -> StoredDocument:
    """Read everything that is stored of a document. Raises IndexUnusable, naming `place`, if its digest differs.

    The caller has checked that the stored values are undamaged.
    """
    source = catalog.source(document_id)
    corrections, read_metadata = catalog.corrections(document_id) or ({}, source.metadata)
    extraction = None
    if source.extractor is not None and source.text_sha256 is not None:
        extraction = Extraction(
            text=catalog.text(document_id),
            text_sha256=source.text_sha256,
            extractor=source.extractor,
            pages=catalog.pages(document_id),
        )
    document = Document(
        source=source.source,
        raw=catalog.raw(document_id),
        source_sha256=source.source_sha256,
        encoding=source.encoding,
        errors=source.errors,
        media_type=source.media_type,
        given=source.given,
        metadata=read_metadata,
        paragraphs=catalog.paragraphs(document_id),
        headings=catalog.headings(document_id),
        dropped=catalog.dropped(document_id),
        extraction=extraction,
    )
    stored = StoredDocument(
        document_id=document_id,
        path=source.path,
        document=document,
        corrections=corrections,
        vectors=catalog.vectors(document_id),
        digest=catalog.digest(document_id) or "",
    )
    if stored.computed_digest() != stored.digest:
        raise IndexUnusable(f"{place}: {document_id} cannot be copied: read again, it has another digest")
    return stored


@contextmanager
def open_collection(data: Path) -> Iterator[StoredCollection]:
    """Hold one state of a data folder made with any model. Raises IndexUnusable, IndexMismatch."""
    catalog = open_for_reading(data)
    try:
        with catalog.connection.snapshot():
            yield StoredCollection(catalog)
    finally:
        catalog.close()
