"""Checks every citation that an index can give against the stored sources, and the sources against their files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from wherefrom.index.answering.citations import check_segments
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.collection.audits import Audit, Claim, Mismatch
from wherefrom.index.engine import Progress
from wherefrom.index.errors import IndexUnusable, SourceRejected
from wherefrom.index.extraction import ExtractedPage
from wherefrom.index.segments import base_store
from wherefrom.index.sources.file_formats import contains_source
from wherefrom.index.storage import integrity, schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.types import Heading, Paragraph, RawSource, Source, Span

EXTRACTION_SECONDS_PER_MIB, EXTRACTION_MIB = 120.0, 4_096
"""Limits of extracting a text again: higher than the defaults of indexing, whose limits may have been raised."""


class AuditedConnection(Protocol):
    """The part of a catalog's connection that checks need."""

    def snapshot(self) -> AbstractContextManager[object]:
        """Read one state, isolated from concurrent writes."""

    def translating_errors(self) -> AbstractContextManager[None]:
        """Translate the database's errors into our own."""


class AuditedCatalog(Protocol):
    """The part of an engine's catalog that checks need; see `storage.catalog.Catalog`."""

    @property
    def connection(self) -> AuditedConnection:
        """The connection that the documents are read with."""

    def manifest(self) -> Mapping[str, str]:
        """Return the model, the cleaner and the counts of the collection."""

    def sources(self) -> Iterator[Source]:
        """Yield the source of every document, ordered by id."""

    def source(self, document_id: str) -> Source:
        """Return the source of one document. Raises DocumentNotFound."""

    def raw(self, document_id: str) -> bytes:
        """Return the bytes of a source."""

    def text(self, document_id: str) -> str:
        """Return the text that a document's offsets refer to."""

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return a document's paragraphs, in order."""

    def headings(self, document_id: str) -> tuple[Heading, ...]:
        """Return a document's headings, in order."""

    def pages(self, document_id: str) -> tuple[ExtractedPage, ...]:
        """Return the pages of a document, in order."""


def verify_catalog(catalog: AuditedCatalog, progress: Progress | None = None, *, check: Callable[[], None]) -> Audit:
    """Check the whole catalog, re-read every source, and check the citation of each paragraph, sentence and heading.

    `check` compares the stored data with the digests of the documents, and raises IndexDamaged.
    """
    check()
    with catalog.connection.snapshot(), _extractions() as pool:
        sources = list(catalog.sources())
        paragraphs = sentences = headings = 0
        mismatches: list[Mismatch] = []
        by_file = sorted(sources, key=lambda source: str(source.path or ""))  # a file of several articles is read once
        for done, source in enumerate(by_file, 1):
            stored = catalog.paragraphs(source.document_id)
            paragraphs += len(stored)
            sentences += sum(len(paragraph.sentences) for paragraph in stored)
            stored_headings = catalog.headings(source.document_id)
            headings += len(stored_headings)
            mismatches += _check_source(source, stored, stored_headings, catalog.text(source.document_id))
            if source.extractor is not None:
                mismatches += _check_extraction(catalog, source, pool)
            if progress:
                progress(done, len(sources))
    mismatches.sort(key=lambda mismatch: mismatch.document_id)
    return Audit(
        documents=len(sources),
        paragraphs=paragraphs,
        sentences=sentences,
        headings=headings,
        mismatches=tuple(mismatches),
    )


def verify_document(catalog: AuditedCatalog, document_id: str, *, check: Callable[[], None]) -> Audit:
    """Check one document and re-read its source. Raises DocumentNotFound, and IndexDamaged if `check` fails.

    `check` compares the stored document with its digest.
    """
    with catalog.connection.snapshot(), catalog.connection.translating_errors(), _extractions() as pool:
        source = catalog.source(document_id)
        check()
        stored, headings = catalog.paragraphs(document_id), catalog.headings(document_id)
        mismatches = tuple(_check_source(source, stored, headings, catalog.text(document_id)))
        if source.extractor is not None:
            mismatches += tuple(_check_extraction(catalog, source, pool))
    return Audit(
        documents=1,
        paragraphs=len(stored),
        sentences=sum(len(paragraph.sentences) for paragraph in stored),
        headings=len(headings),
        mismatches=mismatches,
    )


