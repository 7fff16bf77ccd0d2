"""Checking every citation that an index could give, against the files themselves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from wherefrom.index.answering.citations import check_segments
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.segments import base_store
from wherefrom.index.sources.file_formats import contains_source
from wherefrom.index.storage import integrity, schema
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Database
from wherefrom.index.types import Audit, Claim, Mismatch, Paragraph, Source, Span

Progress = Callable[[int, int], None]


def audit(catalog: Catalog, progress: Progress | None = None) -> Audit:
    """Check the catalog whole, re-read every source, and check every paragraph's and sentence's citation."""
    integrity.check(catalog.database)
    with catalog.database.snapshot():
        sources = list(catalog.sources())
        paragraphs = sentences = 0
        mismatches: list[Mismatch] = []
        for done, source in enumerate(sources, 1):
            stored = catalog.paragraphs(source.document_id)
            paragraphs += len(stored)
            sentences += sum(len(paragraph.sentences) for paragraph in stored)
            mismatches += _check_source(source, stored, catalog.raw(source.document_id))
            if progress:
                progress(done, len(sources))
    return Audit(documents=len(sources), paragraphs=paragraphs, sentences=sentences, mismatches=tuple(mismatches))


def audit_folder(data: Path, progress: Progress | None = None) -> Audit:
    """`audit` of a data folder that nobody has open, whatever model it was made with. Raises IndexUnusable."""
    path = data / CATALOG
    if not path.exists():
        raise IndexUnusable(f"{data} holds no index; run `wherefrom index PATH ...`")
    catalog = Catalog(Database(path))
    try:
        with catalog.database.snapshot() as db:
            schema.check_schema(db, path)
        found = audit(catalog, progress)
        return replace(found, damaged=tuple(base_store.problems(data / base_store.DERIVED)))
    finally:
        catalog.close()


def _check_source(source: Source, paragraphs: Sequence[Paragraph], raw: bytes) -> Iterator[Mismatch]:
    if (problem := _file_problem(source)) is not None:
        yield Mismatch(
            document_id=source.document_id, source=source.source, paragraph=None, sentence=None, reason=problem
        )
    text_of_source = raw.decode(source.encoding)  # `integrity.check` has compared the hash
    for paragraph in paragraphs:
        whole: list[tuple[int | None, str, tuple[Span, ...]]] = [(None, paragraph.text, paragraph.segments)]
        parts = [(n, paragraph.text[s.start : s.end], s.segments) for n, s in enumerate(paragraph.sentences, 1)]
        for number, text, segments in [*whole, *parts]:
            claim = Claim(
                document_id=source.document_id,
                cited_text=text,
                source_sha256=source.source_sha256,
                segments=segments,
            )
            verdict = check_segments(claim, text_of_source, source.media_type)
            if not verdict.valid:
                yield Mismatch(
                    document_id=source.document_id,
                    source=source.source,
                    paragraph=paragraph.number,
                    sentence=number,
                    reason=verdict.reason or "",
                )


def _file_problem(source: Source) -> str | None:
    """Why a document's file is not the one that was indexed; null if it is, or if it never was a file."""
    if source.path is None:
        return None
    try:
        held = contains_source(source.path, source.source_sha256)
    except OSError as error:
        return f"the file cannot be read where it was indexed ({error.strerror}); index it again where it is now"
    if not held:
        return "the file has changed since it was indexed; run `wherefrom index` on it again"
    return None
