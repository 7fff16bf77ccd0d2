"""Checks every citation that an index can give against the stored sources, and the sources against their files."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from wherefrom.index.answering.citations import check_segments
from wherefrom.index.audits import Audit, Claim, Mismatch
from wherefrom.index.engine import Progress
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.segments import base_store
from wherefrom.index.sources.file_formats import contains_source
from wherefrom.index.storage import integrity, schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.types import Heading, Paragraph, Source, Span


def verify_catalog(catalog: Catalog, progress: Progress | None = None) -> Audit:
    """Check the whole catalog, re-read every source, and check the citation of each paragraph, sentence and heading."""
    integrity.check(catalog.connection)
    with catalog.connection.snapshot():
        sources = list(catalog.sources())
        paragraphs = sentences = headings = 0
        mismatches: list[Mismatch] = []
        for done, source in enumerate(sources, 1):
            stored = catalog.paragraphs(source.document_id)
            paragraphs += len(stored)
            sentences += sum(len(paragraph.sentences) for paragraph in stored)
            stored_headings = catalog.headings(source.document_id)
            headings += len(stored_headings)
            mismatches += _check_source(source, stored, stored_headings, catalog.raw(source.document_id))
            if progress:
                progress(done, len(sources))
    return Audit(
        documents=len(sources),
        paragraphs=paragraphs,
        sentences=sentences,
        headings=headings,
        mismatches=tuple(mismatches),
    )


def verify_document(catalog: Catalog, document_id: str) -> Audit:
    """Check one document and re-read its source. Raises DocumentNotFound, and IndexDamaged if it is not as stored."""
    with catalog.connection.snapshot(), catalog.connection.translating_errors():
        source = catalog.source(document_id)
        integrity.check_document(catalog.connection, document_id)
        stored, headings = catalog.paragraphs(document_id), catalog.headings(document_id)
        mismatches = tuple(_check_source(source, stored, headings, catalog.raw(document_id)))
    return Audit(
        documents=1,
        paragraphs=len(stored),
        sentences=sum(len(paragraph.sentences) for paragraph in stored),
        headings=len(headings),
        mismatches=mismatches,
    )


def verify_folder(data: Path, progress: Progress | None = None) -> Audit:
    """Verify a data folder that no process need have open, whatever model it was made with. Raises IndexUnusable."""
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index; run `wherefrom index PATH ...`")
    catalog = Catalog(Connection(path))
    try:
        with catalog.connection.snapshot() as db:
            schema.check_schema(db, path)
        audit = verify_catalog(catalog, progress)
        return replace(audit, damaged=tuple(base_store.find_damage(data / base_store.DERIVED_FOLDER)))
    finally:
        catalog.close()


def _check_source(
    source: Source, paragraphs: Sequence[Paragraph], headings: Sequence[Heading], raw: bytes
) -> Iterator[Mismatch]:
    if (problem := _file_problem(source)) is not None:
        yield Mismatch(
            document_id=source.document_id, source=source.source, paragraph=None, sentence=None, reason=problem
        )
    text_of_source = raw.decode(source.encoding, source.errors)  # `integrity.check` has compared the hash
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


def _citation_problem(source: Source, text: str, segments: tuple[Span, ...], text_of_source: str) -> str | None:
    """Return why a text is not what stands at its segments, or `None`."""
    claim = Claim(
        document_id=source.document_id, cited_text=text, source_sha256=source.source_sha256, segments=segments
    )
    verdict = check_segments(claim, text_of_source, source.media_type)
    return None if verdict.valid else verdict.reason or ""


def _file_problem(source: Source) -> str | None:
    """Return why a document's file is not the one that was indexed; `None` if it is, or if it was no file."""
    if source.path is None:
        return None
    try:
        held = contains_source(source.path, source.source_sha256)
    except OSError as error:
        return f"the file cannot be read where it was indexed ({error.strerror}); index it again where it is now"
    if not held:
        return "the file has changed since it was indexed; run `wherefrom index` on it again"
    return None