def verify_folder(data: Path, progress: Progress | None = None) -> Audit:
    """Verify a data folder without opening a library or its model. Raises IndexUnusable."""
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index; run `wherefrom index PATH ...`")
    catalog = Catalog(Connection(path))
    try:
        with catalog.connection.snapshot() as db:
            schema.check_schema(db, path)
        audit = verify_catalog(catalog, progress, check=lambda: integrity.check(catalog.connection))
        return replace(audit, damaged=tuple(base_store.find_damage(data / base_store.DERIVED_FOLDER)))
    finally:
        catalog.close()


def _check_source(
    source: Source, paragraphs: Sequence[Paragraph], headings: Sequence[Heading], text_of_source: str
) -> Iterator[Mismatch]:
    """Check the file of a source and its citations; the caller has compared the hashes of bytes and text."""
    if (problem := _file_problem(source)) is not None:
        yield Mismatch(
            document_id=source.document_id, source=source.source, paragraph=None, sentence=None, reason=problem
        )
    for paragraph in paragraphs:
        whole: list[tuple[int | None, str, tuple[Span, ...]]] = [(None, paragraph.text, paragraph.segments)]
        parts = [(n, paragraph.text[s.start : s.end], s.segments) for n, s in enumerate(paragraph.sentences, 1)]
        for number, text, segments in [*whole, *parts]:
            reason = _citation_problem(source, text, segments, text_of_source)
            if reason is not None:
                yield Mismatch(
                    document_id=source.document_id,
                    source=source.source,
                    paragraph=paragraph.number,
                    sentence=number,
                    reason=reason,
                )
    for heading in headings:
        reason = _citation_problem(source, heading.text, heading.segments, text_of_source)
        if reason is not None:
            yield Mismatch(
                document_id=source.document_id,
                source=source.source,
                paragraph=None,
                sentence=None,
                reason=f"the {heading.kind} on line {heading.line_start}: {reason}",
            )


def _extractions() -> ExtractionPool:
    """Return a pool that starts its process at the first extraction."""
    return ExtractionPool(seconds_per_mib=EXTRACTION_SECONDS_PER_MIB, memory_mib=EXTRACTION_MIB)


def _check_extraction(catalog: AuditedCatalog, source: Source, pool: ExtractionPool) -> Iterator[Mismatch]:
    """Extract a source again, in a process with limits, and compare text and pages with the stored ones.

    Another version of the extractor or of the cleaner may give another text; then only the stored hashes are checked.
    """
    if catalog.manifest()["cleaner"] != CLEANER_VERSION:
        return
    raw_source = RawSource(
        name=source.source,
        raw=catalog.raw(source.document_id),
        media_type=source.media_type,
        given=source.given,
    )
    reason = None
    try:
        extraction = pool.extract(raw_source).extraction
    except SourceRejected as error:
        reason = f"its text cannot be extracted again: {error.reason}"
    else:
        if extraction is not None and extraction.extractor == source.extractor:
            stored = (catalog.text(source.document_id), catalog.pages(source.document_id))
            if (extraction.text, extraction.pages) != stored:
                reason = "extracting its text again gives another text, or other places on the pages"
    if reason is not None:
        yield Mismatch(
            document_id=source.document_id, source=source.source, paragraph=None, sentence=None, reason=reason
        )


def _citation_problem(source: Source, text: str, segments: tuple[Span, ...], text_of_source: str) -> str | None:
    """Return the reason why a text differs from the source at its segments, `None` if it does not."""
    claim = Claim(
        document_id=source.document_id, cited_text=text, source_sha256=source.source_sha256, segments=segments
    )
    verdict = check_segments(claim, text_of_source, source.media_type)
    return None if verdict.valid else verdict.reason or ""


def _file_problem(source: Source) -> str | None:
    """Return the problem of a file that is missing or has changed since it was indexed; `None` if there is no problem.

    A document that was not read from a file has none.
    """
    if source.path is None:
        return None
    try:
        held = contains_source(source.path, source.source_sha256)
    except OSError as error:
        return f"the file cannot be read where it was indexed ({error.strerror}); index it again where it is now"
    if not held:
        return "the file has changed since it was indexed; run `wherefrom index` on it again"
    return None
